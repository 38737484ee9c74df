#!/bin/bash
# Trees that have not all that a kernel shows, as recorded ones: their devices are configured, and
# nothing is told that would not be so. Recorded trees themselves are read when ODMCFG_RECORDED_SYSFS
# names a folder with them, unpacked.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bigger_tree.sh"

# A tree of disks only: no bus, no class, nothing said of a function, and no memory but nodes'.
ata=devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0
put $ata/wwid naa.5000c50000000001
put $ata/queue_depth 31
queue $ata/block/sda
lead $ata/block/sda/device $ata
lead block/sda $ata/block/sda
nvme=devices/pci0000:00/0000:00:01.0/0000:01:00.0/nvme/nvme0/nvme0n1
put $nvme/wwid eui.0025385000000001
queue $nvme
lead block/nvme0n1 $nvme
put devices/system/node/node0/meminfo "Node 0 MemTotal:       1048576 kB"
made_machine
[ ! -s "$work/err" ] || fail "cfgmgr tells: $(cat "$work/err")"
expect 0 lsdev -C -F name:status:location:type -l 'pci*'
expect 0 lsdev -C -F name:status
for device in hdisk0 hdisk1 sata0 nvme0 pci1 mem0; do
	output_has "$device:Available"
done
expect 0 lsattr -El sata0 -a os_name -F value
output_is <<<0000:00:1f.2
expect 0 lsattr -El nvme0 -a os_name -F value
output_is <<<0000:01:00.0
expect 0 chdev -l hdisk0 -a read_ahead_kb=512
expect 0 odmcfg drift
expect 0 odmcfg check
no_output
# A function that is not there any more is told as that.
mv "$tree/devices/pci0000:00/0000:00:1f.2" "$work/away"
expect 0 lsattr -El sata0
error_has "0000:00:1f.2 is not below its bus"

[ -d "${ODMCFG_RECORDED_SYSFS:-}" ] || exit 0
find "$ODMCFG_RECORDED_SYSFS" -name sys -type d -path '*/sys' ! -path '*/sys/*' >"$work/trees"
[ -s "$work/trees" ] || fail "no tree below $ODMCFG_RECORDED_SYSFS"
while read -r tree; do
	rm -rf "$ODMCFG_ROOT"
	made_machine
	[ ! -s "$work/err" ] || fail "$tree: cfgmgr tells: $(cat "$work/err")"
	expect 0 lsdev -C -c disk -F name
	[ -s "$work/out" ] || fail "$tree has no disk"
	expect 0 lsdev -C -S d -F name
	no_output
	expect 0 odmcfg check
done <"$work/trees"
