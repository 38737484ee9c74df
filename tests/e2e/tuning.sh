#!/bin/bash
# What an administrator sees of buffers, and the number of them that is advised.
. "$(dirname "$0")/lib.sh"
expect 1 odmcfg tmstat
error_has "cfgmgr configures them"
configured_machine
head -c 2000000 /dev/urandom >"$work/data"

expect 0 odmcfg tmstat
output_has "device     bufs in_use peak full bytes records raised merged delivered advice"
grep -Eq '^tmscsi1.tm +16 +0 +0 +- +0 +0 +0 +0 +0 +-$' "$work/out" || fail "$(cat "$work/out")"
expect 1 odmcfg tmstat -l nosuch
error_has "nosuch is not in the customized database"
for wrong in "-i 0" "-i x" "-n 3" "-i 1 -n 0" "--json --prometheus" "--prometheus -i 1" "more"; do
	expect 2 odmcfg tmstat $wrong
done

# A reader slower than its sender: exhaustion, and advice.
odmcfg tmrecv -l tmscsi1 --bytes 2000000 --delay 300us --events >"$work/copy" 2>"$work/events" &
receiver=$!
await is_open tmscsi1.tm
odmcfg tmstat -l tmscsi1 -i 0.1 -n 600 --json >"$work/json" 2>"$work/err" &
watcher=$!
expect 0 odmcfg tmsend -l tmscsi0 <"$work/data"
wait $receiver || fail "$(cat "$work/events")"
all_looked_at() { tail -n 1 "$work/json" | grep -q '"bytes_total":2000000'; }
await all_looked_at
kill $watcher
wait $watcher 2>/dev/null
grep -Eq "exhausted [0-9]+ times; num_bufs=[0-9]+ would have been" "$work/events" ||
	fail "no advice: $(cat "$work/events")"
python3 - "$work/json" <<'END' || fail "the JSON is wrong: $(cat "$work/json")"
import json, sys
looks = [json.loads(line) for line in open(sys.argv[1]) if line.endswith("]\n")]
assert len(looks) > 1
for look in looks:
    names = [device["device"] for device in look]
    assert names == ["tmscsi1.im", "tmscsi1.tm"], names
receiver = looks[-1][1]
assert receiver["num_bufs"] == 16 and receiver["exhausted_total"] > 0
busy = [look[1] for look in looks if look[1]["bytes_per_second"] > 0]
assert busy and all(16 <= one["recommended_num_bufs"] <= 4096 for one in busy)
assert any(one["recommended_num_bufs"] > 16 for one in busy)
assert all(0 < one["full_share"] <= 1 for one in busy)
END
expect 0 odmcfg tmstat --prometheus
grep -Eq '^odmcfg_tm_exhausted_total\{device="tmscsi1.tm"\} [1-9]' "$work/out" || fail "exhausted"
grep -Eq '^odmcfg_tm_full_seconds_total\{device="tmscsi1.tm"\} [0-9.e-]*[1-9]' "$work/out" ||
	fail "full: $(cat "$work/out")"
grep -Eq '^odmcfg_tm_sender_waits_total\{device="tmscsi0.im"\} [1-9]' "$work/out" || fail "waits"
grep -q 'bufs_peak{device="tmscsi0.im"}' "$work/out" && fail "a sender has no buffers"
[ "$(grep -c '^# TYPE' "$work/out")" = "$(grep -c '^# HELP' "$work/out")" ] || fail "types"

# With what is advised for it the same reader is fast enough, and then less is advised.
expect 0 chdev -l tmscsi1 -a num_bufs=4096
odmcfg tmrecv -l tmscsi1 --bytes 2000000 --events >"$work/copy" 2>"$work/events" &
receiver=$!
await is_open tmscsi1.tm
expect 0 odmcfg tmsend -l tmscsi0 <"$work/data"
wait $receiver || fail "$(cat "$work/events")"
grep -q "exhausted" "$work/events" && fail "exhausted with 4096 buffers"

# A limit of adapter failures ends the session; a bus reset alone does not.
odmcfg tmrecv -l tmscsi1 --events --failures 1 >/dev/null 2>"$work/events" &
receiver=$!
await is_open tmscsi1.tm
expect 0 odmcfg scsifault -l scsi1 reset
await grep -q SCSI_RESET_EVENT "$work/events"
expect 0 odmcfg scsifault -l scsi1 cmdfail
await grep -q SCSI_ADAP_CMD_FAILED "$work/events"
kill -0 $receiver || fail "one failure ended the session"
expect 0 odmcfg scsifault -l scsi1 cmdfail
wait $receiver && fail "two failures did not end the session"
grep -q "2 adapter commands failed, which is more than 1" "$work/events" || fail "$(cat "$work/events")"

# The live view draws on a terminal and ends with q.
if command -v script >/dev/null; then
	(sleep 1; printf q) | TERM=xterm LC_ALL=C.UTF-8 timeout 20 \
		script -qec "odmcfg tmstat -i 0.2" /dev/null >"$work/screen" ||
		fail "the view ended with $?"
	grep -aq "num_bufs advised" "$work/screen" || fail "the view shows nothing"
	TERM=nosuchterminal timeout 20 script -qec "odmcfg tmstat -i 0.2" /dev/null >"$work/screen"
	grep -aq "is not known" "$work/screen" || fail "an unknown terminal: $(cat "$work/screen")"
fi
