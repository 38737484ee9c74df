#!/bin/bash
# Values of devices leave and come: export, import, selection by value, the initial RAM disk. In a made
# tree of the kernel's, and as root with a real loop device.
. "$(dirname "$0")/lib.sh"

tree=$work/tree

# put FILE VALUE: a file of the tree.
put() {
	mkdir -p "$tree/${1%/*}" && echo "$2" >"$tree/$1"
}

# disk NAME FUNCTION HOST WWID: a SCSI disk of a PCI function.
disk() {
	local pci=devices/pci0000:00/$2
	local lun=$pci/host$3/target$3:0:0/$3:0:0:0
	put "$pci/vendor" 0x1000
	put "$pci/device" 0x0072
	put "$pci/class" 0x010700
	put "$lun/wwid" "$4"
	put "$lun/queue_depth" 32
	put "$lun/timeout" 30
	put "$lun/block/$1/size" 204800
	put "$lun/block/$1/queue/scheduler" '[none] mq-deadline kyber'
	put "$lun/block/$1/queue/nr_requests" 256
	put "$lun/block/$1/queue/read_ahead_kb" 128
	put "$lun/block/$1/queue/rq_affinity" 1
	mkdir -p "$tree/block" "$tree/bus/pci/devices"
	ln -s ../.. "$tree/$lun/block/$1/device"
	ln -sfn "../$lun/block/$1" "$tree/block/$1"
	ln -sfn "../../../$pci" "$tree/bus/pci/devices/$2"
}

# net NAME FUNCTION ADDRESS
net() {
	local pci=devices/pci0000:00/$2
	local net=$pci/net/$1
	put "$pci/vendor" 0x8086
	put "$pci/device" 0x1533
	put "$pci/class" 0x020000
	put "$net/addr_assign_type" 0
	put "$net/address" "$3"
	put "$net/mtu" 1500
	put "$net/tx_queue_len" 1000
	put "$net/ethtool/rings/rx" 256
	put "$net/ethtool/channels/combined" 2
	put "$net/ethtool/coalesce/rx-usecs" 3
	put "$net/ethtool/features/tx-tcp-segmentation" on
	put "$net/ethtool/features/rx-hashing" on
	mkdir -p "$tree/class/net" "$tree/bus/pci/devices"
	ln -sfn "../../$net" "$tree/class/net/$1"
	ln -sfn "../../../$pci" "$tree/bus/pci/devices/$2"
}

disk sda 0000:00:05.0 0 naa.5000c500a1b2c3d4
disk sdb 0000:00:06.0 1 't10.ATA     EXAMPLE DISK   S1'
net eth7 0000:00:07.0 52:54:00:aa:bb:cc

expect 0 odmcfg init
echo "host = \"$tree\";" >"$ODMCFG_ROOT/etc/machine.cfg"
expect 0 cfgmgr
expect 0 lsdev -C -F name:type
output_has hdisk0:lxdisk
output_has hdisk1:lxdisk
output_has ent0:lxent
output_has en0:lxen
sda=$tree/block/sda sdb=$tree/block/sdb eth7=$tree/class/net/eth7

# --- chosen by what they have
expect 0 lsdev -C --where read_ahead_kb=128 -F name
output_is <<<$'hdisk0\nhdisk1'
# A made file has no brackets of its own after a write, as the kernel's has.
expect 0 chdev --where read_ahead_kb=128 --where queue_depth=32 -l 'hdisk0' -a read_ahead_kb=512
[ "$(cat "$sda/queue/read_ahead_kb") $(cat "$sdb/queue/read_ahead_kb")" = '512 128' ] || fail 'other disks'
# What the kernel has counts, not what is stored.
echo 2048 >"$sda/queue/read_ahead_kb"
expect 0 lsdev -C --where read_ahead_kb=2048 -F name
output_is <<<hdisk0
expect 0 lsdev -C --where read_ahead_kb=512 -F name
no_output
expect 0 lsdev -C --where read_ahead_kb=0x800 -l 'hdisk*' -F name
output_is <<<hdisk0
expect 0 odmcfg apply
expect 1 chdev --where read_ahead_kb=77 -a nr_requests=8
error_has 'no device has read_ahead_kb=77'
expect 2 chdev --where read_ahead_kb -a nr_requests=8
expect 2 lsdev -P --where read_ahead_kb=128
expect 0 sh -c "printf 'hdisk0 hdisk1' | odmcfg lsdev -l - --where read_ahead_kb=512 -F name"
output_is <<<hdisk0
expect 0 chdev --where unique_id=naa.5000c500a1b2c3d4 -a rq_affinity=2
[ "$(cat "$sda/queue/rq_affinity")" = 2 ] || fail "rq_affinity"

# --- a file, and back
expect 0 chdev -l hdisk0 -a nr_requests=64 -a scheduler=mq-deadline -a queue_depth=16
expect 0 chdev -l ent0 -a rx_ring=512 -a tso=off -a rx_usecs=8 -a rx_hashing=off
expect 0 chdev -l en0 -a mtu=9000 -a tx_queue_len=500
expect 0 odmcfg export "$work/values.cfg"
grep -q 'unique_id = "naa.5000c500a1b2c3d4"' "$work/values.cfg" || fail "$(cat "$work/values.cfg")"
grep -q 'scheduler = "mq-deadline"' "$work/values.cfg" || fail "$(cat "$work/values.cfg")"
expect 0 odmcfg export - -l 'en*' --where mtu=9000
output_has 'type = "if/LXEN/lxen"'
output_has 'unique_id = "mac.52:54:00:aa:bb:cc"'
! grep -q hdisk "$work/out" || fail "too many devices"
expect 0 odmcfg import "$work/values.cfg"
output_is <<<'0 values of 0 devices changed'

# Others came between; one undo takes the whole import back.
expect 0 chdev -l hdisk0 -a nr_requests=32 -a scheduler=none -a read_ahead_kb=64
expect 0 chdev -l en0 -a mtu=1400
expect 0 odmcfg import "$work/values.cfg" --dry-run -F device:attribute:value:new
output_is <<'END'
en0:mtu:1400:9000
hdisk0:scheduler:none:mq-deadline
hdisk0:nr_requests:32:64
hdisk0:read_ahead_kb:64:512
END
[ "$(cat "$sda/queue/nr_requests")" = 32 ] || fail 'a dry run wrote'
expect 0 odmcfg import "$work/values.cfg"
output_is <<<'4 values of 2 devices changed'
[ "$(cat "$sda/queue/scheduler" "$sda/queue/nr_requests" "$eth7/mtu" | xargs)" = 'mq-deadline 64 9000' ] || fail import
expect 0 odmcfg undo
[ "$(cat "$sda/queue/scheduler" "$sda/queue/nr_requests" "$eth7/mtu" | xargs)" = 'none 32 1400' ] || fail undo
expect 0 odmcfg import -P "$work/values.cfg"
[ "$(cat "$sda/queue/nr_requests")" = 32 ] || fail '-P wrote'
expect 0 odmcfg drift
output_has pending
expect 0 odmcfg import "$work/values.cfg"

# What is unknown is told and left, and the others come; names are the second choice.
cat >"$work/edited.cfg" <<'END'
devices = (
  { unique_id = "naa.5000c500a1b2c3d4"; type = "disk/scsi/lxdisk"; name = "hdisk7";
    attributes = { read_ahead_kb = 256; speed = "high"; size_in_mb = "1"; rq_affinity = 9; }; },
  { unique_id = "naa.gone"; type = "disk/scsi/lxdisk"; name = "hdisk1";
    attributes = { read_ahead_kb = "192"; }; },
  { unique_id = "naa.gone2"; type = "disk/scsi/lxdisk"; name = "hdisk99"; attributes = { nr_requests = 5; }; }
);
END
expect 1 odmcfg import "$work/edited.cfg"
error_has 'hdisk0 has no attribute speed'
error_has "size_in_mb of hdisk0 is not the user's to set"
error_has 'there is no device hdisk99, naa.gone2'
error_has 'no device is known as naa.gone: hdisk1 is taken by its name and type'
error_has rq_affinity
output_has '2 values of 2 devices changed'
[ "$(cat "$sda/queue/read_ahead_kb") $(cat "$sdb/queue/read_ahead_kb")" = '256 192' ] || fail edited
echo 'devices = ( { name = 3; } );' >"$work/wrong.cfg"
expect 1 odmcfg import "$work/wrong.cfg"
error_has 'wrong.cfg:1: this is a text in quotes'
echo 'devices = (' >"$work/wrong.cfg"
expect 1 odmcfg import "$work/wrong.cfg"
error_has "$work/wrong.cfg:"
expect 1 odmcfg import "$work/none.cfg"
expect 0 odmcfg import "$work/values.cfg"

# --- rules and links
expect 0 odmcfg export --udev "$work/udev"
rules=$work/udev/90-odmcfg.rules
for text in 'ENV{ID_WWN_WITH_EXTENSION}=="0x5000c500a1b2c3d4"' 'ATTR{queue/scheduler}="mq-deadline"' \
	'ATTR{device/queue_depth}="16"' 'ATTRS{wwid}=="t10.ATA*EXAMPLE*DISK*S1"' 'Matched by its WWN'; do
	grep -qF "$text" "$rules" || fail "no $text in $(cat "$rules")"
done
[ "$(grep -o 'queue/scheduler\|queue/nr_requests' "$rules" | xargs)" = 'queue/scheduler queue/nr_requests' ] || fail order
link=$work/udev/10-odmcfg-ent0.link
for text in PermanentMACAddress=52:54:00:aa:bb:cc MTUBytes=9000 RxBufferSize=512 RxCoalesceSec=8us \
	TCPSegmentationOffload=no TransmitQueueLength=500 '# ent0: rx_hashing=off has no equivalent'; do
	grep -qxF "$text" "$link" || fail "no $text in $(cat "$link")"
done
# What was written is understood again.
expect 0 chdev -l 'hdisk*' -a read_ahead_kb=16
expect 0 odmcfg import --udev "$rules"
[ "$(cat "$sda/queue/read_ahead_kb") $(cat "$sdb/queue/read_ahead_kb")" = '512 192' ] || fail 'import --udev of our own'

cat >"$work/60-disks.rules" <<'END'
# a comment \
ACTION=="remove", GOTO="disks_end"
SUBSYSTEM!="block|net", GOTO="disks_end"
KERNEL=="sd[a-z]", SUBSYSTEM=="block", ACTION=="add|change", ATTR{queue/read_ahead_kb}=="512", \
  # a comment in between
  ATTR{queue/nr_requests}="99"
KERNEL=="sdb", ATTR{queue/nosuch}="1"
KERNEL=="sda", PROGRAM=="/bin/true", ATTR{queue/rq_affinity}="0"
KERNEL=="sda", ATTR{queue/rq_affinity}="$env{X}"
KERNEL=="nvme*", ATTR{queue/scheduler}="none"
KERNELS=="0000:00:06.0", ATTRS{vendor}=="0x1000", ATTR{queue/rq_affinity}="0"
KERNELS=="0000:00:06.0", ATTRS{wwid}=="?*", ATTR{queue/rq_affinity}="2"
SUBSYSTEM=="net", ATTR{address}=="52:54:00:aa:bb:cc", ATTR{mtu}="1280"
KERNEL=="sda", GOTO="disks_end"
KERNEL=="sd*", ATTR{queue/nr_requests}="7"
KERNEL=="sda" ATTR{queue/nr_requests}=8
LABEL="disks_end"
END
expect 1 odmcfg import --udev "$work/60-disks.rules"
error_has '60-disks.rules:16: a value is in quotes'
error_has '60-disks.rules:7: the devices that match have no such attribute'
error_has '60-disks.rules:8: PROGRAM is not understood: the rule is left'
error_has '60-disks.rules:9: ATTR{queue/rq_affinity} is not understood'
error_has '60-disks.rules:10: no device here matches'
[ "$(cat "$sda/queue/nr_requests" "$sda/queue/rq_affinity" "$sdb/queue/nr_requests" "$sdb/queue/rq_affinity" "$eth7/mtu" |
	xargs)" = '99 2 7 0 1280' ] || fail 'import --udev'
expect 0 odmcfg undo
[ "$(cat "$eth7/mtu")" = 9000 ] || fail 'undo of import --udev'
# As udev knows the same files by other names.
cat >"$work/61-scsi.rules" <<'END'
ACTION=="add|change", SUBSYSTEM=="scsi", ENV{DEVTYPE}=="scsi_device", ATTR{queue_depth}="24"
ACTION=="add|change", SUBSYSTEM=="block", KERNEL=="sdb", ATTR{bdi/read_ahead_kb}="768"
END
expect 0 odmcfg import --udev "$work/61-scsi.rules"
output_is <<<'3 values of 2 devices changed'
[ "$(cat "$sda/device/queue_depth" "$sdb/device/queue_depth" "$sdb/queue/read_ahead_kb" | xargs)" = '24 24 768' ] || fail 'SCSI rules'
expect 0 odmcfg undo

# --- tuned
cat >"$work/tuned.conf" <<'END'
[main]
summary=A profile
include=no-such-profile-here
[variables]
x=1
[disk]
# comment
readahead=>4096
elevator = kyber # for all
spindown=6
[disk-small]
type=disk
devices=sda
readahead=16384 s
[net]
ring=rx 1024, tx 64
mtu=1492
features=tso on
[sysctl]
vm.swappiness=10
[sysfs]
/sys/block/sd*/queue/nr_requests=48
/sys/kernel/mm/ksm/run=${x}
/sys/kernel/debug/x=1
END
echo 8192 >"$sdb/queue/read_ahead_kb"
expect 1 odmcfg import --tuned "$work/tuned.conf"
error_has 'tuned.conf:3: [main] include: no-such-profile-here: there is no such profile'
error_has 'tuned.conf:10: [disk] spindown: no attribute of a disk has that'
error_has 'tx_ring=64: the device or this attribute of it is not there'
error_has 'tuned.conf:20: [sysctl]: this section has nothing for a device'
error_has '/sys/kernel/mm/ksm/run: no attribute of a device here is kept there'
error_has '/sys/kernel/debug/x: no attribute of a device here is kept there'
[ "$(cat "$sda/queue/"{scheduler,read_ahead_kb,nr_requests} "$sdb/queue/"{scheduler,read_ahead_kb,nr_requests} | xargs)" = \
	'kyber 8192 48 kyber 8192 48' ] || fail "$(cat "$sda/queue/"* "$sdb/queue/"*)"
[ "$(cat "$eth7/mtu" "$eth7/ethtool/rings/rx" "$eth7/ethtool/features/tx-tcp-segmentation" | xargs)" = '1492 1024 on' ] ||
	fail 'tuned net'
printf '[disk]\nreadahead\n' >"$work/tuned.conf"
expect 1 odmcfg import --tuned "$work/tuned.conf"
error_has 'tuned.conf:2: this is neither [section] nor key=value'

odmget CuAt >"$work/values"
# Profiles that include others, each in its folder; variables; what comes later counts.
mkdir -p "$work/tuned/"{base,middle,mine}
cat >"$work/tuned/base/tuned.conf" <<'END'
[variables]
ahead=1024
[disk]
readahead=${ahead}
elevator=none
[net]
mtu=1500
[sysfs]
/sys/block/sda/queue/rq_affinity=0
END
cat >"$work/tuned/middle/tuned.conf" <<'END'
[main]
include=base
[net]
replace=1
txqueuelen=300
END
echo 'requests=24' >"$work/tuned/more.conf"
cat >"$work/tuned/mine/tuned.conf" <<END
[main]
include=\${which}
[variables]
which=middle
include=$work/tuned/more.conf
ahead=2048
both=\${requests}
[disk]
elevator=mq-deadline
[sysfs]
/sys/block/sd*/queue/nr_requests=\${both}
/sys/block/sdb/queue/rq_affinity=\${f:exec:echo:1}
/sys/block/sda/queue/nomerges=\${unset}
END
expect 0 chdev -l en0 -a mtu=1480
expect 1 odmcfg import --tuned "$work/tuned/mine/tuned.conf"
error_has "a function is tuned's own to work out"
error_has 'it has a variable that the profile does not set'
[ "$(cat "$sda/queue/"{read_ahead_kb,scheduler,nr_requests,rq_affinity} "$eth7/tx_queue_len" "$eth7/mtu" | xargs)" = \
	'2048 mq-deadline 24 0 300 1480' ] || fail "included: $(cat "$sda/queue/"{read_ahead_kb,scheduler,nr_requests,rq_affinity} "$eth7/tx_queue_len" "$eth7/mtu" | xargs)"
# Two that include each other end.
printf '[main]\ninclude=mine\n' >>"$work/tuned/base/tuned.conf"
expect 1 odmcfg import --tuned "$work/tuned/mine/tuned.conf"
error_has 'mine: there is no such profile'
until odmget CuAt | cmp -s - "$work/values"; do expect 0 odmcfg undo; done

# --- what is there now
expect 0 odmcfg import --now -l hdisk1
expect 0 lsattr -P -l hdisk1 -a read_ahead_kb -F value
echo 333 >"$sda/queue/read_ahead_kb"
echo 0 >"$sda/queue/rq_affinity"
expect 0 odmcfg import --now -l hdisk0 -a rq_affinity
expect 1 odmcfg drift -F device:attribute:stored:now
grep -qx 'hdisk0:read_ahead_kb:8192:333' "$work/out" || fail "$(cat "$work/out")"
! grep -q 'hdisk0:rq_affinity' "$work/out" || fail 'rq_affinity still drifts'
expect 0 odmcfg import --now
expect 0 odmcfg drift
no_output
expect 1 odmcfg import --now -a nosuch
error_has 'the kernel keeps no nosuch of these devices'
expect 2 odmcfg import --now -P
expect 2 odmcfg import
expect 2 odmcfg export

# --- the root file system's device
number=$(awk '$5 == "/" { number = $3 } END { print number }' /proc/self/mountinfo)
if [ "${number%%:*}" != 0 ]; then
	mkdir -p "$tree/dev/block" "$tree/devices/virtual/block/dm-0/slaves"
	echo 1 >"$tree/devices/virtual/block/dm-0/size"
	lun=devices/pci0000:00/0000:00:05.0/host0/target0:0:0/0:0:0:0
	put "$lun/block/sda/sda2/partition" 2
	ln -s "../../../../../$lun/block/sda/sda2" "$tree/devices/virtual/block/dm-0/slaves/sda2"
	ln -s ../../devices/virtual/block/dm-0 "$tree/dev/block/$number"
	expect 0 odmcfg export --boot "$work/boot.values"
	place='/sys/devices/pci0000:00/0000:00:05.0/host*/target*:0:0/*:0:0:0/block/*'
	grep -qxF "$place/queue/read_ahead_kb 333" "$work/boot.values" || fail "$(cat "$work/boot.values")"
	grep -qxF "$place/device/queue_depth 16" "$work/boot.values" || fail "$(cat "$work/boot.values")"
	! grep -q 0000:00:06.0 "$work/boot.values" || fail 'a disk that is not needed'

	# The hook makes the image's list, the script writes it where names have moved.
	DESTDIR=$work/image expect 0 "$stage/share/initramfs-tools/hooks/odmcfg"
	diff "$work/boot.values" "$work/image/etc/odmcfg/boot.values" >&2 || fail hook
	mkdir -p "$work/image/sys/${lun%/0:0:0:0}"
	moved=$work/image/sys/devices/pci0000:00/0000:00:05.0/host4/target4:0:0/4:0:0:0
	mkdir -p "${moved%/*}" && cp -r "$tree/$lun" "$moved" && mv "$moved/block/sda" "$moved/block/sdq"
	rm "$moved/block/sdq/device" && ln -s ../.. "$moved/block/sdq/device"
	echo 128 >"$moved/block/sdq/queue/read_ahead_kb"
	echo '[none] mq-deadline kyber' >"$moved/block/sdq/queue/scheduler"
	chmod a-w "$moved/timeout"
	for script in "$stage/share/initramfs-tools/scripts/local-premount/odmcfg" "$stage/lib/dracut/modules.d/95odmcfg/write-values.sh"; do
		echo 128 >"$moved/block/sdq/queue/read_ahead_kb"
		odmcfg_root=$work/image expect 0 sh "$script"
		[ "$(cat "$moved/block/sdq/queue/"{read_ahead_kb,scheduler} | xargs)" = '333 kyber' ] ||
			fail "$script: $(cat "$moved/block/sdq/queue/"* "$work/err")"
	done
	expect 0 sh "$stage/share/initramfs-tools/scripts/local-premount/odmcfg" prereqs
	no_output
	# dracut's module, with what dracut has for it.
	expect 0 bash -c "initdir=$work/image2; moddir=$stage/lib/dracut/modules.d/95odmcfg
		inst_hook() { echo \"\$@\"; }; . \$moddir/module-setup.sh && check && depends && install"
	output_is <<<"pre-mount 50 $stage/lib/dracut/modules.d/95odmcfg/write-values.sh"
	diff "$work/boot.values" "$work/image2/etc/odmcfg/boot.values" >&2 || fail dracut

	# Who changes that disk is told, where there is the tool.
	expect 0 chdev -l hdisk0 -a read_ahead_kb=64
	mkdir "$work/tools" && printf '#!/bin/sh\n' >"$work/tools/update-initramfs" && chmod +x "$work/tools/update-initramfs"
	PATH=$work/tools:$PATH expect 0 chdev -l 'hdisk*' -a read_ahead_kb=96
	output_is <<-'END'
		hdisk0 changed
		hdisk1 changed
		hdisk0 carries the root file system: update-initramfs -u takes its values into the initial RAM disk
	END
	PATH=$work/tools:$PATH expect 0 chdev -l hdisk1 -a read_ahead_kb=97
	output_is <<<'hdisk1 changed'
fi

# --- taken away by what they have
expect 0 rmdev --where read_ahead_kb=97 -d
output_is <<<'hdisk1 deleted'
expect 1 rmdev --where read_ahead_kb=97
expect 2 rmdev --where read_ahead_kb=97 -p sys0

# --- devices that the kernel does not drive, and values that add
ODMCFG_ROOT=$work/simulated
expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/power.cfg"
expect 0 cfgmgr
expect 0 chdev -P -l hdisk0 -a queue_depth=7
expect 0 chdev -l en0 -a alias4=10.0.0.2,255.0.0.0 -a alias4=10.0.0.3,255.0.0.0
expect 0 odmcfg export "$work/simulated.cfg" -l hdisk0 -l 'en*' -l en0
grep -qxF '      alias4 = [ "10.0.0.2,255.0.0.0", "10.0.0.3,255.0.0.0" ];' "$work/simulated.cfg" || fail "$(cat "$work/simulated.cfg")"
expect 0 chdev -l en0 -a delalias4=10.0.0.2,255.0.0.0 -a alias4=10.0.0.9,255.0.0.0
expect 0 chdev -P -l hdisk0 -a queue_depth=9
expect 0 odmcfg import -P "$work/simulated.cfg"
expect 0 odmget -q "name=en0 AND attribute=alias4" CuAt
[ "$(grep -c 'value = "10.0.0.[23],255.0.0.0"' "$work/out") $(grep -c value "$work/out")" = '2 2' ] || fail "$(cat "$work/out")"
expect 0 odmget -q "name=hdisk0 AND attribute=queue_depth" CuAt
output_has 'value = "7"'
expect 0 odmcfg export --udev "$work/simulated" -l en0
output_is </dev/null
grep -q 'en0: alias4=10.0.0.2,255.0.0.0 has no equivalent' "$work/simulated/90-odmcfg.rules" || fail "$(cat "$work/simulated/"*)"
expect 1 odmcfg export --boot "$work/none"
error_has 'odmcfg init --host'
# --- real
if [ "$(id -u)" = 0 ] && [ -w /dev/loop-control ]; then
	truncate -s 8M "$work/file"
	loop=$(losetup -f --show "$work/file") || loop=
	if [ -n "$loop" ]; then
		trap 'status=$?; losetup -d $loop; odmcfg kexd --stop --force >/dev/null 2>&1; rm -rf "$work"; exit $status' EXIT
		name=${loop#/dev/}
		queue=/sys/block/$name/queue
		export ODMCFG_ROOT=$work/real
		expect 0 odmcfg init --host
		expect 0 cfgmgr
		expect 0 lsdev -C --where "os_name=$name" -F name
		device=$(cat "$work/out")
		expect 0 chdev -l "$device" -a read_ahead_kb=256 -a scheduler=none
		expect 0 odmcfg export "$work/loop.cfg" --where "os_name=$name"
		echo 512 >"$queue/read_ahead_kb"
		expect 0 odmcfg import "$work/loop.cfg"
		output_is <<<'1 values of 1 devices changed'
		[ "$(cat "$queue/read_ahead_kb")" = 256 ] || fail 'the loop device was not written'
		echo 512 >"$queue/read_ahead_kb"
		expect 0 odmcfg import --now -l "$device"
		expect 0 lsattr -E -l "$device" -a read_ahead_kb -F value
		output_is <<<512
		expect 0 odmcfg drift -l "$device"
		expect 0 odmcfg undo
		[ "$(cat "$queue/read_ahead_kb")" = 256 ] || fail 'undo of import --now'
		expect 0 odmcfg export --udev "$work/loop.udev" -l "$device"
		grep -q "KERNEL==\"$name\"" "$work/loop.udev/90-odmcfg.rules" || fail "$(cat "$work/loop.udev/90-odmcfg.rules")"
		# A scheduler that this kernel has not got is left; the other value comes.
		sed -i -e 's/"256"/384/' -e 's/"none"/"nosuch"/' "$work/loop.cfg"
		expect 1 odmcfg import "$work/loop.cfg"
		error_has nosuch
		[ "$(cat "$queue/read_ahead_kb")" = 384 ] || fail 'one bad value kept the other'
	fi
fi
