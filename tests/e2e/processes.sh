#!/bin/bash
# Each adapter with what hangs on it has a process of its own: a fault in an extension ends that
# one only, its applications are told, and it comes back with its devices.
. "$(dirname "$0")/lib.sh"
configure_faulty=$3 faulty=$4
unset ODMCFG_KEXD_STRICT
configured_machine
expect 0 chdev -l tmscsi0 -a num_bufs=64

process() { odmcfg kexstat -l "$1" -F process; }
log_has() { grep -q -- "$1" "$ODMCFG_ROOT/log/kexd.log"; }
is_back() { [ "$(process "$1" 2>/dev/null)" ] && [ "$(process "$1")" != "$2" ]; }

[ "$(process scsi0)" != "$(process scsi1)" ] || fail "two adapters share a process"
[ "$(process scsi0)" = "$(process tmscsi0.tm)" ] || fail "a child is elsewhere than its adapter"
[ "$(process vbus0)" != "$(process scsi0)" ] || fail "the bus shares an adapter's process"

# Only beside the adapter can a driver open it.
expect 1 "$configure_faulty" "$faulty" scsi0 none others
error_has "the adapter can't be opened from here"
expect 1 "$configure_faulty" "$faulty" scsi0 none alone
expect 0 "$configure_faulty" "$faulty" scsi0 none
expect 0 odmcfg scsifault -l scsi0 reset
expect 0 "$configure_faulty" "$faulty" term

# fault NAME: configured, then an event; scsi0's process ends and comes back with its devices, and
# a transfer on the other adapter goes on.
fault() {
	local victim bystander receiver other
	victim=$(process scsi0) bystander=$(process scsi1)
	odmcfg tmrecv -l tmscsi0 --events >/dev/null 2>"$work/receiver" &
	receiver=$!
	odmcfg tmrecv -l tmscsi1 >/dev/null 2>"$work/other" &
	other=$!
	await is_open tmscsi0.tm
	await is_open tmscsi1.tm
	expect 0 "$configure_faulty" "$faulty" scsi0 "$1"
	odmcfg scsifault -l scsi0 cmdfail >/dev/null 2>&1
	wait $receiver && fail "tmrecv did not notice the end of its driver"
	grep -q SCSI_FATAL_HDW_ERR "$work/receiver" || fail "no fatal event: $(cat "$work/receiver")"
	await is_back scsi0 "$victim"
	await is_back tmscsi0.tm "$victim"
	[ "$(counter tmscsi0.tm bufs)" = 64 ] || fail "num_bufs was lost"
	[ "$(process scsi1)" = "$bystander" ] || fail "the other adapter's process ended too"
	await is_back faulty0 "$victim"
	expect 0 "$configure_faulty" "$faulty" term

	# Both directions work again, and whoever waited on the other adapter still does.
	expect 0 odmcfg tmsend -l tmscsi0 < <(echo still there)
	[ "$(counter tmscsi1.tm records)" -ge 1 ] || fail "the other adapter received nothing"
	kill $other || fail "the other application ended: $(cat "$work/other")"
	wait $other 2>/dev/null
}
fault crash
log_has "KEX_CRASH faulty Segmentation fault at faulty.so+0x" || fail "the crash is not told"
fault abort
log_has "KEX_CRASH faulty Aborted" || fail "the abort is not told"
fault overflow
[ "$(grep -c "KEX_CRASH faulty Segmentation fault" "$ODMCFG_ROOT/log/kexd.log")" = 2 ] ||
	fail "the overflow is not told as the driver's"
fault loop
log_has "KEX_LOOP faulty its interrupt handler has run for" || fail "the loop is not told"
expect 0 odmcfg errpt
output_has "INTERRUPT HANDLER DOES NOT END"
expect 0 odmcfg errpt -a -J KEX_CRASH
output_has "faulty.so+0x"

# A service in the wrong place is refused and told, with whose fault it was.
expect 0 "$configure_faulty" "$faulty" scsi0 sleep
expect 0 odmcfg scsifault -l scsi0 reset
await log_has "KEX_ENVIRONMENT faulty e_sleep was called by an interrupt handler"
expect 0 "$configure_faulty" "$faulty" term
expect 0 "$configure_faulty" "$faulty" scsi0 modify
expect 0 odmcfg scsifault -l scsi0 reset
await log_has "KEX_EVENT_INFO faulty"
expect 0 "$configure_faulty" "$faulty" term

# A fault at configuration is an error of the call; what was there before comes back.
victim=$(process scsi0)
expect 1 "$configure_faulty" "$faulty" scsi0 at-once
error_has "the process of its driver ended"
await is_back tmscsi0.im "$victim"

# A signal from outside does the same as a fault.
victim=$(process scsi1)
kill -SEGV "$victim"
await is_back tmscsi1.tm "$victim"

# The bus's own process: adapters keep their bus, disks come back.
victim=$(process vbus0)
kill -9 "$victim"
await is_back vbus0 "$victim"
odmcfg tmrecv -l tmscsi1 --bytes 12 >"$work/received" 2>"$work/err" &
receiver=$!
await is_open tmscsi1.tm
expect 0 odmcfg tmsend -l tmscsi0 < <(printf 'hello, there')
wait $receiver || fail "tmrecv: $(cat "$work/err")"
[ "$(cat "$work/received")" = "hello, there" ] || fail "received: $(cat "$work/received")"
expect 0 "$2" read 77 512

# Whoever waits for an adapter whose process ends is not left waiting.
odmcfg tmrecv -l tmscsi1 --delay 1s >/dev/null 2>&1 &
receiver=$!
await is_open tmscsi1.tm
odmcfg tmsend -l tmscsi0 </dev/zero >/dev/null 2>"$work/sender" &
sender=$!
waits() { [ "$(counter tmscsi1.tm exhausted)" -ge 1 ]; }
await waits
kill -9 "$(process scsi1)"
wait $sender && fail "tmsend did not notice"
wait $receiver && fail "tmrecv did not notice"

# cfgmgr does not wait for the restart, and finds everything again.
kill -9 "$(process scsi0)" "$(process vbus0)"
expect 0 cfgmgr
for device in vbus0 scsi0 scsi1 tmscsi0 tmscsi1; do
	await test -n "$(process "$device*")"
done
expect 0 odmcfg check

# An adapter whose process ended is not taken away from below the devices that come back with it.
both_are_there() { [ -n "$(process scsi0)" ] && [ -n "$(process tmscsi0.im)" ]; }
for _ in 1 2 3; do
	expect 0 "$configure_faulty" "$faulty" kill scsi0
	await both_are_there
	[ "$(process scsi0)" = "$(process tmscsi0.im)" ] || fail "tmscsi0 is not where its adapter is"
done

# A driver that hangs in a configuration call does not keep the host from its end.
"$configure_faulty" "$faulty" scsi0 hang >/dev/null 2>&1 &
hanging=$!
sleep 0.5
expect 0 timeout 60 odmcfg kexd --stop --force
wait $hanging && fail "a call that hung succeeded"
log_has "the process of scsi0 does not answer: killed" || fail "the kill is not told"
