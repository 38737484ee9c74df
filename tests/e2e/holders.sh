#!/bin/bash
# Who uses a disk or an interface of the machine's own is named, and it stays; what could cut the
# machine off has to be wanted. On a made tree; with root and free loop devices on those, too.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bigger_tree.sh"

mkdir -p "$tree/block"
fc_port 5
fc_disk 5 0 sda 0
fc_disk 5 1 sdb 16
fc_disk 5 2 sdc 32
lun=devices/pci0000:00/0000:00:05.0/host5/rport-5:0-0/target5:0:0
for part in 1 2 3; do
	put "$lun/5:0:0:0/block/sda/sda$part/dev" 8:$part
	put "$lun/5:0:0:0/block/sda/sda$part/partition" $part
	mkdir -p "$tree/$lun/5:0:0:0/block/sda/sda$part/holders"
done
# A volume on a partition and on a disk; an array of another; the file system is named by its number.
volume=devices/virtual/block/dm-0
put $volume/dm/uuid LVM-abc && put $volume/dm/name vg-root && put $volume/dev 253:0
mkdir -p "$tree/$volume/holders"
lead block/dm-0 $volume
lead "$lun/5:0:0:0/block/sda/sda3/holders/dm-0" $volume
lead "$lun/5:0:0:1/block/sdb/holders/dm-0" $volume
made_machine
name_of() { lsattr -El "$1" -a os_name -F value; }
for disk in $(lsdev -Cc disk -F name); do eval "$(name_of "$disk")=$disk"; done

mounted 8:1 '/boot\040of\040it' /dev/sda1
mounted 253:0 / /dev/mapper/vg-root
# Of several devices: the number is the file system's own.
mounted 0:44 /data /dev/sdc
printf 'Filename\tType\tSize\tUsed\tPriority\n/dev/sda2  partition 1 0 -2\n' >"$work/proc/swaps"

expect 1 rmdev -l "$sda"
error_has "$sda is in use: /dev/sda1 is mounted on /boot of it; /dev/sda2 is swap space; /dev/sda3 is part of the logical volume /dev/mapper/vg-root; /dev/mapper/vg-root is mounted on /."
expect 1 rmdev -dl "$sdb"
error_has "/dev/sdb is part of the logical volume /dev/mapper/vg-root"
expect 1 rmdev -l "$sdc"
error_has "/dev/sdc is mounted on /data."
expect 1 rmdev -Rl pci0
expect 0 lsdev -Cc disk -S a -F name
[ "$(wc -l <"$work/out")" = 3 ] || fail "a refused disk is not Available: $(cat "$work/out")"

# A disk in use is changed all the same, but what can take the root file system's away.
expect 0 chdev -l "$sda" -a read_ahead_kb=256 -a queue_depth=16
for change in timeout=5 eh_timeout=1 io_timeout=1000; do
	expect 1 chdev -l "$sda" -a $change
	error_has "the root file system is on sda"
done
expect 1 chdev -l "$sdb" -a timeout=5
expect 0 chdev -l "$sda" -a timeout=60
expect 0 chdev -l "$sdc" -a timeout=5
expect 0 chdev -l "$sda" -a timeout=30 --force
[ "$(has block/sda/device/timeout)" = 30 ] || fail "timeout"

# The kernel lowers the depth of a queue by itself: that is shown, is no drift and is left.
put "$lun/5:0:0:0/queue_depth" 9
expect 0 odmcfg drift
output_has "lowered"
expect 0 odmcfg apply
[ "$(has block/sda/device/queue_depth)" = 9 ] || fail "a queue depth that was lowered is put back"
put "$lun/5:0:0:0/queue_depth" 64
expect 1 odmcfg drift
output_has "drifted"
expect 0 odmcfg apply
[ "$(has block/sda/device/queue_depth)" = 16 ] || fail "a queue depth that was raised is left"
# Configured anew it has what is stored, as a disk that comes with another depth.
: >"$work/proc/self/mountinfo" && : >"$work/proc/swaps"
expect 1 rmdev -l "$sda"
error_has "vg-root"
rm "$tree/$lun/5:0:0:0/block/sda/sda3/holders/dm-0"
expect 0 rmdev -l "$sda"
put "$lun/5:0:0:0/queue_depth" 9
expect 0 mkdev -l "$sda"
[ "$(has block/sda/device/queue_depth)" = 16 ] || fail "queue_depth after mkdev"

# The smaller of two that contradict is what counts.
expect 0 lsattr -El "$sda"
[ ! -s "$work/err" ] || fail "a contradiction where there is none: $(cat "$work/err")"
put "$lun/5:0:0:0/block/sda/queue/nr_requests" 8
for asked in "" "-a queue_depth" "-a nr_requests"; do
	expect 0 lsattr -El "$sda" $asked
	error_has "queue_depth of $sda is 16, but nr_requests lets only 8 through: the smaller is what counts"
done
expect 0 lsattr -El "$sda" -a scheduler
[ ! -s "$work/err" ] || fail "unasked: $(cat "$work/err")"

# The interface of the default route, and one below it.
for net in eth0 eth1; do
	interface=devices/pci0000:00/0000:00:0${net#eth}.0/net/$net
	put "$(dirname "$(dirname "$interface")")/class" 0x020000
	lead "bus/pci/devices/0000:00:0${net#eth}.0" "devices/pci0000:00/0000:00:0${net#eth}.0"
	put "$interface/address" 02:00:00:00:00:0${net#eth} && put "$interface/addr_assign_type" 0
	put "$interface/mtu" 1500 && put "$interface/tx_queue_len" 1000
	put "$interface/ethtool/rings/rx" 256 && put "$interface/ethtool/coalesce/rx-usecs" 8
	lead "class/net/$net" "$interface"
done
expect 0 cfgmgr
printf 'Iface\tDestination\tGateway\nbond0\t00000000\t0100000A\neth1\t0000000A\t00000000\n' >"$work/proc/net/route"
mkdir -p "$tree/devices/virtual/net/bond0"
lead devices/pci0000:00/0000:00:00.0/net/eth0/upper_bond0 devices/virtual/net/bond0
expect 1 rmdev -l en0
error_has "en0 is in use: eth0 is a part of bond0, which carries the default route."
expect 1 chdev -l en0 -a mtu=9000
expect 1 chdev -l ent0 -a rx_ring=512
error_has "which carries the default route"
expect 0 chdev -l ent0 -a rx_usecs=16
expect 0 chdev -l ent0 -a rx_ring=512 --force
expect 0 chdev -l en1 -a mtu=9000
expect 0 chdev -l ent1 -a rx_ring=512
expect 0 rmdev -l en1
# The last processor.
put devices/system/cpu/online 0-1
for cpu in 0 1; do put devices/system/cpu/cpu$cpu/online 1; done
expect 0 cfgmgr
expect 0 chdev -l proc1 -a online=0
put devices/system/cpu/online 0
expect 1 chdev -l proc0 -a online=0
error_has "no other processor is online"

# The kernel's own lists: a mounted loop device, in a namespace of the test's own, and one behind another.
[ "$(id -u)" = 0 ] && command -v mkfs.ext4 >/dev/null && truncate -s 8M "$work/image" &&
	loop=$(losetup -f --show "$work/image" 2>/dev/null) || exit 0
give_back() { losetup -n -O NAME -j "$work/image" | xargs -r losetup -d; }
trap 'status=$?; give_back 2>/dev/null; odmcfg kexd --stop --force >/dev/null 2>&1; rm -rf "$work"; exit $status' EXIT
name=$(basename "$loop")
mkfs.ext4 -q "$loop" && mkdir "$work/mounted on" || exit 0
rm -rf "$ODMCFG_ROOT"
expect 0 odmcfg init --host
expect 0 cfgmgr
# shellcheck disable=SC2016 # for the other shell
expect 1 unshare -m sh -c 'mount "$1" "$2" && rmdev -l "$3"' sh "$loop" "$work/mounted on" "$name"
error_has "$name is in use: $loop is mounted on $work/mounted on."
expect 0 rmdev -l "$name"
