#!/bin/bash
# Administrators' scripts, run by ksh and by bash, each against a server of 200 devices of its own.
. "$(dirname "$0")/lib.sh"
scripts=$(cd "$(dirname "$0")/administrators" && pwd)
export METHODS=$stage/lib/odmcfg/methods

for shell in bash ksh; do
	command -v $shell >/dev/null || fail "$shell is missing"
	rm -rf "$ODMCFG_ROOT" "$work/$shell"
	mkdir "$work/$shell"
	cp "$scripts/check" "$work/$shell"
	sh "$scripts/machine" >"$work/machine.cfg"
	expect 0 odmcfg init --machine "$work/machine.cfg"
	expect 0 cfgmgr
	[ "$(lsdev -C | wc -l)" -ge 200 ] || fail "only $(lsdev -C | wc -l) devices"
	for script in "$scripts"/[0-9]*; do
		(cd "$work/$shell" && $shell "$script") >"$work/out" 2>"$work/err" ||
			fail "$shell $(basename "$script"): $(cat "$work/err")"
	done
	odmcfg kexd --stop --force >/dev/null 2>&1
done
