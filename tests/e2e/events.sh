#!/bin/bash
# Asynchronous events reach the initiator's and the target's session of the adapter, and no other.
. "$(dirname "$0")/lib.sh"
configured_machine
expect 0 rmdev -l tmscsi1
expect 0 chdev -l scsi1 -a intr_priority=2
expect 0 mkdev -l tmscsi1
[ "$(counter tmscsi1.tm class)" = 2 ] || fail "the device does not mask its parent's class"
[ "$(counter tmscsi0.tm class)" = 3 ] || fail "another adapter's device changed its class"

# What is only stored for the adapter's next configuration is not masked by a child's next one.
expect 0 chdev -l scsi1 -a intr_priority=1 -P
expect 0 rmdev -l tmscsi1
expect 0 mkdev -l tmscsi1
[ "$(counter tmscsi1.tm class)" = 2 ] || fail "the device masks a class that its adapter does not use yet"
expect 0 chdev -l scsi1 -a intr_priority=2 -P

mkfifo "$work/pipe"
odmcfg tmrecv -l tmscsi1 --events >/dev/null 2>"$work/target" &
receiver=$!
odmcfg tmrecv -l tmscsi0 --events >/dev/null 2>"$work/other" &
other=$!
odmcfg tmsend -l tmscsi1 --events <"$work/pipe" 2>"$work/initiator" &
sender=$!
# After the others have started: whoever inherits the pipe keeps it open.
exec 3>"$work/pipe"
for file in tmscsi1.im tmscsi1.tm tmscsi0.tm; do
	await is_open $file
done

expect 0 odmcfg scsifault -l scsi1 cmdfail
await grep -q SCSI_ADAP_CMD_FAILED "$work/target"
expect 0 odmcfg scsifault -l scsi1 reset
await grep -q SCSI_RESET_EVENT "$work/target"
# A reset is the bus's: the other adapter sees it as well.
await grep -q SCSI_RESET_EVENT "$work/other"
grep -q CMD_FAILED "$work/other" && fail "a command failure reached another adapter's session"
expect 0 odmcfg scsifault -l scsi1 fatal
wait $receiver && fail "tmrecv did not end at the fatal event"
grep -q "tmscsi1: SCSI_FATAL_HDW_ERR" "$work/target" || fail "no fatal event at the target"
echo >&3
exec 3>&-
wait $sender && fail "tmsend did not fail"
for event in SCSI_ADAP_CMD_FAILED SCSI_RESET_EVENT SCSI_FATAL_HDW_ERR; do
	grep -q "tmscsi1: $event" "$work/initiator" || fail "no $event at the initiator"
done
for side in im tm; do
	[ "$(counter tmscsi1.$side raised:delivered)" = 3:3 ] ||
		fail "$side: $(counter tmscsi1.$side raised:delivered)"
done
kill $other
wait $other

# The dead adapter answers nobody until it is configured again.
echo lost | expect 1 odmcfg tmsend -l tmscsi0
error_has "does not answer"
expect 0 rmdev -Rl scsi1
expect 0 mkdev -l scsi1
expect 0 mkdev -l tmscsi1
odmcfg tmrecv -l tmscsi1 --bytes 6 --timeout 30s >"$work/copy" &
echo again | expect 0 odmcfg tmsend -l tmscsi0
wait $! || fail "no reception after the repair"
[ "$(cat "$work/copy")" = again ] || fail "wrong data after the repair"

# The error log: newest first, with what the database knows of the adapter.
expect 0 odmcfg errpt -T PERM
grep -E "^IDENTIFIER TIMESTAMP  T C RESOURCE_NAME  DESCRIPTION$" "$work/out" >/dev/null || fail "no header"
grep -qE "^[0-9A-F]{8}   [0-9]{10} P H scsi1          ADAPTER FAILED$" "$work/out" || fail "no SCSI_ERR1: $(cat "$work/out")"
! grep -q "COMMAND FAILED" "$work/out" || fail "another type"
expect 0 odmcfg errpt -a -J SCSI_ERR2
output_has "LABEL:           SCSI_ERR2"
output_has "Resource Class:  adapter"
output_has "Location:        00-01"
expect 0 odmcfg errpt -N nosuch
no_output
