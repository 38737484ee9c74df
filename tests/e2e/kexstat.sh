#!/bin/bash
# kexstat knows a device by its logical name, whatever it does.
. "$(dirname "$0")/lib.sh"
configured_machine

both() {
	expect 0 odmcfg kexstat -l tmscsi1 -F "device:open"
	output_is <<END
tmscsi1.im:0
tmscsi1.tm:$1
END
}
both 0
odmcfg tmrecv -l tmscsi1 --bytes 1 >/dev/null 2>&1 &
receiver=$!
await is_open tmscsi1.tm
both 1
expect 0 odmcfg kexstat -l tmscsi1.tm -F device
output_is <<<tmscsi1.tm
expect 0 odmcfg kexstat -l 'tmscsi?' -F device
[ "$(wc -l <"$work/out")" = 4 ] || fail "two devices with two files: $(cat "$work/out")"
expect 0 odmcfg kexstat -l hdisk0 -F device
output_is <<<hdisk0
kill $receiver
wait $receiver 2>/dev/null
expect 0 rmdev -l tmscsi1
expect 1 odmcfg kexstat -l tmscsi1
error_has "tmscsi1 is not configured; mkdev -l tmscsi1"
expect 1 odmcfg kexstat -l tmscsi
