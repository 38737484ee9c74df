#!/bin/bash
# Data goes through the adapters' bus byte for byte; a slow reader holds the sender off.
. "$(dirname "$0")/lib.sh"
configured_machine
head -c 3000001 /dev/urandom >"$work/data"
size=$(stat -c %s "$work/data")

# transfer TMRECV-OPTION...
transfer() {
	odmcfg tmrecv -l tmscsi1 --bytes "$size" --timeout 60s --events "$@" \
		>"$work/copy" 2>"$work/events" &
	expect 0 odmcfg tmsend -l tmscsi0 <"$work/data"
	wait $! || fail "tmrecv: $(cat "$work/events")"
	cmp "$work/data" "$work/copy" || fail "the copy differs"
}

transfer --delay 500us
[ "$(counter tmscsi1.tm exhausted)" -gt 0 ] || fail "16 buffers were not exhausted"
grep -q "tmscsi1: SCSI_BUFS_EXHAUSTED" "$work/events" || fail "no event reached tmrecv"
[ "$(counter tmscsi0.im waits)" -gt 0 ] || fail "the sender was not held off"
[ "$(counter tmscsi1.tm peak)" -eq 16 ] || fail "peak: $(counter tmscsi1.tm peak)"
[ "$(counter tmscsi1.tm bytes)" -eq "$size" ] || fail "bytes: $(counter tmscsi1.tm bytes)"
[ "$(counter tmscsi0.tm raised)" -eq 0 ] || fail "the event reached another target"
[ "$(counter tmscsi0.im raised)" -eq 0 ] || fail "the event reached an initiator"

expect 0 chdev -l tmscsi1 -a num_bufs=4096
transfer --delay 500us
[ "$(counter tmscsi1.tm exhausted)" -eq 0 ] || fail "4096 buffers were exhausted"

# Odd sizes of records and buffers, both directions at once.
expect 0 chdev -l tmscsi1 -a num_bufs=17 -a buf_size=384
odmcfg tmrecv -l tmscsi0 --bytes "$size" --timeout 60s >"$work/back" &
odmcfg tmsend -l tmscsi1 --record 777 <"$work/data" &
transfer --delay 10us
wait
cmp "$work/data" "$work/back" || fail "the way back differs"

# Tuned while it receives, up and down, and no byte is lost.
expect 0 chdev -l tmscsi1 -a num_bufs=16 -a buf_size=4096
odmcfg tmrecv -l tmscsi1 --bytes "$size" --timeout 60s --delay 2ms >"$work/tuned" &
receiver=$!
await is_open tmscsi1.tm
# The end comes when all was tried: until then the receiver has the device open.
{
	head -c $((size - 4096)) "$work/data"
	await test -e "$work/tried"
	tail -c 4096 "$work/data"
} | odmcfg tmsend -l tmscsi0 &
sender=$!
for number in 512 17 4096 16 300; do
	expect 0 chdev -l tmscsi1 -a num_bufs=$number
	[ "$(counter tmscsi1.tm bufs)" = $number ] || fail "not tuned to $number"
	expect 0 lsattr --pending -l tmscsi1
	no_output
	sleep 0.05
done
expect 0 chdev -l tmscsi1 -a low_water=300 -U
expect 1 chdev -l tmscsi1 -a low_water=301 -U
error_has "low_water 301: more than num_bufs"
expect 1 chdev -l tmscsi1 -a num_bufs=400 -a buf_size=512
error_has "0514-062"
[ "$(counter tmscsi1.tm bufs)" = 300 ] || fail "half of a change was made"
touch "$work/tried"
wait $receiver || fail "the receiver failed"
wait $sender || fail "the sender failed"
cmp "$work/data" "$work/tuned" || fail "tuning lost bytes"
expect 0 chdev -l tmscsi1 -a num_bufs=16 -a low_water=0

# One opener at a time; nobody there.
odmcfg tmrecv -l tmscsi1 --timeout 60s >/dev/null 2>&1 &
receiver=$!
await is_open tmscsi1.tm
expect 1 odmcfg tmrecv -l tmscsi1
error_has "open already"
expect 1 chdev -l tmscsi1 -a buf_size=512
error_has "process $receiver (odmcfg, user $(id -un)) has tmscsi1.tm"
expect 1 rmdev -l tmscsi1
error_has "0514-062"
kill $receiver
wait $receiver
await test "$(counter tmscsi1.tm open)" = 0
echo lost | expect 1 odmcfg tmsend -l tmscsi0
error_has "nobody receives there"
