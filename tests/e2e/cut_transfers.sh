#!/bin/bash
# A transfer that is cut off ends at both sides, in whole records, and no other one continues it.
. "$(dirname "$0")/lib.sh"
unset ODMCFG_KEXD_STRICT
configured_machine
head -c 100000 /dev/urandom >"$work/record"
process() { odmcfg kexstat -l "$1" -F process 2>/dev/null; }
is_back() { [ "$(process "$1")" ] && [ "$(process "$1")" != "$2" ]; }
received() { [ "$(counter tmscsi1.tm bytes)" -ge "$1" ]; }
ends() { ! kill -0 "$1" 2>/dev/null; }

# receive TMRECV-OPTION...: in the background, as $receiver.
receive() {
	odmcfg tmrecv -l tmscsi1 "$@" >"$work/copy" 2>"$work/receiver" &
	receiver=$!
	await is_open tmscsi1.tm
	before=$(counter tmscsi1.tm bytes)
}
# send: what is written to descriptor 3, as $sender.
send() {
	mkfifo "$work/pipe"
	odmcfg tmsend -l tmscsi0 --record "$1" <"$work/pipe" 2>"$work/sender" 3>&- &
	sender=$!
	exec 3>"$work/pipe"
	rm "$work/pipe"
}
# receiver_fails MESSAGE BYTES: it has ended, and has written the first ones.
receiver_fails() {
	await ends $receiver
	wait $receiver && fail "tmrecv succeeded"
	tr -s ' \n' ' ' <"$work/receiver" | grep -qF -- "$1" || fail "no '$1': $(cat "$work/receiver")"
	[ "$(stat -c %s "$work/copy")" = "$2" ] || fail "$(stat -c %s "$work/copy") bytes, not $2"
	cmp -n "$2" "$work/record" "$work/copy" || fail "the copy differs"
}

# Between two records the sender's adapter dies: no record is cut off, but the transfer is. With the
# number of bytes and without it.
for options in "--bytes 200000" ""; do
	# shellcheck disable=SC2086
	receive --events $options
	send 100000
	cat "$work/record" >&3
	await received $((before + 100000))
	victim=$(process scsi0)
	kill -9 "$victim"
	receiver_fails "the transfer was cut off after 100000 bytes" 100000
	grep -q "SCSI_RESET_EVENT" "$work/receiver" || fail "no event: $(cat "$work/receiver")"
	exec 3>&-
	await is_back tmscsi0.im "$victim"
	wait $sender
done

# One who waits for a first record waits on: no transfer of his was cut off.
receive --events --bytes 100000
victim=$(process scsi0)
kill -9 "$victim"
await is_back tmscsi0.im "$victim"
expect 0 odmcfg tmsend -l tmscsi0 <"$work/record"
wait $receiver || fail "$(cat "$work/receiver")"
cmp "$work/record" "$work/copy" || fail "the copy differs"

# A sender that ends early: another one does not fill up what is missing.
receive --bytes 200000
expect 0 odmcfg tmsend -l tmscsi0 <"$work/record"
receiver_fails "the sender ended after 100000 bytes, 100000 are missing" 100000

# Stopped, the receiver sees the end of the one and the beginning of the other at once.
receive --bytes 200000 --delay 10ms
kill -STOP $receiver
head -c 8192 "$work/record" | expect 0 odmcfg tmsend -l tmscsi0 --record 4096
head -c 8192 "$work/record" | expect 0 odmcfg tmsend -l tmscsi0 --record 4096
kill -CONT $receiver
receiver_fails "no part of it" 8192

# Of a record that is cut off nothing is written, however much of it has come.
receive --delay 20ms
send 100000
cat "$work/record" "$work/record" >&3
await received $((before + 150000))
kill -9 $sender
receiver_fails "a record was cut off after 100000 bytes of whole ones" 100000
exec 3>&-

# Who opens the target in the middle of a transfer does not get the rest of it.
receive
send 4096
head -c 4096 "$work/record" >&3
await received $((before + 4096))
kill $receiver
wait $receiver 2>/dev/null
await test "$(counter tmscsi1.tm open)" = 0
receive --timeout 3s
head -c 4096 "$work/record" >&3
wait $sender && fail "half of it was for another receiver"
grep -q "receiver ended after 4096 bytes" "$work/sender" || fail "$(cat "$work/sender")"
receiver_fails "nothing came for the time-out, after 0 bytes" 0
exec 3>&-

# What is asked for is written, not the rest of the buffer.
receive --bytes 5
(head -c 4096 "$work/record" | odmcfg tmsend -l tmscsi0)
wait $receiver || fail "$(cat "$work/receiver")"
[ "$(stat -c %s "$work/copy")" = 5 ] || fail "more than 5 bytes"
