#!/bin/bash
# Paths of the machine's own disks, with and without a map and a daemon, on made trees. The daemon is
# a made one, too. Usage: multipath.sh STAGE FAKE_MULTIPATHD
# Its socket has a name that only this test's network namespace has.
if [ "${MULTIPATH_NAMESPACE:-}" != 1 ]; then
	unshare -n true 2>/dev/null || exit 77
	MULTIPATH_NAMESPACE=1 exec unshare -n "$0" "$@"
fi
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bigger_tree.sh"
daemon=$2

paths() { lspath -F "status:name:parent" | sort; }
paths_are() {
	diff -u - <(paths) >&2 || fail "the paths differ"
}
# state PATH: of its SCSI device.
state() { has "block/$1/device/state"; }

mkdir -p "$tree/block"
fc_port 5
fc_port 6
# hdisk0 has a map over its paths, hdisk1 has none.
fc_disk 5 0 sda 0
fc_disk 6 0 sdb 16
fc_disk 5 1 sdc 32
fc_disk 6 1 sdd 48
multipath_map mpatha 0 sda sdb
made_machine
expect 0 lsdev -Cc disk -F name
output_is <<'END'
hdisk0
hdisk1
END
paths_are <<'END'
Enabled:hdisk0:fscsi0
Enabled:hdisk0:fscsi1
Enabled:hdisk1:fscsi0
Unmapped:hdisk1:fscsi1
END
expect 0 lspath -s unmapped
output_is <<<"Unmapped hdisk1 fscsi1"
for path in 0:sda 1:sdb; do
	expect 0 lspath -AEl hdisk0 -p fscsi${path%:*} -a os_name -F value
	output_is <<<"${path#*:}"
done
expect 0 lsattr -El hdisk0 -a os_name -F value
output_is <<<dm-0
expect 0 lsattr -El hdisk1 -a os_name -F value
output_is <<<sdc
expect 1 chpath -l hdisk0 -p fscsi0 -a os_name=sdx
odmget CuPath CuPathAt >"$work/before"
expect 0 cfgmgr
odmget CuPath CuPathAt | diff -u "$work/before" - >&2 || fail "a second cfgmgr changed the paths"

# Without a daemon the state of the SCSI device is what counts.
expect 0 chpath -l hdisk0 -s disable -p fscsi0
[ "$(state sda)" = offline ] || fail "sda is $(state sda)"
paths_are <<'END'
Disabled:hdisk0:fscsi0
Enabled:hdisk0:fscsi1
Enabled:hdisk1:fscsi0
Unmapped:hdisk1:fscsi1
END
# The last one stays, however it is asked for.
expect 1 chpath -l hdisk0 -s disable -p fscsi1
error_has "no path that is enabled"
error_has "disable it all the same with --force"
expect 2 chpath -l hdisk0 -p fscsi1 -a priority=2 --force
expect 1 rmpath -l hdisk0 -p fscsi1
error_has "no path that is enabled"
expect 1 rmpath -d -l hdisk0 -p fscsi1
expect 1 rmdev -l fscsi1
[ "$(state sdb)" = running ] || fail "sdb is $(state sdb)"
# Unless it is asked for by force.
expect 0 chpath -l hdisk0 -s disable -p fscsi1 --force
[ "$(state sdb)" = offline ] || fail "sdb is $(state sdb)"
expect 0 chpath -l hdisk0 -s enable -p fscsi1
expect 0 chpath -l hdisk0 -s enable -p fscsi0
[ "$(state sda)" = running ] || fail "sda is $(state sda)"
# A path that no map has does not take over.
expect 1 chpath -l hdisk1 -s disable -p fscsi0
[ "$(state sdc)" = running ] || fail "sdc is $(state sdc)"
expect 0 chpath -l hdisk1 -s disable -p fscsi1
[ "$(state sdd)" = offline ] || fail "sdd is $(state sdd)"
# What was switched off is on again with the next configuration.
expect 0 rmdev -l hdisk1
[ "$(state sdd)" = running ] || fail "sdd is $(state sdd)"
expect 0 mkdev -l hdisk1

# What the kernel has given up is Failed, and can be had back.
lun=devices/pci0000:00/0000:00:05.0/host5/rport-5:0-0/target5:0:0/5:0:0:0
for now in offline blocked transport-offline; do
	put $lun/state $now
	expect 0 lspath -l hdisk0 -p fscsi0 -F status
	output_is <<<Failed
done
expect 1 chpath -l hdisk0 -s disable -p fscsi1
put $lun/state offline
expect 0 chpath -l hdisk0 -s enable -p fscsi0
[ "$(state sda)" = running ] || fail "sda is $(state sda)"

# The kernel gives names anew: what is called sda now is the other path, and is left alone.
expect 0 lspath -l hdisk0 -p fscsi0 -F status
output_is <<<Enabled
ln -sfnr "$tree/block/sdb" "$tree/block/swapped" && mv -T "$tree/block/swapped" "$tree/block/sda"
expect 0 lspath -l hdisk0 -p fscsi0 -F status
output_is <<<Failed
expect 1 chpath -l hdisk0 -s enable -p fscsi0
error_has "sda is not a path of hdisk0 any more"
lead block/sda $lun/block/sda

# daemon_runs ARGUMENTS...: one that knows paths.
daemon_runs() {
	: >"$work/daemon"
	"$daemon" "$@" >"$work/daemon" &
	daemon_process=$!
	await grep -q ready "$work/daemon"
}
daemon_ends() {
	kill "$daemon_process"
	wait "$daemon_process" 2>/dev/null
}
# With a daemon it is told, and its list is read back.
daemon_runs sda sdb
expect 0 chpath -l hdisk0 -s disable -p fscsi0
[ "$(state sda)" = running ] || fail "the daemon's path was made $(state sda)"
expect 0 lspath -l hdisk0 -F "status:parent"
output_is <<'END'
Disabled:fscsi0
Enabled:fscsi1
END
expect 1 chpath -l hdisk0 -s disable -p fscsi1
expect 0 chpath -l hdisk0 -s enable -p fscsi0
expect 0 lspath -l hdisk0 -p fscsi0 -F status
output_is <<<Enabled
daemon_ends
# One that knows no such path says so; one that does nothing is found out.
daemon_runs sdb
expect 1 chpath -l hdisk0 -s disable -p fscsi0
error_has "multipathd says to 'fail path sda': fail"
daemon_ends
daemon_runs -d sda sdb
expect 1 chpath -l hdisk0 -s disable -p fscsi0
error_has "is as it was before"
daemon_ends
expect 0 lspath -l hdisk0 -p fscsi0 -F status
output_is <<<Enabled
