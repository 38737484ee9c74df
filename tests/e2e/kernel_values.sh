#!/bin/bash
# What is told of values that the kernel has, before one is changed: on a made tree.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bigger_tree.sh"

mkdir -p "$tree/block"
fc_port 5
fc_disk 5 0 sda 0
made_machine

# What is allowed: the kernel's list, its maximum, the schema's; nothing that looks like a value else.
expect 0 lsattr -Rl hdisk0 -a scheduler
output_is <<<$'none\nmq-deadline\nkyber'
expect 0 lsattr -Rl hdisk0 -a max_sectors_kb
output_is <<<"0...32767 (+1)"
put block/sda/queue/rq_affinity 1
expect 0 lsattr -Rl hdisk0 -a rq_affinity
output_is <<<$'0\n1\n2'
expect 1 lsattr -Rl hdisk0 -a nr_requests
no_output
error_has "nr_requests has neither a list nor a range of values: it is a number"
expect 1 lsattr -Rl hdisk0 -a size_in_mb
no_output
error_has "it is not the user's to set"
expect 1 lsattr -R -c disk -s fcp -t lxdisk -a nr_requests
no_output

# A change that is only shown is shown against what holds.
expect 0 chdev --dry-run -l hdisk0 -a nr_requests=64 -a read_ahead_kb=512 -F attribute:value:new
output_is <<<$'nr_requests:128:64\nread_ahead_kb:128:512'
expect 0 chdev -l hdisk0 -a nr_requests=64
put block/sda/queue/nr_requests 32
expect 0 chdev --dry-run -l hdisk0 -a nr_requests=96 -F attribute:value:new
output_is <<<nr_requests:32:96
expect 0 rmdev -l hdisk0
expect 0 chdev --dry-run -l hdisk0 -a nr_requests=96 -F attribute:value:new
output_is <<<nr_requests:64:96
expect 0 mkdev -l hdisk0

# What is guarded can be set to what it is already, and to nothing lower unasked.
mounted 8:0 / /dev/sda
expect 1 chdev -l hdisk0 -a timeout=20
error_has "the root file system is on"
expect 0 chdev -l hdisk0 -a timeout=30
[ "$(has block/sda/device/timeout)" = 30 ] || fail timeout
expect 0 chdev -l hdisk0 -a timeout=20 --force
expect 0 chdev -l hdisk0 -a timeout=20

put devices/pci0000:00/0000:00:07.0/class 0x020000
put devices/pci0000:00/0000:00:07.0/vendor 0x8086
put devices/pci0000:00/0000:00:07.0/device 0x1533
lead bus/pci/devices/0000:00:07.0 devices/pci0000:00/0000:00:07.0
net=devices/pci0000:00/0000:00:07.0/net/eth0
put $net/address 52:54:00:00:00:07 && put $net/addr_assign_type 0 && put $net/mtu 1500
lead class/net/eth0 $net
expect 0 cfgmgr
printf 'Iface\tDestination\n%s\t00000000\n' eth0 >"$work/proc/net/route"
expect 1 chdev -l en0 -a mtu=9000
error_has "eth0 carries the default route"
expect 0 chdev -l en0 -a mtu=1500
expect 0 odmcfg drift
[ "$(odmget -q "name=en0 and attribute=mtu" CuAt | grep -c 'value = "1500"')" = 1 ] || fail "what was asked for is not stored"
