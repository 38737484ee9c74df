#!/bin/bash
# iscsi_faults STAGE BLOCK_IO ROUNDS: the target stops answering, or is killed, in the middle of
# reads and writes of 4 KiB to 1 MiB. Every call ends, well or with an error; what was written and
# told to be is there, and of what failed either all blocks are old or new ones.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/iscsi_lib.sh"
block_io=$2
storm=$3
rounds=$4
make_unit 1 64M
start_target

expect 0 odmcfg init
: >"$ODMCFG_ROOT/etc/machine.cfg"
expect 0 cfgmgr
use_target reconnect_time=20 poll_interval=1
expect 0 "$storm" hdisk0 prepare

drop_sessions() { odmcfg scsifault -l iscsi0 drop 2>/dev/null; }

# The storm runs all the time; beside it the target is stopped for a while, or killed.
"$storm" hdisk0 run "$work/end" >"$work/storm" 2>&1 &
storm_process=$!
for round in $(seq "$rounds"); do
	sleep "0.$((RANDOM % 3 + 1))"
	kill -0 $storm_process 2>/dev/null || fail "the storm ended in round $round: $(cat "$work/storm")"
	case $((round % 4)) in
	0)
		kill_target
		start_target
		;;
	1)
		# Shorter than it takes to notice.
		kill -STOP $tgt_process
		sleep 0.2
		kill -CONT $tgt_process
		;;
	2)
		# Longer than that: the session is another one when it goes on.
		kill -STOP $tgt_process
		sleep 2.5
		kill -CONT $tgt_process
		;;
	3) await drop_sessions ;;
	esac
done
touch "$work/end"
wait $storm_process || fail "the storm: $(cat "$work/storm")"
cat "$work/storm"
expect 0 "$storm" hdisk0 check "$work/units/unit1"
# An open that gets no answer ends while the host still has patience, and keeps nobody else waiting.
kill -STOP $tgt_process
before=$SECONDS
expect 1 "$block_io" hdisk0 read 0 4096
[ $((SECONDS - before)) -le 15 ] || fail "an open took $((SECONDS - before)) s"
expect 0 odmcfg kexstat -l hdisk0
kill -CONT $tgt_process
readable() { "$block_io" hdisk0 read 0 4096 >/dev/null 2>&1; }
await readable
! logged KEX_HANG || fail "$(error_log)"
! logged KEX_CRASH || fail "the driver crashed"
