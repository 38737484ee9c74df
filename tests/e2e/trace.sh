#!/bin/bash
# A trace session records what the host does, and nothing before and after it.
. "$(dirname "$0")/lib.sh"
expect 1 odmcfg trcrpt
error_has "kexd is not running"
configured_machine
expect 0 odmcfg trcrpt
no_output
expect 1 odmcfg trace --stop
error_has "no trace session is on"
for wrong in "-j x" "-j 1000" "-j 6e3," "--stop -j 6e3" "more"; do
	expect 2 odmcfg trace $wrong
done

expect 0 odmcfg trace
expect 1 odmcfg trace
error_has "a trace session is on"
odmcfg tmrecv -l tmscsi1 --events --bytes 6 >/dev/null 2>"$work/events" &
receiver=$!
await is_open tmscsi1.tm
expect 0 odmcfg scsifault -l scsi1 reset
await grep -q SCSI_RESET_EVENT "$work/events"
expect 0 odmcfg tmsend -l tmscsi0 < <(echo hello)
wait $receiver || fail "$(cat "$work/events")"
expect 0 odmcfg trace --stop
expect 0 odmcfg mkdev -l tmscsi1
expect 0 rmdev -l tmscsi1
expect 0 odmcfg trcrpt
output_has "event reported flags 4, SCSI ID 7, LUN 0"
output_has "event handler  flags 4, SCSI ID 7, LUN 0"
output_has "strategy       bytes 6, device"
output_has "iodone         errno 0, device"
grep -q "configuration" "$work/out" && fail "recorded after the session"
raised=$(grep -n "event reported" "$work/out" | head -1 | cut -d: -f1)
delivered=$(grep -n "event handler" "$work/out" | head -1 | cut -d: -f1)
[ "$raised" -lt "$delivered" ] || fail "delivered before it was reported"
expect 0 odmcfg trcrpt -d 6e5
[ "$(grep -c strategy "$work/out")" = "$(grep -c '^6' "$work/out")" ] || fail "other hooks too"

# Only some hooks; a new session forgets the old one; more than the ring holds.
expect 0 odmcfg trace -j 6e0,6e1
expect 0 mkdev -l tmscsi1
expect 0 odmcfg scsifault -l scsi1 reset
expect 0 odmcfg trcrpt
output_has "configuration  errno 0"
grep -q "6e3" "$work/out" && fail "a hook that was not asked for"
expect 0 odmcfg trace --stop
if [ "$(id -u)" = 0 ]; then
	chmod 755 "$work"
	expect 1 setpriv --reuid=65534 --regid=65534 --clear-groups odmcfg trace
	error_has "only root and the owner"
fi
