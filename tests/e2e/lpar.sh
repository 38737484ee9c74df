#!/bin/bash
# A partition of a present-day machine: each of its types is found, configured, changed and listed.
. "$(dirname "$0")/lib.sh"
expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/lpar.cfg"
expect 0 cfgmgr
no_output
expect 0 lsdev -C -F "name:status:class/subclass/type:physloc"
grep -vE '^(en|et|inet|lo|mem|proc|sys|pci)' "$work/out" >"$work/some"
diff -u - "$work/some" <<'END' || fail "devices"
cd0:Available:cdrom/vscsi/vopt:U9009.42A.78ABC1E-V3-C2-T1-L850000000000
fcs0:Available:adapter/vdevice/IBM,vfc-client:U9009.42A.78ABC1E-V3-C6
fcs1:Available:adapter/vdevice/IBM,vfc-client:U9009.42A.78ABC1E-V3-C7
fscsi0:Available:driver/efc/efscsi:U9009.42A.78ABC1E-V3-C6
fscsi1:Available:driver/efc/efscsi:U9009.42A.78ABC1E-V3-C7
hdisk0:Available:disk/nvme/nvmedisk:U78D2.001.WZS0ABC-P1-C49-L1
hdisk1:Available:disk/sas/raid10:U78D2.001.WZS0ABC-P1-C50-T1-LFF0000-L0
hdisk2:Available:disk/vscsi/vdisk:U9009.42A.78ABC1E-V3-C2-T1-L810000000000
hdisk3:Available:disk/fcp/mpioosdisk:U9009.42A.78ABC1E-V3-C6-W500507680C1151AA-L1000000000000
iscsi0:Defined:driver/iscsi/iscsi:
nvme0:Available:adapter/pciex/010802:U78D2.001.WZS0ABC-P1-C49
pdisk0:Available:pdisk/sas/pdisk:U78D2.001.WZS0ABC-P1-C50-T1-L5000C5005A2B0001-L0
pdisk1:Available:pdisk/sas/pdisk:U78D2.001.WZS0ABC-P1-C50-T1-L5000C5005A2B0002-L0
sa0:Available:adapter/pciex/4f11c800:U78D2.001.WZS0ABC-P1-C51-T1
sisioa0:Available:adapter/pciex/14108d02:U78D2.001.WZS0ABC-P1-C50-T1
vio0:Available:bus/sys/vio:00
vsa0:Available:adapter/vdevice/hvterm1:U9009.42A.78ABC1E-V3-C0
vscsi0:Available:adapter/vdevice/IBM,v-scsi:U9009.42A.78ABC1E-V3-C2-T1
vscsi1:Available:adapter/vdevice/IBM,v-scsi:U9009.42A.78ABC1E-V3-C3-T1
vty0:Available:tty/vcon/vty:00-00-0
END
expect 0 lsdev -Cc if -S a -F name
output_is <<'END'
en0
en1
lo0
END
expect 0 lspath -F "status name parent"
output_is <<'END'
Enabled hdisk2 vscsi0
Enabled hdisk2 vscsi1
Enabled hdisk3 fscsi0
Enabled hdisk3 fscsi1
END
# Every attribute of every device that has a list may have each value of it, and no other.
for device in $(lsdev -C -F name); do
	lsattr -El "$device" -F attribute:user_settable | sed -n 's/:True.*//p' | while read -r attribute; do
		lsattr -Rl "$device" -a "$attribute" 2>/dev/null | grep -v -e '\.\.\.' -e '^$' | head -1 >"$work/first"
		[ -s "$work/first" ] || continue
		chdev -l "$device" -P -a "$attribute=$(cat "$work/first")" >/dev/null || fail "$device $attribute"
		if chdev -l "$device" -P -a "$attribute=nonsense" >/dev/null 2>&1; then
			fail "$device $attribute nonsense"
		fi
	done || exit 1
done
for disk in $(lsdev -Cc disk -F name); do
	expect 0 chdev -l "$disk" -a queue_depth=32 -a reserve_policy=no_reserve -a pv=yes
done

# What nothing detects is made by hand: an EtherChannel with its interface, a terminal.
expect 0 mkdev -c adapter -s pseudo -t ibm_ech -a adapter_names=ent0,ent1 -a mode=8023ad
output_is <<<"ent2 Available"
expect 1 mkdev -c adapter -s pseudo -t ibm_ech -a mode=perhaps
expect 0 lsattr -El ent2 -a adapter_names:mode -O
printf '#adapter_names:mode\nent0,ent1:8023ad\n' | output_is
expect 0 cfgmgr
expect 0 lsdev -l en2 -F "status parent"
output_is <<<"Available ent2"
expect 0 mkdev -c tty -s rs232 -t tty -p sa0 -w 1 -a speed=19200 -a login=enable
output_is <<<"tty0 Available"
expect 1 mkdev -c tty -s rs232 -t tty -p sa0 -w 2
error_has "sa0 has no connection 2"
expect 0 lsattr -El vty0 -a login:term -O
printf '#login:term\nenable:vt100\n' | output_is
expect 0 rmdev -Rdl vscsi1
output_has "path of hdisk2 by vscsi1 deleted"
expect 0 odmcfg check

# A second run finds the same; so does the start of the machine.
expect 0 cfgmgr
expect 0 odmcfg boot
[ "$(lsdev -C -S d -F name | grep -cv -e '^et' -e '^iscsi0')" = 0 ] || fail "Defined: $(lsdev -C -S d)"
