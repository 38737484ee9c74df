#!/bin/bash
# docs/coming-from-udev-and-tuned.md: each of our commands succeeds, each line of output is one, on a
# made tree like the machine that the page describes. What happens to disks meanwhile is done here.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/made_tree.sh"
. "$(dirname "$0")/play.sh"
page=$(dirname "$0")/../../docs/coming-from-udev-and-tuned.md
make_tree "$work/sys"
put_scsi_disk sda 0 naa.5000c50000000001
put_scsi_disk sdb 1 naa.5000c50000000002
echo "host = \"$tree\";" >"$work/machine.cfg"
expect 0 odmcfg init --machine "$work/machine.cfg"
expect 0 cfgmgr

put block/vda/queue/rotational 0
expect 0 cfgmgr

# What others have: the page's rules and its profiles, in the places of their daemons.
mkdir -p "$work/etc/udev/rules.d" "$work/etc/tuned/net"
awk '/60-scheduler.rules/ { here = 1 } here && inside && /^```/ { exit } inside { print }
	/^```/ { inside = here }' "$page" >"$work/etc/udev/rules.d/60-scheduler.rules"
sed -n '/^\[net\]/,/^```/p' "$page" | grep -v '```' >"$work/etc/tuned/net/tuned.conf"

# What is done before a block of the page: SECTION.BLOCK.
before() {
	case $1 in
	9.2) put_scsi_disk sdc 5 naa.5000c50000000003 ;;
	9.3) take_scsi_disk sda ;;
	9.4) put_scsi_disk sdq 9 naa.5000c50000000001 ;;
	esac
}

# One file a block: $work/block.SECTION.BLOCK
sed -e "s|/sys/|$tree/|" -e "s#/etc/\(udev\|tuned\)#$work&#g; s#/var/tmp/#$work/#" "$page" | awk -v to="$work/block." '
	/^## / { section++; block = 0 }
	/^```/ { inside = $0 == "```console"; block += inside; next }
	inside { print >(to section "." block) }'
for section in 1 2 3 4 5 6 7 8 9 10 11; do
	[ -f "$work/block.$section.1" ] || fail "task $section has no commands"
	for block in 1 2 3 4; do
		[ -f "$work/block.$section.$block" ] || continue
		before $section.$block
		play <"$work/block.$section.$block"
	done
done
[ "$(cat "$tree/block/sdq/device/queue_depth")" = 48 ] || fail "the disk has not its value"
[ "$(cat "$tree/block/sdb/device/queue_depth")" = 32 ] || fail "the drift was not put right"
