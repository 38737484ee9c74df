#!/bin/bash
# A repository on a file system that fills up: what was said to be done is there, what failed left
# nothing. Needs a small file system of its own; skipped (77) where none may be mounted.
if [ "${FULL_DISK:-}" = "" ]; then
	probe=$(mktemp -d)
	for way in "unshare -m" "unshare -Urm"; do
		$way mount -t tmpfs -o size=64k odmcfg "$probe" 2>/dev/null || continue
		rmdir "$probe"
		FULL_DISK=1 exec $way "$0" "$@"
	done
	rmdir "$probe"
	exit 77
fi
. "$(dirname "$0")/lib.sh"
mkdir "$work/small"
mount -t tmpfs -o size=4m odmcfg "$work/small" || fail "the mount"
trap 'status=$?; umount "$work/small"; rm -rf "$work"; exit $status' EXIT
export ODMDIR=$work/small
head -c 3m /dev/zero >"$work/small/filler"
expect 0 odmcreate -c "$stage/share/odmcfg/schemas/cfgodm.cre"

stanzas() {
	for i in $(seq "$2"); do
		printf 'PdMsg:\n\tcatalog = "%s"\n\tmsgno = %d\n\ttext = "%0200d"\n' "$1" "$i" "$i"
	done
}
objects() { odmget -q "catalog=$1" PdMsg | grep -c PdMsg:; }

# Files of ten, until one does not fit.
done=0
while stanzas "file$done" 10 >"$work/stanzas" && odmadd "$work/stanzas" 2>"$work/err"; do
	done=$((done + 1))
	[ $done -lt 1000 ] || fail "never full"
done
error_has "0519-031 libodm: the file system is full."
[ $done -gt 3 ] || fail "full at once"
[ "$(objects "file$done")" = 0 ] || fail "half a file"
for i in 0 $((done - 1)); do
	[ "$(objects "file$i")" = 10 ] || fail "file$i is not whole"
done
expect 0 odmcfg check
no_output

# Still full: every change is refused whole; reading goes on.
odmget PdMsg >"$work/before"
head -c 100k /dev/zero >"$work/small/rest" 2>/dev/null
stanzas big 500 >"$work/stanzas"
expect 1 odmadd "$work/stanzas"
expect 1 odmdelete -o PdMsg --all
expect 1 odmcfg backup "$work/small/copy"
[ ! -e "$work/small/copy" ] && [ ! -e "$work/small/copy.tmp" ] || fail "half a copy"
expect 0 odmget PdMsg
output_is <"$work/before"

# With room again, everything works again.
rm "$work/small/filler" "$work/small/rest"
expect 0 odmadd "$work/stanzas"
[ "$(objects big)" = 500 ] || fail "after the remount"
expect 0 odmcfg check
