#!/bin/bash
# Whose devices a new root has: the system's own those of the machine, a private one the small
# simulated machine, each another by its options. Skipped (77) where the system's directories can't
# be covered in a mount namespace.
if [ "${HOST_ROOT_INSIDE:-}" != yes ]; then
	[ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null || exit 77
	HOST_ROOT_INSIDE=yes exec unshare -m "$0" "$@"
fi
. "$(dirname "$0")/lib.sh"
schemas=$stage/share/odmcfg/schemas

has_host() { grep -q '^host = "/sys";' "$1"; }

expect 0 odmcfg init
has_host "$ODMCFG_ROOT/etc/machine.cfg" && fail "a private root has the machine's own devices"
rm "$ODMCFG_ROOT/etc/machine.cfg"
expect 0 odmcfg init --host
has_host "$ODMCFG_ROOT/etc/machine.cfg" || fail "--host is not in a private root's description"
expect 0 odmcfg init --host --machine "$schemas/machines/power.cfg"
has_host "$ODMCFG_ROOT/etc/machine.cfg" || fail "--host and --machine are not combined"

# Nothing of the system's own directories is touched.
for directory in /etc /run /var/log; do
	mount -t tmpfs none $directory || exit 77
done
system() { env -u ODMCFG_ROOT odmcfg "$@"; }
expect 0 system init
has_host /etc/odmcfg/machine.cfg || fail "the system's own root has not the machine's devices"
expect 0 system cfgmgr
expect 0 system lsdev -Cc processor
output_has "proc0 Available"
expect 0 system init --machine "$schemas/machines/small.cfg"
has_host /etc/odmcfg/machine.cfg && fail "--machine does not choose the simulation"
# A description that is there stays.
expect 0 system init
has_host /etc/odmcfg/machine.cfg && fail "the description that was there was replaced"
exit 0
