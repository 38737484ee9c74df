#!/bin/bash
# Who may do what: needs root, to become somebody else. Skipped (77) for anybody else.
[ "$(id -u)" -eq 0 ] || exit 77
. "$(dirname "$0")/lib.sh"
configured_machine
chmod 755 "$work"

# Everybody may look.
expect 0 as_nobody lsdev -l tmscsi1 -F status
output_is <<<"Available"
expect 0 as_nobody odmcfg kexstat -l tmscsi1.tm -F open

# Configuration is the owner's.
odmget CuDv CuAt CuDvDr >"$work/before"
expect 1 as_nobody chdev -l tmscsi1 -a num_bufs=64
expect 1 as_nobody rmdev -l tmscsi1
printf 'CuAt:\n\tname = x\n' | expect 1 as_nobody odmadd
error_has "permissions do not allow it"
expect 1 as_nobody odmcfg kexd --stop
error_has "only root and the owner"
expect 0 odmget CuDv CuAt CuDvDr
output_is <"$work/before"

# The mode of the special file says who may open it, and for what.
expect 1 as_nobody odmcfg tmrecv -l tmscsi1 --bytes 1
error_has "Permission denied"
chmod 664 "$ODMCFG_ROOT/special/tmscsi1.tm"
echo x | odmcfg tmsend -l tmscsi0 &
expect 0 as_nobody odmcfg tmrecv -l tmscsi1 --bytes 2 --timeout 30s
output_is <<<"x"
wait
expect 1 as_nobody odmcfg scsifault -l scsi1 reset
error_has "Permission denied"

# Owner and mode are attributes of the device.
expect 1 chdev -l tmscsi1 -a file_mode=0990
error_has "file_mode=0990 of tmscsi1: not an octal mode"
expect 1 chdev -l tmscsi1 -a file_owner=nobody:nosuchgroup
error_has "there is no such group"
expect 0 chdev -l tmscsi1 -a file_owner=65534:65534 -a file_mode=0600
[ "$(stat -c '%u %g %a' "$ODMCFG_ROOT/special/tmscsi1.tm")" = "65534 65534 600" ] || fail "owner"
echo y | odmcfg tmsend -l tmscsi0 &
expect 0 as_nobody odmcfg tmrecv -l tmscsi1 --bytes 2 --timeout 30s
output_is <<<"y"
wait

# Who may write a special file can't make it another device by that.
numbers=$(cat "$ODMCFG_ROOT/special/scsi1")
as_nobody sh -c "echo '$numbers' >'$ODMCFG_ROOT/special/tmscsi1.im'" || fail "not the owner's"
printf x | expect 1 as_nobody odmcfg tmsend -l tmscsi1
error_has "not configured"
expect 0 mkdev -l tmscsi1
expect 0 rmdev -l tmscsi1
expect 0 mkdev -l tmscsi1
grep -q "$numbers" "$ODMCFG_ROOT/special/tmscsi1.im" && fail "the special file was not made again"

# A special file of one's own making opens nothing.
mkdir "$work/own" && mkdir "$work/own/special" && ln -s "$ODMCFG_ROOT/run" "$work/own/run"
cp "$ODMCFG_ROOT/special/scsi1" "$work/own/special/scsi1"
chown -R 65534 "$work/own"
ODMCFG_ROOT=$work/own expect 1 as_nobody odmcfg scsifault -l scsi1 reset
error_has "No such device or address"
