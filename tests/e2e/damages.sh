#!/bin/bash
# Random damages of a repository, a few of each class; damages_long.sh does 200. DAMAGES and
# DAMAGES_SEED say how many, and which; DAMAGES_CLASS that it is one class only.
if [ "${DAMAGES_FULL:-}" = "" ]; then
	# A small file system, which fills up; without one that class is left out.
	export DAMAGES_FULL=no
	probe=$(mktemp -d)
	for way in "unshare -m" "unshare -Urm"; do
		$way mount -t tmpfs -o size=64k odmcfg "$probe" 2>/dev/null || continue
		rmdir "$probe"
		DAMAGES_FULL=full exec $way "$0" "$@"
	done
	rmdir "$probe"
fi
. "$(dirname "$0")/lib.sh"
repository=$ODMCFG_ROOT/objrepos
if [ "$DAMAGES_FULL" = full ]; then
	mkdir -p "$repository"
	mount -t tmpfs -o size=16m,mode=755 odmcfg "$repository" || fail "the mount"
	trap 'status=$?; odmcfg kexd --stop --force >/dev/null 2>&1; umount "$repository"; rm -rf "$work"; exit $status' EXIT
fi
configured_machine
expect 0 chdev -l tmscsi1 -a num_bufs=77
expect 0 odmcfg kexd --stop
expect 0 odmcfg backup --keep
mkdir "$work/kept"
python3 "$(dirname "$0")/damages.py" "$repository" "${DAMAGES:-4}" "${DAMAGES_SEED:-1}" \
	"$DAMAGES_FULL" || fail "damages"
