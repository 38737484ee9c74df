#!/bin/bash
# Locks: only who may configure can hold one, and who waits for one says for whom.
. "$(dirname "$0")/lib.sh"
configured_machine
lock=$ODMCFG_ROOT/objrepos/config_lock

# held FILE: until let_go.
held() {
	flock "$1" sh -c 'echo held; exec sleep 60' >"$work/held" &
	holder=$!
	await test -s "$work/held"
}
let_go() { pkill -P $holder; kill $holder 2>/dev/null; wait $holder 2>/dev/null; rm "$work/held"; }

held "$lock"
chdev -l tmscsi1 -a num_bufs=77 >"$work/out" 2>"$work/err" &
waiter=$!
await grep -q waits "$work/err"
error_has "chdev: waits for process $holder (flock, user $(id -un)), which holds $lock"
[ -s "$work/out" ] && fail "it did not wait"
let_go
wait $waiter || fail "exit status $?: $(cat "$work/err")"
[ "$(grep -c waits "$work/err")" = 1 ] || fail "told again: $(cat "$work/err")"
expect 0 lsattr -El tmscsi1 -a num_bufs -F value
output_is <<<77

# A wait of less than a second is nobody's business.
held "$lock"
(sleep 0.3 && let_go) &
expect 0 chdev -l tmscsi1 -a num_bufs=78
[ -s "$work/err" ] && fail "unexpected: $(cat "$work/err")"
wait

# What an older version left for all to read is closed when it is used again.
chmod 644 "$lock"
expect 0 chdev -l tmscsi1 -a num_bufs=79
[ "$(stat -c %a "$lock")" = 600 ] || fail "mode $(stat -c %a "$lock")"

[ "$(id -u)" -eq 0 ] || exit 0
chmod 755 "$work"
for file in "$lock" "$ODMCFG_ROOT/run/kexd.pid" "$ODMCFG_ROOT/run/kexd.lock"; do
	as_nobody flock -n "$file" true 2>/dev/null && fail "anybody can lock $file"
done
expect 0 as_nobody odmcfg kexd --status
output_has "kexd is running: process $(cat "$ODMCFG_ROOT/run/kexd.pid") since"
expect 0 as_nobody lsdev -C
odmcfg kexd --stop >/dev/null
expect 1 as_nobody odmcfg kexd --status
