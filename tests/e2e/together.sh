#!/bin/bash
# Two administrators at once, on the same and on different devices: no change is lost.
. "$(dirname "$0")/lib.sh"
expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/power.cfg"
expect 0 cfgmgr

# administrator DEVICE ATTRIBUTE COUNT: counts an attribute up.
administrator() {
	local i
	for ((i = 1; i <= $3; i++)); do
		chdev -l "$1" -a "$2=$((i % 200 + 1))" >/dev/null || return 1
	done
}
administrator hdisk0 queue_depth 60 & first=$!
administrator hdisk0 reassign_to 60 & second=$!
administrator hdisk1 queue_depth 60 & third=$!
for ((i = 0; i < 20; i++)); do
	rmdev -l rmt0 >/dev/null && mkdev -l rmt0 >/dev/null || fail "the third hand"
	cfgmgr || fail "cfgmgr beside others"
done
wait $first && wait $second && wait $third || fail "a change was refused"
expect 0 lsattr -El hdisk0 -a queue_depth:reassign_to -O
output_is <<<"#queue_depth:reassign_to
61:61"
expect 0 lsattr --pending -l hdisk0
no_output
expect 0 odmcfg log -n 500
[ "$(grep -c "chdev" "$work/out")" -ge 180 ] || fail "the log has only $(grep -c chdev "$work/out") changes"

# One takes down what the other is about to change: either way it is whole.
for ((i = 0; i < 20; i++)); do
	rmdev -Rdl sissas0 >/dev/null 2>&1 &
	chdev -l hdisk1 -a rw_timeout=$((i + 30)) >/dev/null 2>&1
	wait
	expect 0 odmcfg check
	expect 0 cfgmgr
done
