#!/bin/bash
# A made tree in which 1,000 devices come, go, are renamed and change places in random order, while the
# watch looks again when it is told to and is killed now and then: at the end database and tree agree, no
# device has another name than at first, and every value is at its device. The tree is not the kernel's:
# it has no events.
. "$(dirname "$0")/lib.sh"
seed=${STORM_SEED:-$RANDOM}
tree=$work/tree
storm() { python3 "$(dirname "$0")/watch_storm.py" "$tree" "$@"; }
storm make || fail "no tree"
expect 0 odmcfg init
echo "host = \"$tree\";" >"$ODMCFG_ROOT/etc/machine.cfg"
expect 0 cfgmgr
for name in $(lsdev -Cc disk -F name); do
	id=$(lsattr -El "$name" -a unique_id -F value)
	expect 0 chdev -l "$name" -a read_ahead_kb=$((1000 + 4 * 0x${id: -4}))
	echo "$name $id"
done >"$work/names"
[ "$(wc -l <"$work/names")" = 40 ] || fail "not all disks were found: $(cat "$work/names")"
expect 0 storm check

start_watch() {
	odmcfg watch 2>>"$work/watch.log" &
	watch=$!
}
RANDOM=$seed
start_watch
begun=$(date +%s%N)
for ((round = 0; round < 100; round++)); do
	storm step 10 $((seed + round)) || fail "seed $seed: the tree can't be changed"
	kill -HUP $watch 2>/dev/null
	[ $((RANDOM % 3)) = 0 ] && sleep 0.0$((RANDOM % 10))
	if [ $((RANDOM % 5)) = 0 ]; then
		kill -KILL $watch
		wait $watch 2>/dev/null
		start_watch
	fi
done
sleep 0.2
kill -HUP $watch
settled() { storm check >"$work/wrong"; }
end=$((SECONDS + 30))
until settled; do
	[ $SECONDS -lt $end ] || fail "seed $seed: $(cat "$work/wrong" "$work/watch.log")"
	sleep 0.3
done
echo "1,000 changes: $((($(date +%s%N) - begun) / 1000000)) ms"
while read -r name id; do
	expect 0 lsattr -El "$name" -a unique_id -F value
	output_is <<<"$id"
done <"$work/names"
expect 0 odmcfg check
expect 0 odmcfg drift
no_output
kill $watch
wait $watch || fail "the watch did not end cleanly"
grep -i -e sanitizer -e 'runtime error' "$work/watch.log" && fail "seed $seed"
true
