#!/bin/bash
# Ways in which Linux loses tunables, each first without odmcfg and then with it. On a made tree,
# where the script does what kernel and udev do; with root and a free loop device on that, too.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bigger_tree.sh"

mkdir -p "$tree/block"
fc_port 5
fc_disk 5 0 sda 0
made_machine
is() { [ "$(has "$1")" = "$2" ] || fail "$1 is $(has "$1"), not $2: $3"; }

# udev reads a disk again after a writer closes it, and the kernel computes max_sectors_kb anew.
reread() { put "$(realpath --relative-to="$tree" "$tree/block/sda")/queue/max_sectors_kb" 1280; }
echo 512 >"$tree/block/sda/queue/max_sectors_kb"
reread
is block/sda/queue/max_sectors_kb 1280 "nobody lost it"
expect 0 chdev -l hdisk0 -a max_sectors_kb=512
reread
expect 1 odmcfg drift
output_has "max_sectors_kb"
output_has "drifted"
expect 0 odmcfg apply -l hdisk0
is block/sda/queue/max_sectors_kb 512 "a re-read took it"
expect 0 odmcfg drift
no_output

# A new kernel computes how far it reads ahead from the disk's optimal size: 128 becomes 4096.
new_kernel() { echo 4096 >"$tree/block/sda/queue/read_ahead_kb"; }
echo 128 >"$tree/block/sda/queue/read_ahead_kb"
new_kernel
is block/sda/queue/read_ahead_kb 4096 "nobody lost it"
echo 128 >"$tree/block/sda/queue/read_ahead_kb"
expect 0 chdev -l hdisk0 -a read_ahead_kb=128
new_kernel
expect 0 lsattr -El hdisk0 --diff
output_has "read_ahead_kb  128"
# What is stored, and beside it what the kernel has.
expect 0 lsattr -El hdisk0 --diff -F attribute:value:running
output_has "read_ahead_kb:128:4096"
expect 0 lsattr -El hdisk0 -a read_ahead_kb -F value
output_is <<<4096
expect 0 odmcfg boot
is block/sda/queue/read_ahead_kb 128 "the new kernel's default is in force"
# So it is for a disk that goes and comes.
new_kernel
expect 0 rmdev -l hdisk0
expect 0 mkdev -l hdisk0
is block/sda/queue/read_ahead_kb 128 "the disk came with the default"

# Rings that are set when the bond is there take it apart: slaves' values come first, whatever the
# names' order is. Here the order is seen by the times of the writes.
for net in eth0 eth1; do
	slot=0000:00:0${net#eth}.0
	interface=devices/pci0000:00/$slot/net/$net
	put "devices/pci0000:00/$slot/class" 0x020000
	lead "bus/pci/devices/$slot" "devices/pci0000:00/$slot"
	put "$interface/address" 02:00:00:00:00:0${net#eth} && put "$interface/addr_assign_type" 0
	put "$interface/mtu" 1500 && put "$interface/ethtool/rings/rx" 256
	lead "class/net/$net" "$interface"
done
bond=devices/virtual/net/bond0
put $bond/uevent DEVTYPE=bond && put $bond/address 02:00:00:00:00:00
put $bond/addr_assign_type 2 && put $bond/mtu 1500 && put $bond/tx_queue_len 1000
lead class/net/bond0 $bond
for net in eth0 eth1; do lead $bond/lower_$net "class/net/$net"; done
expect 0 cfgmgr
names=$(lsdev -Cc adapter -F name | grep ent)
for ent in $names; do eval "$(lsattr -El "$ent" -a os_name -F value)=$ent"; done
expect 0 chdev -l "${eth0:?}" -a rx_ring=512
expect 0 chdev -l "${eth1:?}" -a rx_ring=512
expect 0 chdev -l "en${bond0#ent}" -a mtu=9000
restart() {
	echo 1500 >"$tree/$bond/mtu"
	for net in eth0 eth1; do echo 256 >"$tree/class/net/$net/ethtool/rings/rx"; done
	sleep 0.05
}
rings_came_first() {
	is class/net/bond0/mtu 9000 "$1"
	for net in eth0 eth1; do
		is class/net/$net/ethtool/rings/rx 512 "$1"
		# Writes of one tick of the file system's clock have the same time.
		[ ! "$tree/class/net/$net/ethtool/rings/rx" -nt "$tree/$bond/mtu" ] ||
			fail "$1: the bond had its value before the rings of $net"
	done
}
restart
echo 9000 >"$tree/$bond/mtu"
sleep 0.05
echo 512 >"$tree/class/net/eth0/ethtool/rings/rx"
[ "$tree/class/net/eth0/ethtool/rings/rx" -nt "$tree/$bond/mtu" ] || fail "the order is not seen"
restart
expect 0 odmcfg boot
rings_came_first boot
restart
expect 0 odmcfg apply
rings_came_first apply

# A scheduler of old kernels: today's refuse it at each boot, unseen. Told, and left, it fails nothing.
[ "$(id -u)" = 0 ] && truncate -s 8M "$work/image" && loop=$(losetup -f --show "$work/image" 2>/dev/null) || exit 0
name=$(basename "$loop")
# Somebody else may have taken it.
give_back() { [ "$(cat "/sys/block/$name/loop/backing_file")" != "$work/image" ] || losetup -d "$loop"; }
trap 'status=$?; give_back 2>/dev/null; odmcfg kexd --stop --force >/dev/null 2>&1; rm -rf "$work"; exit $status' EXIT
queue=/sys/block/$name/queue
before=$(cat "$queue/scheduler")
! { echo noop >"$queue/scheduler"; } 2>/dev/null || exit 0
[ "$(cat "$queue/scheduler")" = "$before" ] || fail "noop changed the scheduler"
expect 0 odmcfg kexd --stop --force
rm -rf "$ODMCFG_ROOT"
expect 0 odmcfg init --host
expect 0 cfgmgr
expect 1 chdev -l "$name" -a scheduler=noop
error_has "noop"
cat >"$work/old" <<END
CuAt:
	name = "$name"
	attribute = "scheduler"
	value = "noop"
	type = "R"
	generic = "DU"
	rep = "s"
	nls_index = 0
END
expect 0 odmadd "$work/old"
expect 0 odmcfg boot
error_has "noop"
error_has "allowed"
[ "$(cat "$queue/scheduler")" = "$before" ] || fail "the scheduler is $(cat "$queue/scheduler")"
expect 0 lsdev -Cl "$name" -F status
output_is <<<Available
expect 0 chdev -l "$name" -a scheduler= -P

# A loop device that is given up and made again has the kernel's own read_ahead_kb.
again() { losetup -d "$loop" && losetup "$loop" "$work/image" || exit 77; }
echo 64 >"$queue/read_ahead_kb"
again
[ "$(cat "$queue/read_ahead_kb")" != 64 ] || exit 0
expect 0 chdev -l "$name" -a read_ahead_kb=64
again
[ "$(cat "$queue/read_ahead_kb")" != 64 ] || fail "the kernel kept it"
expect 0 odmcfg apply -l "$name"
[ "$(cat "$queue/read_ahead_kb")" = 64 ] || fail "read_ahead_kb is $(cat "$queue/read_ahead_kb")"
