#!/bin/bash
# prtconf, lsslot, bootinfo and getconf: what they say is what the database has.
. "$(dirname "$0")/lib.sh"
expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/power.cfg"
# Before anything is configured there is nothing to say.
expect 1 prtconf -m
error_has "no memory that is configured"
expect 1 prtconf -s
expect 1 bootinfo -r
expect 0 lsslot -c pci
output_is <<<"# Slot Description Device(s)"
expect 0 cfgmgr

expect 0 prtconf -m
output_is <<<"Memory Size: 32768 MB"
expect 0 prtconf -s
output_is <<<"Processor Clock Speed: 3000 MHz"
chdev -l en1 -a netaddr=10.1.2.3 -a netmask=255.255.0.0 -a state=up >/dev/null
chdev -l en0 -a netaddr=10.9.9.9 -a state=down >/dev/null
chdev -l inet0 -a hostname=aix1 -a route=net,-hopcount,1,,10.9.0.0,10.1.0.9 -a route=net,-hopcount,0,,0,10.1.0.1 >/dev/null
rmdev -l proc3 >/dev/null
expect 0 prtconf
head -17 "$work/out" >"$work/some"
diff -u - "$work/some" <<'END' || fail "prtconf"
System Model: IBM,8233-E8B
Machine Serial Number: 10F3D2P
Processor Type: PowerPC_POWER7
Number Of Processors: 3
Processor Clock Speed: 3000 MHz
Memory Size: 32768 MB
Good Memory Size: 32768 MB
Firmware Version: IBM,AL730_154
Auto Restart: true
Full Core: false

Network Information
	Host Name: aix1
	IP Address: 10.1.2.3
	Sub Netmask: 255.255.0.0
	Gateway: 10.1.0.1

END
tail -n +18 "$work/out" >"$work/rest"
lscfg | cmp - "$work/rest" || fail "the list is not lscfg's"
expect 0 prtconf -v
lscfg -vp | cmp - "$work/out" || fail "-v is not lscfg -vp"
grep -q "Physical Location: U8233.E8B.10F3D2P-Y1" "$work/out" || fail "no platform"
expect 2 prtconf -m -s
expect 2 prtconf -c

expect 0 lsslot -c pci
output_is <<'END'
# Slot                   Description                  Device(s)
U78A0.001.DNWHZS4-P1-C1  Slot of PCI Express Bus pci2 fcs0 fcs1
U78A0.001.DNWHZS4-P1-C4  Slot of PCI Express Bus pci0 ent0 ent1
U78A0.001.DNWHZS4-P1-C13 Slot of PCI Express Bus pci1 sissas0
END
expect 0 lsslot -c pci -l ent1 -F :
output_is <<<"U78A0.001.DNWHZS4-P1-C4:Slot of PCI Express Bus pci0:ent0 ent1"
expect 0 lsslot -c pci -s U78A0.001.DNWHZS4-P1-C13 --json
output_is <<<'[{"slot": "U78A0.001.DNWHZS4-P1-C13", "description": "Slot of PCI Express Bus pci1", "devices": "sissas0"}]'
expect 1 lsslot -c pci -l hdisk0
error_has "hdisk0 is in no slot"
expect 1 lsslot -c pci -l fcs
expect 1 lsslot -c pci -s U1
error_has "U1 is no slot that a device is in"
expect 2 lsslot -c phb
error_has "only pci slots"
expect 2 lsslot
expect 2 lsslot -c pci -F ab

expect 0 bootinfo -s hdisk0
output_is <<<146800
expect 0 bootinfo -s /dev/hdisk2
output_is <<<64
expect 0 bootinfo -r
output_is <<<33554432
expect 1 bootinfo -s ent0
error_has "ent0 is a device of class adapter"
expect 1 bootinfo -s hdisk99
expect 2 bootinfo
expect 2 bootinfo -r -s hdisk0
expect 0 odmcfg getconf DISK_SIZE /dev/hdisk4
output_is <<<204800
expect 0 odmcfg getconf REAL_MEMORY
output_is <<<33554432
expect 1 odmcfg getconf DISK_SIZE hdisk99
for wrong in "" DISK_SIZE "REAL_MEMORY hdisk0" PATH; do
	# shellcheck disable=SC2086
	expect 2 odmcfg getconf $wrong
done
[ ! -e "$stage/libexec/odmcfg/getconf" ] || fail "the system's getconf is hidden"
for command in prtconf lsslot bootinfo; do
	[ -x "$stage/libexec/odmcfg/$command" ] || fail "$command has no link"
done
