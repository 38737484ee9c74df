#!/bin/bash
# Target mode by read, write and ioctl, as its manual page describes them.
. "$(dirname "$0")/lib.sh"
configured_machine
expect 0 "$5"
[ "$(counter tmscsi1.tm in_use)" = 0 ] || fail "buffers are left"

# The target's process takes the data from the sender's window, and forgets that when it is quiet.
sees_window() { grep -q memfd:window "/proc/$(counter tmscsi1.tm process)/maps"; }
sees_no_window() { ! sees_window; }
odmcfg tmrecv -l tmscsi1 >/dev/null &
receiver=$!
await is_open tmscsi1.tm
(
	for ((i = 0; i < 100; i++)); do head -c 70000 /dev/zero && sleep 0.05; done | odmcfg tmsend -l tmscsi0
) &
sender=$!
await sees_window
wait $sender || fail "tmsend failed"
await sees_no_window
kill $receiver
wait $receiver

expect 0 odmcfg check
