#!/bin/bash
# Applications that are killed leave no device open and no sender or receiver stuck.
. "$(dirname "$0")/lib.sh"
configured_machine

# A sender that is held off, and is killed or interrupted.
for signal in KILL INT; do
	(trap - INT; exec odmcfg tmrecv -l tmscsi1 --delay 2s >/dev/null 2>"$work/receiver") &
	receiver=$!
	await is_open tmscsi1.tm
	# A shell makes what it starts in the background ignore INT.
	interruptible_sender() { exec env --default-signal=INT odmcfg tmsend -l tmscsi0 </dev/zero; }
	interruptible_sender 2>"$work/sender" &
	sender=$!
	full() { [ "$(counter tmscsi1.tm in_use)" = 16 ]; }
	await full
	kill -$signal $sender
	wait $sender
	closed() { [ "$(counter tmscsi0.im open)" = 0 ]; }
	await closed
	kill -9 $receiver
	wait $receiver 2>/dev/null
	receiver_closed() { [ "$(counter tmscsi1.tm open)" = 0 ]; }
	await receiver_closed
done

# A receiver that dies while the sender waits: the sender finds nobody there, and can start again.
odmcfg tmrecv -l tmscsi1 --delay 2s >/dev/null 2>&1 &
receiver=$!
await is_open tmscsi1.tm
odmcfg tmsend -l tmscsi0 </dev/zero 2>"$work/sender" &
sender=$!
await full
kill -9 $receiver
wait $sender && fail "tmsend did not fail"
grep -q "nobody receives there" "$work/sender" || fail "$(cat "$work/sender")"

echo data | odmcfg tmsend -l tmscsi0 &
expect 0 odmcfg tmrecv -l tmscsi1 --bytes 5 --timeout 30s
output_is <<<"data"
wait
expect 0 rmdev -Rl sys0
