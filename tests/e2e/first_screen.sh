#!/bin/bash
# README's first screen: each command succeeds, each line of output is one. The machine is a made
# tree like the one whose output is shown; the commands write to nothing else.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/made_tree.sh"
. "$(dirname "$0")/play.sh"
make_tree "$work/sys"
echo "host = \"$tree\";" >"$work/machine.cfg"

# The tree is this machine's here.
odmcfg() {
	if [ "$*" = "init --host" ]; then
		command odmcfg init --host --machine "$work/machine.cfg"
	else
		command odmcfg "$@"
	fi
}

sed -n '/^## One screen/,/^## See/s/^    //p' "$(dirname "$0")/../../README.md" |
	sed "s|/sys/|$tree/|" >"$work/screen"
[ "$(grep -c '^\$ ' "$work/screen")" -gt 10 ] || fail "the screen is not found in README.md"
play <"$work/screen"
# What was undone was the last: mtu.
[ "$(cat "$tree/class/net/eth0/mtu")" = 1400 ] || fail "undo left mtu $(cat "$tree/class/net/eth0/mtu")"
[ "$(cat "$tree/block/vda/queue/read_ahead_kb")" = 512 ] || fail "read_ahead_kb is not 512"
