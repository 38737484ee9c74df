#!/bin/bash
# One command is one entry of the history, and what undo stores its devices run with.
. "$(dirname "$0")/lib.sh"
configured_machine
last() { odmcfg log -n 1 | sed -n '1s/ .*//p'; }
num_bufs() { lsattr -El "$1" -a num_bufs -F value; }
# both_are VALUE: in the database, in the drivers, and nothing waits.
both_are() {
	for device in tmscsi0 tmscsi1; do
		[ "$(num_bufs $device)" = "$1" ] || fail "$device has $(num_bufs $device), not $1"
		[ "$(counter $device.tm bufs)" = "$1" ] ||
			fail "the driver has $(counter $device.tm bufs) for $device, not $1"
		expect 0 lsattr --pending -l $device
		no_output
	done
}

story() {
	before=$(last)
	expect 0 chdev -l 'tmscsi*' -a num_bufs=64
	changed=$(last)
	[ "$changed" = $((before + 1)) ] || fail "one command made $((changed - before)) entries"
	expect 0 odmcfg log -n 1
	output_has "chdev -l tmscsi* -a num_bufs=64"
	output_has "CuAt name=tmscsi0"
	output_has "CuAt name=tmscsi1"
	both_are 64
	expect 0 odmcfg undo
	output_is <<<"entry $changed undone by entry $((changed + 1))"
	both_are 16
	expect 0 odmcfg undo $((changed + 1))
	both_are 64
	expect 0 odmcfg undo $((changed + 2))
	both_are 16
}
story
ODMCFG_EXEC_METHODS=1 story

# A driver that does not take the values: the database keeps its own, and the other device, too.
expect 0 chdev -l 'tmscsi*' -a buf_size=512 -a num_bufs=32
changed=$(last)
odmcfg tmrecv -l tmscsi0 --bytes 1 >/dev/null 2>&1 &
receiver=$!
await is_open tmscsi0.tm
expect 1 odmcfg undo
error_has "process $receiver (odmcfg, user $(id -un)) has tmscsi0.tm"
error_has "entry $changed is not undone"
[ "$(last)" = "$changed" ] || fail "a refused undo is in the history"
both_are 32
expect 0 lsattr -El tmscsi1 -a buf_size -F value
output_is <<<512
kill $receiver
wait $receiver 2>/dev/null
expect 0 odmcfg undo
both_are 16
expect 0 lsattr -El tmscsi1 -a buf_size -F value
output_is <<<4096

# What can be changed in use is taken back in use.
odmcfg tmrecv -l tmscsi1 --bytes 1 >/dev/null 2>&1 &
receiver=$!
await is_open tmscsi1.tm
expect 0 chdev -l tmscsi1 -a num_bufs=128
expect 0 odmcfg undo
both_are 16
is_open tmscsi1.tm || fail "the receiver lost its device"
kill $receiver
wait $receiver 2>/dev/null

# What was only stored for the next configuration never reached the driver.
expect 0 chdev -l 'tmscsi*' -a num_bufs=256 -P
expect 0 odmcfg undo
both_are 16
# It did by now.
expect 0 chdev -l tmscsi1 -a num_bufs=256 -P
expect 0 rmdev -l tmscsi1
expect 0 mkdev -l tmscsi1
entry=$(odmcfg log -l tmscsi1 | sed -n '/ chdev -l tmscsi1 -a num_bufs=256/s/ .*//p' | head -1)
expect 0 odmcfg undo "$entry"
both_are 16

# With children that are configured with the value Change refuses, and so does undo.
expect 0 rmdev -l tmscsi1
expect 0 chdev -l scsi1 -a intr_priority=2
changed=$(last)
expect 0 mkdev -l tmscsi1
expect 1 odmcfg undo "$changed"
error_has "Its child tmscsi1 is configured with its values"
expect 0 lsattr -El scsi1 -a intr_priority -F value
output_is <<<2

# The number of a configured device stays.
expect 0 mkdev -c disk -s scsi -t sdidisk -p scsi0 -w 0,0
added=$(odmcfg log -n 9 | awk '/^[0-9]/ { entry = $1 } /CuDvDr.*devno.*added/ { print entry; exit }')
expect 1 odmcfg undo "$added"
error_has "rmdev -l"
expect 0 odmcfg check
no_output

