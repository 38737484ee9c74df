#!/bin/bash
# Our scan of a tree that umockdev makes against what libudev sees in it: the same disks, tapes,
# interfaces and PCI functions, at the same adapters, with the same values. Skipped (77) without
# umockdev. Usage: umockdev.sh STAGE UDEV_VIEW DESCRIPTION
if [ "${UMOCKDEV_DIR:-}" = "" ]; then
	command -v umockdev-run >/dev/null || exit 77
	description=$(mktemp)
	# Many disks more than those that are described.
	cp "$3" "$description"
	for ((i = 0; i < 60; i++)); do
		unit=/devices/pci0000:00/0000:00:06.0/host6/target6:1:$i/6:1:$i:0
		cat <<END
P: $unit
E: SUBSYSTEM=scsi
E: DEVTYPE=scsi_device
A: vendor=MADE
A: model=DISK
A: rev=1
A: wwid=naa.5000c5000001$(printf %04x $i)

P: $unit/block/sdm$i
N: sdm$i
E: SUBSYSTEM=block
E: DEVTYPE=disk
A: size=$((2048 * (100 + i)))
A: queue/read_ahead_kb=$((4 * i))
L: device=../../../6:1:$i:0

END
	done >>"$description"
	umockdev-run -d "$description" -- "$0" "$@"
	status=$?
	rm -f "$description"
	exit $status
fi
udev_view=$2 preload=$LD_PRELOAD
# Only libudev sees the tree in the place of /sys; we are told where it is.
unset LD_PRELOAD
. "$(dirname "$0")/lib.sh"
tree=$UMOCKDEV_DIR/sys

libudev_sees() {
	ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 LD_PRELOAD=$preload "$udev_view" |
		grep -v '^net lo ' | sort
}
# value ATTRIBUTE, of the device whose attributes were read last.
value() { sed -n "s/^$1://p" "$work/attributes" | grep . || echo -; }
# The PCI function that a device is, or is behind, by its parents in our database.
function_of() {
	local name=$1 place
	while [ -n "$name" ]; do
		place=$(sed -n "s/^$name:\([^:]*\):.*:\(bus\|adapter\):pci:.*/\1/p" "$work/devices")
		[ -z "$place" ] || break
		name=$(sed -n "s/^$name:[^:]*:\([^:]*\):.*/\1/p" "$work/devices")
	done
	echo "${place//./:}" | sed 's/:\([0-9a-f]\)$/.\1/;s/^$/-/'
}
we_see() {
	odmget CuDv | awk -F'"' '/\tname =/ {name = $2} /\tparent =/ {parent = $2} /\tconnwhere =/ {where = $2}
		/\tPdDvLn =/ {split($2, type, "/"); gsub(":", ".", where); print name ":" where ":" parent "::" type[1] ":" type[2] ":" type[3]}' \
		>"$work/devices"
	while IFS=: read -r name place parent _ class subclass _; do
		lsattr -El "$name" -F attribute:value >"$work/attributes" 2>/dev/null
		case $class in
		disk | cdrom)
			id=$(value unique_id)
			echo "block $(value os_name) $(function_of "$name") $(value size_in_mb) ${id/#path.*/-} $(value read_ahead_kb)" ;;
		tape) echo "scsi_tape $(value os_name) $(function_of "$name")" ;;
		adapter | bus)
			[ "$subclass" = pci ] || continue
			echo "pci $(function_of "$name") $(function_of "$name")"
			os_name=$(value os_name)
			case $os_name in *:*) ;; *) echo "net $os_name $(function_of "$name")" ;; esac ;;
		esac
	done <"$work/devices" | sort
}

expect 0 odmcfg init --host
printf 'host = "%s";\n' "$tree" >"$ODMCFG_ROOT/etc/machine.cfg"
expect 0 cfgmgr
[ ! -s "$work/err" ] || fail "cfgmgr tells: $(cat "$work/err")"
libudev_sees >"$work/libudev" || fail "libudev sees nothing"
[ "$(grep -c '^block' "$work/libudev")" = 63 ] || fail "libudev sees $(grep -c '^block' "$work/libudev") disks"
we_see >"$work/ours"
diff -u "$work/libudev" "$work/ours" >"$work/difference" || fail "libudev (-) and we (+) differ: $(cat "$work/difference")"
# What we change there libudev sees, and the other way round.
disk=$(odmget -q "attribute=os_name and value=sda" CuAt | sed -n 's/^\tname = "\(.*\)"/\1/p')
expect 0 chdev -l "$disk" -a read_ahead_kb=512
libudev_sees | grep -q '^block sda 0000:00:1f.2 1024 naa.5000c50000000001 512$' || fail "libudev does not see a change"
