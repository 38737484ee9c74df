#!/bin/bash
# A process of kexd's that does not go on keeps nobody else waiting: other adapters' devices are
# changed, lists say who does not answer, a call to it ends it after a while, and it comes back.
. "$(dirname "$0")/lib.sh"
unset ODMCFG_KEXD_STRICT
export ODMCFG_KEXD_PATIENCE=3
configured_machine
process() { odmcfg kexstat -l "$1" -F process 2>/dev/null; }
# within SECONDS COMMAND...
within() {
	local limit=$1
	shift
	timeout -s KILL "$limit" "$@"
}
victim=$(process scsi1)
kill -STOP "$victim"

# Far less than what the call to a process may take.
expect 0 within 10 chdev -l tmscsi0 -a num_bufs=77
expect 0 within 10 rmdev -l tmscsi0
expect 0 within 10 mkdev -l tmscsi0
expect 1 within 10 odmcfg kexstat
error_has "the process of scsi1 ($victim) does not answer"
output_has "tmscsi0.tm"
expect 1 within 10 odmcfg kexstat -l tmscsi1
error_has "the process of scsi1 ($victim) does not answer"
expect 0 within 10 odmcfg kexd --status

# Its own device: the driver's time runs out, the process ends, and is back with what it had.
expect 1 within 60 chdev -l tmscsi1 -a buf_size=2048
error_has "did not answer for 3 seconds, and its process was ended"
is_back() { [ "$(process scsi1)" ] && [ "$(process scsi1)" != "$victim" ] && [ "$(process tmscsi1.tm)" ]; }
await is_back
grep -q "KEX_HANG scsi1 its process ($victim) has not answered a call for 3 seconds: killed" \
	"$ODMCFG_ROOT/log/kexd.log" || fail "it is not told"
expect 0 lsattr -El tmscsi1 -a buf_size -F value
output_is <<<4096
expect 0 within 60 chdev -l tmscsi1 -a buf_size=2048
expect 0 odmcfg check

# One that goes on after a while answers first what it was asked before.
victim=$(process scsi1)
kill -STOP "$victim"
expect 1 within 10 odmcfg kexstat -l tmscsi1
expect 1 within 10 odmcfg kexstat -l tmscsi1
kill -CONT "$victim"
expect 0 odmcfg kexstat -l tmscsi1.tm -F "device process"
output_is <<<"tmscsi1.tm $victim"
expect 0 odmcfg kexstat -l scsi1 -F device
output_is <<<scsi1

# The first signal waits for the end of a step, the second one does not.
kill -STOP "$(process scsi1)"
export ODMCFG_KEXD_PATIENCE=600
odmcfg kexd --stop --force >/dev/null 2>&1
expect 0 cfgmgr
victim=$(process scsi1)
kill -STOP "$victim"
chdev -l tmscsi1 -a buf_size=4096 >"$work/out" 2>"$work/err" &
command=$!
sleep 1
kill -TERM $command
sleep 1
kill -0 $command || fail "the first signal ended it"
kill -TERM $command
ended() { ! kill -0 $command 2>/dev/null; }
await ended
wait $command
[ $? = 143 ] || fail "exit status $?"
error_has "interrupted again"
kill -KILL "$victim"
await is_back
expect 0 cfgmgr
expect 0 odmcfg check
expect 0 mkdev -l tmscsi1
expect 0 chdev -l tmscsi1 -a buf_size=1024
