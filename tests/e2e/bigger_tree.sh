# Sourced by tests of the machine's own devices: a tree of kernel attributes made of plain files in
# $work/sys, with proc beside it. It refuses nothing and changes nothing by itself.
tree=$work/sys

# put FILE VALUE
put() { mkdir -p "$(dirname "$tree/$1")" && printf '%s\n' "$2" >"$tree/$1"; }
# has FILE: what is there.
has() { cat "$tree/$1"; }
# lead LINK TARGET, both below the tree.
lead() { mkdir -p "$(dirname "$tree/$1")" && ln -sfnr "$tree/$2" "$tree/$1"; }

# fc_port NUMBER: host NUMBER, a Fibre Channel port behind PCI slot NUMBER.
fc_port() {
	local pci=devices/pci0000:00/0000:00:0$1.0
	put "$pci/class" 0x0c0400 && put "$pci/vendor" 0x1077 && put "$pci/device" 0x2532
	put "$pci/host$1/fc_host/host$1/port_name" "0x21000024ff00000$1"
	put "$pci/host$1/fc_host/host$1/port_state" Online
	lead "bus/pci/devices/0000:00:0$1.0" "$pci"
	lead "class/fc_host/host$1" "$pci/host$1/fc_host/host$1"
	put "class/fc_remote_ports/rport-$1:0-0/port_name" 0x5006016000000001
}

# queue DIRECTORY: what the block layer has of a disk.
queue() {
	put "$1/queue/scheduler" "none [mq-deadline] kyber"
	put "$1/queue/nr_requests" 128
	put "$1/queue/read_ahead_kb" 128
	put "$1/queue/max_sectors_kb" 1280
	put "$1/queue/max_hw_sectors_kb" 32767
	put "$1/queue/io_timeout" 30000
	put "$1/size" 2097152
	mkdir -p "$tree/$1/holders"
}

# fc_disk PORT LUN NAME MINOR: a path to the disk of that number.
fc_disk() {
	local lun=devices/pci0000:00/0000:00:0$1.0/host$1/rport-$1:0-0/target$1:0:0/$1:0:0:$2
	put "$lun/wwid" "naa.60060160000000000000000000000$2ff"
	put "$lun/state" running
	put "$lun/queue_depth" 32 && put "$lun/timeout" 30 && put "$lun/eh_timeout" 10
	put "$lun/vendor" MADE && put "$lun/model" DISK && put "$lun/rev" 0001
	put "$lun/block/$3/dev" "8:$4"
	queue "$lun/block/$3"
	lead "$lun/block/$3/device" "$lun"
	lead "block/$3" "$lun/block/$3"
}

# map NAME NUMBER PATHS...: a multipath map.
multipath_map() {
	local name=$1 map=devices/virtual/block/dm-$2
	put "$map/dm/uuid" "mpath-3$name" && put "$map/dm/name" "$name" && put "$map/dev" "253:$2"
	queue "$map"
	lead "block/dm-$2" "$map"
	shift 2
	for path in "$@"; do
		lead "$map/slaves/$path" "block/$path"
		ln -sfnr "$tree/$map" "$tree/block/$path/holders/$(basename "$map")"
	done
}

# mounted DEVICE DIRECTORY SOURCE: a line of the kernel's list of mounts.
mounted() {
	mkdir -p "$work/proc/self" "$work/proc/net"
	echo "30 1 $1 / $2 rw,relatime - ext4 $3 rw" >>"$work/proc/self/mountinfo"
}

# A root that manages the tree's devices.
made_machine() {
	expect 0 odmcfg init --host
	printf 'host = "%s";\n' "$tree" >"$ODMCFG_ROOT/etc/machine.cfg"
	expect 0 cfgmgr
}
