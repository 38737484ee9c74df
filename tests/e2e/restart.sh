#!/bin/bash
# kexd is killed: the database keeps everything, the next command says so, cfgmgr brings all back.
. "$(dirname "$0")/lib.sh"
configured_machine
expect 0 chdev -l tmscsi1 -a num_bufs=128
odmget CuDv CuAt CuDvDr >"$work/before"

kill_host() { kill -9 "$(cat "$ODMCFG_ROOT/run/kexd.pid")"; }

# In the middle of a transfer: both ends are told.
odmcfg tmrecv -l tmscsi1 --delay 1ms >/dev/null 2>"$work/receiver" &
receiver=$!
odmcfg tmsend -l tmscsi0 </dev/zero 2>"$work/sender" &
sender=$!
received() { [ "$(counter tmscsi1.tm bytes)" -gt 100000 ]; }
await received
kill_host
wait $receiver && fail "tmrecv did not notice"
wait $sender && fail "tmsend did not notice"
grep -q "kexd (process .*) has died; run cfgmgr" "$work/receiver" || fail "$(cat "$work/receiver")"
grep -q "kexd (process .*) has died; run cfgmgr" "$work/sender" || fail "$(cat "$work/sender")"

expect 1 odmcfg kexd --status
output_has "has died"
expect 1 odmcfg kexstat
error_has "has died"
expect 0 odmget CuDv CuAt CuDvDr
output_is <"$work/before"
expect 0 cfgmgr
error_has "has died"
expect 0 cfgmgr
[ ! -s "$work/err" ] || fail "the death is told twice: $(cat "$work/err")"
expect 0 odmget CuDv CuAt CuDvDr
output_is <"$work/before"
[ "$(counter tmscsi1.tm bufs)" = 128 ] || fail "num_bufs was lost"

# mkdev of one device brings its parents back, rmdev of another only takes note.
kill_host
expect 0 rmdev -l hdisk0
expect 0 mkdev -l tmscsi1
output_is <<<"tmscsi1 Available"
odmcfg kexstat -F device 2>&1 | tr '\n' ' ' >"$work/out"
[ "$(cat "$work/out")" = "scsi1 tmscsi1.im tmscsi1.tm vbus0 " ] || fail "$(cat "$work/out")"

# A clean stop is no death.
expect 0 odmcfg kexd --stop
output_is <<<"kexd is stopped"
expect 1 odmcfg kexd --status
output_is <<<"kexd is not running"
expect 0 cfgmgr
[ ! -s "$work/err" ] || fail "$(cat "$work/err")"

# Two commands that both find no host start one.
kill_host
cfgmgr -l scsi0 & cfgmgr -l scsi1 &
wait
[ "$(grep -c "KEX_START kexd started" "$ODMCFG_ROOT/log/kexd.log")" = 5 ] ||
	fail "hosts: $(cat "$ODMCFG_ROOT/log/kexd.log")"
