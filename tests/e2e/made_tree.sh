# Sourced by tests of this machine's own devices that must not touch the machine's: a small tree of
# kernel attributes, two processors, a virtio disk and network adapter, and SCSI disks as they are
# asked for. Files take any value, where a kernel would refuse or round some.

# put FILE VALUE, in the tree
put() {
	mkdir -p "$tree/$(dirname "$1")"
	printf '%s\n' "$2" >"$tree/$1"
}

# put_pci SLOT VENDOR DEVICE CLASS: its directory is devices/pci0000:00/0000:00:SLOT.0
put_pci() {
	local directory=devices/pci0000:00/0000:00:$1.0
	put "$directory/vendor" "$2"
	put "$directory/device" "$3"
	put "$directory/class" "$4"
	put "$directory/irq" 0
	mkdir -p "$tree/bus/pci/devices"
	ln -s "../../../$directory" "$tree/bus/pci/devices/0000:00:$1.0"
}

# put_block NAME DIRECTORY: the disk's own below DIRECTORY/block, as a kernel has just made it
put_block() {
	local queue=$2/block/$1/queue
	put "$queue/scheduler" "none [mq-deadline] kyber bfq"
	put "$queue/nr_requests" 256
	put "$queue/read_ahead_kb" 8192
	put "$queue/max_hw_sectors_kb" 4096
	put "$queue/max_sectors_kb" 4096
	put "$queue/rq_affinity" 1
	put "$queue/nomerges" 0
	put "$queue/wbt_lat_usec" 75000
	put "$queue/write_cache" "write back"
	put "$queue/add_random" 0
	put "$queue/iostats" 1
	put "$queue/rotational" 1
	put "$2/block/$1/size" 536870912
	mkdir -p "$tree/block"
	ln -sfn "../$2/block/$1" "$tree/block/$1"
}

# put_scsi_disk NAME TARGET WWID: a disk below the SCSI adapter
put_scsi_disk() {
	local unit=devices/pci0000:00/0000:00:05.0/host0/target0:0:$2/0:0:$2:0
	put "$unit/vendor" MADE
	put "$unit/model" DISK
	put "$unit/rev" 1
	put "$unit/wwid" "$3"
	put "$unit/queue_depth" 32
	put "$unit/timeout" 30
	put "$unit/eh_timeout" 10
	put_block "$1" "$unit"
	ln -sfn ../.. "$tree/$unit/block/$1/device"
}

# take_scsi_disk NAME: as if it were pulled
take_scsi_disk() {
	local unit
	unit=$(readlink -f "$tree/block/$1/device")
	rm -r "$tree/block/$1" "$unit"
}

# make_tree DIRECTORY
make_tree() {
	local card=devices/pci0000:00/0000:00:03.0/virtio1
	tree=$1
	for number in 0 1; do
		put "devices/system/cpu/cpu$number/topology/physical_package_id" 0
		put "devices/system/cpu/cpu$number/online" 1
	done
	put devices/system/cpu/online 0-1
	put_pci 01 0x1af4 0x1045 0x00ff00
	put_pci 02 0x1af4 0x1042 0x018000
	put_block vda devices/pci0000:00/0000:00:02.0/virtio0
	put devices/pci0000:00/0000:00:02.0/virtio0/block/vda/serial 1986637555248642
	put_pci 03 0x1af4 0x1041 0x020000
	put "$card/net/eth0/address" 52:54:00:12:34:56
	put "$card/net/eth0/addr_assign_type" 0
	put "$card/net/eth0/mtu" 1400
	put "$card/net/eth0/tx_queue_len" 1000
	put "$card/net/eth0/ethtool/rings/rx" 256
	put "$card/net/eth0/ethtool/rings/rx-max" 4096
	put "$card/net/eth0/ethtool/rings/tx" 256
	put "$card/net/eth0/ethtool/rings/tx-max" 4096
	mkdir -p "$tree/class/net"
	ln -s "../../$card/net/eth0" "$tree/class/net/eth0"
	put_pci 05 0x1000 0x0030 0x010000
}
