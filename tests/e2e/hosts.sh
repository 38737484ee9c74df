#!/bin/bash
# Recorded AIX hosts, 4.3 to 6.1: what our commands print of a machine with their devices is what was
# recorded there, line by line, but for the differences that hosts/HOST.sed names. usage: hosts.sh STAGE
# RECORDINGS; skipped (77) where the recordings are not.
recordings=$2
[ -d "$recordings/lsdev" ] || exit 77
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
for file in "$here"/hosts/*.sed; do
	host=$(basename "$file" .sed)
	rm -rf "$ODMCFG_ROOT" "$work/$host"
	mkdir "$work/$host"
	echo "devices = ();" >"$work/none.cfg"
	expect 0 odmcfg init --machine "$work/none.cfg"
	python3 "$here/hosts/twin.py" "$recordings" "$host" "$work/$host" "$file" || fail "$host"
	odmcfg kexd --stop --force >/dev/null 2>&1
done
# The rule of columns that the recordings follow, of every listing of the machines that come with us.
padding=$recordings/../check_padding.py
for machine in power lpar small; do
	[ -f "$padding" ] || continue
	rm -rf "$ODMCFG_ROOT" "$work/listings"
	mkdir "$work/listings"
	expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/$machine.cfg"
	expect 0 cfgmgr
	lsdev -C >"$work/listings/lsdev"
	expect 0 python3 "$padding" lsdev "$work/listings/lsdev"
	for device in $(lsdev -C -F name); do
		lsattr -E -l "$device" >"$work/listings/$device"
		[ -s "$work/listings/$device" ] || rm "$work/listings/$device"
	done
	rm "$work/listings/lsdev"
	expect 0 python3 "$padding" lsattr "$work"/listings/*
	odmcfg kexd --stop --force >/dev/null 2>&1
done
# None is left out.
[ "$(cd "$recordings/lscfg" && ls | sed 's/-[a-z]*[0-9]*$//' | sort -u | tr '\n' ' ')" = \
	"$(cd "$here/hosts" && ls ./*.sed | sed 's/^..//; s/\.sed//' | tr '\n' ' ')" ] || fail "hosts are missing"
