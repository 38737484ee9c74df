#!/bin/bash
# The real kernel's tunables: of a loop device of a temporary file, and of a veth pair in a network
# namespace, where no other interface of this machine is. Skipped (77) where that can't be had.
# usage: real_tunable.sh PROGRAM
set -u
if [ "${2:-}" != inside ]; then
	[ "$(id -u)" -eq 0 ] && command -v losetup >/dev/null && command -v ip >/dev/null &&
		unshare -n -m true 2>/dev/null ||
		exit 77
	exec unshare -n -m "$0" "$1" inside
fi

work=$(mktemp -d)
loop= saved=
# The next user of this loop device finds it as it was; a scheduler changes nr_requests.
clean_up() {
	status=$?
	for attribute in $saved; do
		value=$(sed 's/.*\[\(.*\)\].*/\1/' "$work/$attribute")
		echo "$value" >"$work/sys/block/$loop/queue/$attribute"
	done
	umount "$work/sys" 2>/dev/null
	rm -rf "$work"
	exit "$status"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

mkdir "$work/sys"
mount -t sysfs sysfs "$work/sys" && ip link add left type veth peer name right || exit 77
truncate -s 1M "$work/file"
loop=$(losetup --find --show "$work/file") || exit 77
# Detached as soon as nobody has it open, whatever ends this test.
exec 3<"$loop" && losetup -d "$loop"
loop=${loop#/dev/}
for attribute in scheduler nr_requests max_sectors_kb read_ahead_kb rq_affinity; do
	cat "$work/sys/block/$loop/queue/$attribute" >"$work/$attribute" || exit 77
	saved+=" $attribute"
done
TREE=$work/sys LOOP=block/$loop "$1"
