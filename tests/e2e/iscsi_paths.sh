#!/bin/bash
# 64 units by two portals are 64 disks with two paths each; units come and go.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/iscsi_lib.sh"
block_io=$2
for unit in $(seq 64); do make_unit "$unit" 1M; done
start_target
second=$(free_port)
tgt --op new --mode portal --param "portal=127.0.0.1:$second" || fail "no second portal"

expect 0 odmcfg init
: >"$ODMCFG_ROOT/etc/machine.cfg"
expect 0 cfgmgr
# This target names the portal only that it was asked by.
use_target "portal=127.0.0.1:$port,127.0.0.1:$second" reconnect_time=2 poll_interval=1
expect 0 lsdev -p iscsi0 -F "name status"
[ "$(grep -c '^hdisk[0-9]* *Available$' "$work/out")" = 64 ] || fail "disks: $(cat "$work/out")"
expect 0 lspath -F "status name parent connection"
[ "$(grep -c '^Enabled' "$work/out")" = 128 ] || fail "paths: $(cat "$work/out")"
expect 0 lspath -l hdisk5 -F "status connection"
output_is <<END
Enabled 0,6
Enabled 1,6
END
# Each is the unit that its attributes say.
for disk in hdisk0 hdisk33 hdisk63; do
	unit=$(lsattr -El $disk -a lun_id -F value)
	head -c 1M /dev/urandom >"$work/data"
	expect 0 "$block_io" $disk write 0 <"$work/data"
	cmp "$work/data" "$work/units/unit$unit" || fail "$disk is not unit $unit"
done
# Another look changes nothing.
lsdev -p iscsi0 -F "name status connwhere" >"$work/before"
expect 0 cfgmgr -l iscsi0
lsdev -p iscsi0 -F "name status connwhere" >"$work/after"
cmp "$work/before" "$work/after" || fail "another look changes something"

# One portal goes: the disk is read by the other one.
tgt --op delete --mode portal --param "portal=127.0.0.1:$port" || fail "the first portal stays"
expect 0 odmcfg scsifault -l iscsi0 drop
head -c 1M /dev/urandom >"$work/data"
expect 0 "$block_io" hdisk33 write 0 <"$work/data"
expect 0 "$block_io" hdisk33 read 0 1048576
cmp "$work/data" "$work/out" || fail "other data by the second portal"
logged "SCSI_ERR1 iscsi0 target 0, $target_name at 127.0.0.1:$port: no session for 2 seconds" || fail "$(error_log)"
tgt --op new --mode portal --param "portal=127.0.0.1:$port" || fail "the first portal is not back"

# A unit goes, and one comes: its place may be the same.
remove_unit 64
remove_unit 63
make_unit 65 2M
add_unit 65
expect 0 cfgmgr -l iscsi0
expect 0 lsdev -l hdisk64 -F "status"
output_is <<<Available
expect 0 lsattr -El hdisk64 -a size_in_mb -F value
output_is <<<2
expect 0 odmget -q "name=hdisk63" CuDv
output_has "chgstatus = 3"
expect 0 lspath -l hdisk63 -F status
output_is <<END
Missing
Missing
END
add_unit 64
expect 0 cfgmgr -l iscsi0
expect 0 lspath -l hdisk63 -F status
output_is <<END
Enabled
Enabled
END
expect 0 "$block_io" hdisk63 read 0 4096
expect 0 rmdev -Rdl iscsi0
expect 0 lsdev -Cc disk
no_output
