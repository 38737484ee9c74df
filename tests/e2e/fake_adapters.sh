#!/bin/bash
# Attributes of adapters, of Fibre Channel ports, of maps and of LIO's backstores whose values the
# kernel keeps in several files or elsewhere, on a made tree. It is a fake: what the kernel would
# refuse is a file here that can be read and not written (a link).
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/bigger_tree.sh"

# beside FILE VALUE: of proc, beside the tree.
beside() { mkdir -p "$(dirname "$work/proc/$1")" && printf '%s\n' "$2" >"$work/proc/$1"; }
affinity() { cat "$work/proc/irq/$1/smp_affinity_list"; }
# value DEVICE ATTRIBUTE VALUE
value() {
	expect 0 lsattr -El "$1" -a "$2" -F value
	output_is <<<"$3"
}

mkdir -p "$tree/block"
fc_port 5
fc_port 6
fc_disk 5 0 sda 0
fc_disk 6 0 sdb 16
multipath_map mpatha 0 sda sdb
pci=devices/pci0000:00/0000:00:05.0
for irq in 24 25 26; do
	mkdir -p "$tree/$pci/msi_irqs" && put "$pci/msi_irqs/$irq" msix
	beside irq/$irq/smp_affinity_list 0-3
done
put devices/pci0000:00/0000:00:06.0/irq 11
beside irq/11/smp_affinity_list 2
# A driver with a parameter of each kind; the other port's is the same.
put module/qla2xxx/parameters/ql2xmaxqdepth 32
put module/qla2xxx/parameters/qla2xxx_timeout 5
put module/qla2xxx/parameters/ql2xenabledif_of_a_long_name Y
chmod 444 "$tree/module/qla2xxx/parameters/ql2xenabledif_of_a_long_name"
put module/qla2xxx/parameters/intr_affinity none
put module/qla2xxx/parameters/secret x
chmod 000 "$tree/module/qla2xxx/parameters/secret"
for slot in 5 6; do
	lead devices/pci0000:00/0000:00:0$slot.0/driver bus/pci/drivers/qla2xxx
done
mkdir -p "$tree/bus/pci/drivers/qla2xxx"
lead bus/pci/drivers/qla2xxx/module module/qla2xxx
# Two remote ports behind the first.
for port in 5:0-0 5:0-1 6:0-0; do
	put "class/fc_remote_ports/rport-$port/fast_io_fail_tmo" off
	put "class/fc_remote_ports/rport-$port/dev_loss_tmo" 30
done
put $pci/host5/fc_host/host5/dev_loss_tmo 30
# LIO: one backstore of a program, one of a file, and what is none.
core=kernel/config/target/core
for store in user_0/tape fileio_1/image; do
	put "$core/$store/attrib/hw_max_sectors" 128
	put "$core/$store/attrib/queue_depth" 64
	put "$core/$store/attrib/hw_queue_depth" 128
	put "$core/$store/control" ""
done
put $core/user_0/tape/attrib/max_data_area_mb 8
put $core/user_0/tape/wwn/vpd_unit_serial "T10 VPD Unit Serial Number: 3f2a-77"
put $core/user_0/hba_info "HBA Index: 1"
put $core/alua/lu_gps/default_lu_gp/members ""
made_machine
log=$(odmcfg log --all)

# --- interrupts: one value where all have the same, else each one's
value fcs0 intr_affinity 0-3
value fcs1 intr_affinity 2
value fcs0 intr_priority kernel
expect 1 chdev -l fcs0 -a intr_priority=1
error_has "intr_priority of fcs0 is not the user's to set"
expect 0 chdev -l fcs0 -a intr_affinity=1
[ "$(affinity 24) $(affinity 25) $(affinity 26) $(affinity 11)" = "1 1 1 2" ] || fail "one for all"
expect 0 chdev -l fcs0 -a intr_affinity=0+1+0-3
[ "$(affinity 24) $(affinity 25) $(affinity 26)" = "0 1 0-3" ] || fail "one for each"
value fcs0 intr_affinity 0+1+0-3
expect 0 odmcfg drift
# The same processors in other words are no drift, and are not written.
expect 0 chdev -l fcs0 -a intr_affinity=0+1+0,1-3
[ "$(affinity 26)" = 0-3 ] || fail "an equal value was written"
expect 0 chdev -l fcs0 -a intr_affinity=0+1+0-3
expect 1 chdev -l fcs0 -a intr_affinity=0+1
error_has "it has one value, or 3 with a + between"
# Somebody moves one: that is drift, and it is put back.
beside irq/25/smp_affinity_list 3
expect 1 odmcfg drift
output_has "0+3+0-3"
expect 0 odmcfg apply
[ "$(affinity 25)" = 1 ] || fail "it was not put back"
# One that refuses takes the others back.
beside irq/other 1
ln -sf ../other "$work/proc/irq/25/smp_affinity_list"
expect 1 chdev -l fcs0 -a intr_affinity=2
[ "$(affinity 24) $(affinity 26)" = "0 0-3" ] || fail "one refused, others are changed: $(affinity 24) $(affinity 26)"
value fcs0 intr_affinity 0+1+0-3
rm "$work/proc/irq/25/smp_affinity_list" && beside irq/25/smp_affinity_list 1
expect 0 chdev -l fcs0 -a intr_affinity=
[ "$(affinity 24) $(affinity 25) $(affinity 26)" = "0-3 0-3 0-3" ] || fail "not as before the first change"

# --- parameters of the driver
value fcs0 ql2xmaxqdepth 32
value fcs1 ql2xmaxqdepth 32
value fcs0 timeout 5
value fcs0 ql2xenabledi~1 Y
value fcs0 intr_affinit~1 none
expect 255 lsattr -El fcs0 -a secret
expect 0 lsattr -El fcs0 -a ql2xenabledi~1 -F user_settable:description
output_is <<<"False:ql2xenabledif_of_a_long_name, parameter of the driver; set only when it is loaded"
expect 1 chdev -l fcs0 -a ql2xenabledi~1=N
error_has "'options qla2xxx ql2xenabledif_of_a_long_name=VALUE' below /etc/modprobe.d"
expect 0 chdev -l fcs0 -a ql2xmaxqdepth=64
[ "$(has module/qla2xxx/parameters/ql2xmaxqdepth)" = 64 ] || fail "the parameter is not set"
put module/qla2xxx/parameters/ql2xmaxqdepth 16
expect 0 rmdev -l fcs0 -R
expect 0 mkdev -l fcs0
[ "$(has module/qla2xxx/parameters/ql2xmaxqdepth)" = 64 ] || fail "it is not there again"
expect 0 cfgmgr
# A rule of udev for it, and back.
expect 0 odmcfg export --udev "$work/rules" -l fcs0
grep -qxF 'ACTION=="add", SUBSYSTEM=="module", KERNEL=="qla2xxx", ATTR{parameters/ql2xmaxqdepth}="64"' \
	"$work/rules/90-odmcfg.rules" || fail "$(cat "$work/rules/90-odmcfg.rules")"
expect 0 chdev -l fcs0 -a ql2xmaxqdepth=8
expect 0 odmcfg import --udev "$work/rules/90-odmcfg.rules" -l fcs0
output_is <<<"1 values of 1 devices changed"
[ "$(has module/qla2xxx/parameters/ql2xmaxqdepth)" = 64 ] || fail "a rule does not come back"
# Another driver's, in a function of the same type, are not this one's.
put module/lpfc/parameters/lpfc_lun_queue_depth 30
mkdir -p "$tree/bus/pci/drivers/lpfc"
lead bus/pci/drivers/lpfc/module module/lpfc
ln -sfn "$(realpath --relative-to="$tree/devices/pci0000:00/0000:00:06.0" "$tree/bus/pci/drivers/lpfc")" \
	"$tree/devices/pci0000:00/0000:00:06.0/driver"
expect 0 cfgmgr
value fcs1 lun_queue_depth 30
expect 255 lsattr -El fcs0 -a lun_queue_depth
expect 255 lsattr -El fcs1 -a ql2xmaxqdepth

# --- Fibre Channel: the port's own, and its remote ports'
value fscsi0 dev_loss_tmo 30
value fscsi0 fast_io_fail off
expect 0 chdev -l fscsi0 -a dev_loss_tmo=60 -a fast_io_fail=5
for file in $pci/host5/fc_host/host5 class/fc_remote_ports/rport-5:0-{0,1}; do
	[ "$(has "$file/dev_loss_tmo")" = 60 ] || fail "$file: $(has "$file/dev_loss_tmo")"
done
[ "$(has class/fc_remote_ports/rport-5:0-1/fast_io_fail_tmo)" = 5 ] || fail "fast_io_fail_tmo"
[ "$(has class/fc_remote_ports/rport-6:0-0/dev_loss_tmo)" = 30 ] || fail "another port's was set"
# A remote port that is new has the kernel's.
put class/fc_remote_ports/rport-5:0-2/dev_loss_tmo 60
put class/fc_remote_ports/rport-5:0-2/fast_io_fail_tmo off
value fscsi0 fast_io_fail 5+5+off
expect 1 odmcfg drift
output_has "fast_io_fail 5"
expect 0 odmcfg apply
value fscsi0 fast_io_fail 5

# --- a map has what its paths have
value hdisk0 os_name dm-0
value hdisk0 queue_depth 32
expect 0 chdev -l hdisk0 -a queue_depth=16 -a timeout=45
[ "$(has block/sda/device/queue_depth) $(has block/sdb/device/queue_depth)" = "16 16" ] || fail "paths' queue_depth"
[ "$(has block/sda/device/timeout) $(has block/sdb/device/timeout)" = "45 45" ] || fail "paths' timeout"
# The kernel takes commands away from one of them: no drift. More is one.
put devices/pci0000:00/0000:00:06.0/host6/rport-6:0-0/target6:0:0/6:0:0:0/queue_depth 7
value hdisk0 queue_depth 16+7
expect 0 odmcfg drift
put devices/pci0000:00/0000:00:06.0/host6/rport-6:0-0/target6:0:0/6:0:0:0/queue_depth 20
expect 1 odmcfg drift
expect 0 odmcfg apply
value hdisk0 queue_depth 16
expect 0 odmcfg export --udev "$work/rules" -l hdisk0
grep -qF '# hdisk0: queue_depth=16 has no equivalent: the kernel has it in other files' \
	"$work/rules/90-odmcfg.rules" || fail "$(cat "$work/rules/90-odmcfg.rules")"

# --- LIO
expect 0 lsdev -Cc target -F name:status:type
output_is <<<$'lio0:Available:lxlio\nlio1:Available:lxlio'
tape=$(odmget -q "attribute=unique_id and value=lio.3f2a-77" CuAt | sed -n 's/^\tname = "\(.*\)"/\1/p')
image=$([ "$tape" = lio0 ] && echo lio1 || echo lio0)
value "$tape" os_name user_0/tape
value "$tape" plugin user
value "$tape" data_area_mb 8
value "$tape" hw_max_sectors 128
value "$image" unique_id path.fileio_1/image
expect 255 lsattr -El "$image" -a data_area_mb
expect 0 lsattr -Rl "$tape" -a queue_depth
output_is <<<"0...128 (+1)"
expect 0 chdev -l "$tape" -a queue_depth=32
[ "$(has $core/user_0/tape/attrib/queue_depth)" = 32 ] || fail "queue_depth of a backstore"
# A made tree does not take over what is written to control: what was written is found unread.
expect 1 chdev -l "$tape" -a data_area_mb=64
[ "$(has $core/user_0/tape/control)" = max_data_area_mb=64 ] || fail "control has '$(has $core/user_0/tape/control)'"
error_has "the kernel makes 8 of it"
expect 1 chdev -l "$image" -a hw_max_sectors=64
error_has "only of a backstore that a program serves it can be set"

# --- what is found and nobody changed is no history
[ "$(odmcfg log --all | grep -c lun_queue_depth)" = 0 ] || fail "parameters are in the history"
[ -n "$log" ]
