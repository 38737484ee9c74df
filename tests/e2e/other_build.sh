#!/bin/bash
# kexd is of another build than the commands: they say so, end it and replace it.
. "$(dirname "$0")/lib.sh"
other_kexd=$9
configured_machine
expect 0 odmcfg kexd --status
output_has "version $(odmcfg --version | sed 's/odmcfg //') (protocol "
expect 0 odmcfg kexd --stop

pid_file=$ODMCFG_ROOT/run/kexd.pid
start_other() {
	"$other_kexd" 2>>"$ODMCFG_ROOT/log/kexd.log" &
	other=$!
	await test -S "$ODMCFG_ROOT/run/kexd.sock"
	is_other() { odmcfg kexd --status | grep -q "process $other, version .* does not understand"; }
	await is_other
}
has_ended() {
	wait $other
	[ ! -e "$pid_file" ] || fail "its file is left"
	expect 1 odmcfg kexd --status
	output_is <<<"kexd is not running"
}

# Every command says so, at once.
start_other
SECONDS=0
expect 1 odmcfg kexstat
error_has "kexd (process $other) is of another build"
expect 1 odmcfg tmsend -l tmscsi0
error_has "kexd (process $other) is of another build"
expect 1 mkdev -l tmscsi1
error_has "cfgmgr replaces it"
[ $SECONDS -lt 5 ] || fail "$SECONDS seconds"
expect 1 odmcfg kexd --stop
error_has "process $other is of another build"
kill -0 $other || fail "it was ended"
expect 0 odmcfg kexd --stop --force
has_ended

# cfgmgr replaces one that is older than the file with the version, too.
start_other
rm "$ODMCFG_ROOT/run/kexd.version"
expect 0 odmcfg kexd --status
output_has "version before "
expect 0 cfgmgr
error_has "cfgmgr replaces it"
wait $other
expect 0 odmcfg kexd --status
expect 0 odmcfg kexstat -l tmscsi1.tm -F open
echo data | expect 0 odmcfg tmsend -l tmscsi0 &
expect 0 odmcfg tmrecv -l tmscsi1 --bytes 5 --timeout 30s
output_is <<<"data"
wait $!
expect 0 odmcfg kexd --stop

# One that does not end by itself is killed.
start_other
kill -STOP $other
SECONDS=0
expect 0 timeout 60 odmcfg kexd --stop --force
[ $SECONDS -ge 10 ] || fail "it had no time to end: $SECONDS seconds"
has_ended

# No other process is, whose number a dead kexd had: whoever can read the file may lock it.
sleep 300 >/dev/null &
innocent=$!
echo $innocent >"$pid_file"
exec 8<"$pid_file"
flock -n 8 || fail "the file is locked"
expect 1 odmcfg kexd --stop --force
error_has "is not this root's kexd"
kill -0 $innocent || fail "an innocent process was ended"
exec 8<&-
kill $innocent
wait $innocent
rm -f "$pid_file"
