#!/bin/bash
# The events of real targets reach the example driver of writing-a-driver.md, as it is there.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/iscsi_lib.sh"
block_io=$2
example=$3
cp "$example"/watch.* "$work"
cp -a "$stage" "$work/installed"
eval "$("$work/installed/bin/odmcfg" env)"
make_unit 1 64M
start_target

expect 0 odmcfg init
: >"$ODMCFG_ROOT/etc/machine.cfg"
expect 0 cfgmgr
use_target poll_interval=1 reconnect_time=3 retries=2 retry_delay=1

# Another initiator's reset, and whether it was answered.
reset_unit() { "$reset" "127.0.0.1:$port" $target_name 1 >"$work/reset" 2>&1 || fail "reset: $(cat "$work/reset")"; }
reset=$4
gcc -std=c17 -Wall -Wextra -fPIC -shared -I"$work/installed/include/odmcfg" \
	-o "$work/installed/lib/odmcfg/drivers/watch.so" "$work/watch.c" || fail "the example does not compile"
expect 0 odmcfg schema load "$work/watch.cfg"
expect 0 mkdev -c watch -s scsi -t watch -p iscsi0 -w 0,1 -a scsi_id=0 -a lun_id=1

# What it reads, a line each event.
reader() { "$block_io" watch0 lines >>"$work/events" 2>/dev/null; }
: >"$work/events"
reader &
reader=$!
open_now() { [ "$(counter watch0 open)" = 1 ]; }
await open_now
has() { [ "$(grep -c "$1" "$work/events")" -ge "$2" ]; }

# A reset by another initiator is told within the poll interval, and once.
sleep 1.5
! [ -s "$work/events" ] || fail "an event of a fresh login: $(cat "$work/events")"
for round in 1 2 3; do
	reset_unit
	begin=$(date +%s%N)
	await has 0x4 $round
	took=$((($(date +%s%N) - begin) / 1000000))
	[ $took -le 1400 ] || fail "the reset was told after $took ms"
	echo "reset $round told after $took ms, poll_interval 1 s"
done
sleep 1.2
[ "$(grep -c 0x4 "$work/events")" = 3 ] || fail "events: $(cat "$work/events")"
logged "SCSI_RESET iscsi0 LUN 1 of target 0, $target_name: reset, unit attention 29/" || fail "log: $(error_log)"
# So does one that an administrator asks for.
expect 0 odmcfg scsifault -l iscsi0 reset
await has 0x4 4
for refused in cmdfail fatal; do
	expect 1 odmcfg scsifault -l iscsi0 $refused
	error_has "not supported"
done

# Other units: the administrator is told what looks for them.
make_unit 2 64M
add_unit 2
await logged "ISCSI_LUNS iscsi0 target 0, $target_name has other logical units: cfgmgr -l iscsi0 looks for them"
expect 0 cfgmgr -l iscsi0
expect 0 lsdev -l hdisk1 -F status
output_is <<<Available

# A command that stays failed: the other unit's file has lost what is asked for.
truncate -s 0 "$work/units/unit2"
expect 1 "$block_io" hdisk1 read 0 4096
error_has "read: Input/output error"
truncate -s 64M "$work/units/unit2"
await has 0x2 1
logged "SCSI_ERR2 iscsi0 LUN 2 of target 0, $target_name: command 0x28 failed 3 times: sense data 70 00 03" ||
	fail "log: $(error_log)"
expect 0 odmcfg errpt
output_has "ADAPTER COMMAND FAILED"
output_has "LOGICAL UNITS CHANGED"
expect 0 odmcfg errpt -a
output_has "sense data 70 00 03"

# A session that is dropped comes back; nobody is told but the log.
before=$(wc -l <"$work/events")
expect 0 odmcfg scsifault -l iscsi0 drop
await logged "there is a session again after"
head -c 1M /dev/urandom >"$work/data"
expect 0 "$block_io" hdisk1 write 0 <"$work/data"
expect 0 "$block_io" hdisk1 read 0 1048576
cmp "$work/data" "$work/out" || fail "other data"
[ "$(wc -l <"$work/events")" = "$before" ] || fail "events: $(cat "$work/events")"

# The target is gone for longer than the reconnect time.
kill_target
await has 0x1 1
logged "SCSI_ERR1 iscsi0 target 0, $target_name at 127.0.0.1:$port: no session for 3 seconds" || fail "log: $(error_log)"
expect 1 "$block_io" hdisk1 read 0 4096
# ... and comes back.
start_target
usable() { "$block_io" hdisk1 read 0 1048576 >"$work/back" 2>/dev/null; }
await usable
cmp "$work/data" "$work/back" || fail "other data"
kill $reader
