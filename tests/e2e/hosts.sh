#!/bin/bash
# Recorded AIX hosts, 4.3 to 6.1: what our commands print of a machine with their devices is what was
# recorded there, line by line, but for the differences that hosts/HOST.sed names. usage: hosts.sh STAGE
# RECORDINGS
. "$(dirname "$0")/lib.sh"
recordings=$2
[ -d "$recordings/lsdev" ] || fail "there are no recordings in $recordings"
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
# None is left out.
[ "$(cd "$recordings/lscfg" && ls | sed 's/-[a-z]*[0-9]*$//' | sort -u | tr '\n' ' ')" = \
	"$(cd "$here/hosts" && ls ./*.sed | sed 's/^..//; s/\.sed//' | tr '\n' ' ')" ] || fail "hosts are missing"
