#!/bin/bash
# The devices of made trees, which never refuse anything: found, listed, known wherever and in
# whatever order they reappear, and given their values again. Usage: machine_devices.sh STAGE MAKE_TREE PLANS
. "$(dirname "$0")/lib.sh"
make_tree=$2
plans=$3
tree=$work/tree

# The tree is made anew, as after a restart of the host: nothing in it is as it was set.
made() {
	rm -rf "$tree"
	"$make_tree" "$tree" || fail "the tree can't be made"
}
# The tree is changed.
change() { "$make_tree" "$tree" || fail "the tree can't be changed"; }
fresh() {
	expect 0 rm -rf "$ODMCFG_ROOT"
	expect 0 odmcfg init
	echo "host = \"$tree\";" >"$ODMCFG_ROOT/etc/machine.cfg"
}
configured() {
	expect 0 cfgmgr
	no_output
}
# value DEVICE ATTRIBUTE VALUE
value() {
	expect 0 lsattr -El "$1" -a "$2" -F value
	output_is <<<"$3"
}
# file PATH VALUE: what the tree has.
file() { [ "$(cat "$tree/$1")" = "$2" ] || fail "$1 has '$(cat "$tree/$1")', not '$2'"; }
# disks: the disks with what they are known by and what the kernel calls them.
disks() {
	lsdev -Cc disk -F name:status:physloc | while IFS=: read -r name state place; do
		id=$(odmget -q "name=$name and attribute=unique_id" CuAt | sed -n 's/.*value = "\(.*\)"/\1/p')
		os=$(odmget -q "name=$name and attribute=os_name" CuAt | sed -n 's/.*value = "\(.*\)"/\1/p')
		echo "$name $state $place $id $os"
	done >"$work/out"
}

# A machine with one of everything.
made <"$plans/machine.plan"
fresh
configured
expect 0 lsdev -C
output_is <"$plans/machine.lsdev"
expect 0 lspath -l hdisk12
output_is <<'END'
Enabled hdisk12 fscsi0
Enabled hdisk12 fscsi0
Enabled hdisk12 fscsi1
Enabled hdisk12 fscsi1
END
expect 0 lspath -l hdisk13
output_is <<'END'
Enabled  hdisk13 fscsi0
Unmapped hdisk13 fscsi1
END
lscfg -vl hdisk7 | sed 's/ *$//' >"$work/out"
output_is <<'END'
  hdisk7           00-1f-2-1,0,0  SATA Disk Drive

        Manufacturer................ATA
        Machine Type and Model......MADE SSD 512G
        ROS Level and ID............F1
        Serial Number...............SSD0001

END
expect 0 lsattr -El hdisk7 -F attribute:value
output_is <<'END'
add_random:1
eh_timeout:10
io_timeout:30000
iostats:1
max_sectors_kb:1280
nomerges:0
nr_requests:256
os_name:sda
queue_depth:32
read_ahead_kb:128
rotational:1
rq_affinity:1
scheduler:mq-deadline
serial:SSD0001
size_in_mb:488386
timeout:30
unique_id:naa.5000c50000000001
wbt_lat_usec:75000
write_cache:write back
END
value sys0 modelname "Tree One"
value en3 mtu 1500
value proc0 governor powersave
# Found again, nothing is changed and nothing is told.
odmcfg log --all >"$work/log"
configured
odmcfg log --all | diff -u "$work/log" - >&2 || fail "a second cfgmgr changed something"
expect 0 odmcfg check
no_output

# A map over the paths, and a disk without one, take values; those of the map are the map's.
expect 0 chdev -l hdisk12 -a read_ahead_kb=512
file block/dm-0/queue/read_ahead_kb 512
file block/sde/queue/read_ahead_kb 128
expect 0 chdev -l hdisk13 -a read_ahead_kb=1024
file block/sdi/queue/read_ahead_kb 1024

# Two disks and their values: other ports, other names, another adapter.
sata=devices/pci0000:00/0000:00:1f.2
plan_of() { # A port and name of each
	cat <<END
pci at=$sata class=0x010601 driver=ahci
pci at=devices/pci0000:00/0000:00:17.0 class=0x010601 driver=ahci
END
	for line in "$@"; do
		# shellcheck disable=SC2086 # words
		set -- $line
		case $1 in
		A) identity="serial=AAAA naa=5000c5000000000a t10=MADE\\x20\\x20\\x20\\x20AAAA" ;;
		B) identity="serial=BBBB model=MODEL\\x20B" ;;
		C) identity="serial=CCCC naa=5000c5000000000c" ;;
		N) identity="" ;;
		esac
		echo "disk transport=sata at=${4:-$sata} host=$2 ata=$((8 - $2)) port=$2 name=$3 $identity"
	done
}
plan_of "A 1 sda" "B 2 sdb" | made
fresh
configured
disks
output_is <<'END'
hdisk0 Available 00-1f-2-1,0,0 naa.5000c5000000000a sda
hdisk1 Available 00-1f-2-2,0,0 serial.MODEL_B.BBBB sdb
END
expect 0 chdev -l hdisk0 -a read_ahead_kb=256 -a scheduler=none
expect 0 chdev -l hdisk1 -a read_ahead_kb=512
file block/sda/queue/read_ahead_kb 256

# They swap names, then ports, then both.
for plan in "A 1 sdb:B 2 sda" "A 2 sda:B 1 sdb" "A 2 sdb:B 1 sda" "A 1 sda:B 2 sdb"; do
	plan_of "${plan%:*}" "${plan#*:}" | made
	configured
	# shellcheck disable=SC2086 # words
	set -- ${plan%:*} ${plan#*:}
	disks
	output_is <<END
hdisk0 Available 00-1f-2-$2,0,0 naa.5000c5000000000a $3
hdisk1 Available 00-1f-2-$5,0,0 serial.MODEL_B.BBBB $6
END
	expect 0 odmcfg apply -q
	file "block/$3/queue/read_ahead_kb" 256
	file "block/$6/queue/read_ahead_kb" 512
	expect 0 odmcfg drift
done

# To another adapter, and a disk that nobody knows in the place of one.
plan_of "A 3 sdc devices/pci0000:00/0000:00:17.0" "B 2 sdb" "C 1 sda" | made
configured
disks
output_is <<'END'
hdisk0 Available 00-17-3,0,0 naa.5000c5000000000a sdc
hdisk1 Available 00-1f-2-2,0,0 serial.MODEL_B.BBBB sdb
hdisk2 Available 00-1f-2-1,0,0 naa.5000c5000000000c sda
END
file block/sdc/queue/read_ahead_kb 256
file block/sda/queue/read_ahead_kb 128
value hdisk2 read_ahead_kb 128

# One vanishes, another is in its place; the first comes back elsewhere, under another name.
plan_of "A 2 sdb" "C 1 sda" | made
configured
disks
output_is <<'END'
hdisk0 Available 00-1f-2-2,0,0 naa.5000c5000000000a sdb
hdisk1 Defined 00-1f-2-2,0,0 serial.MODEL_B.BBBB sdb
hdisk2 Available 00-1f-2-1,0,0 naa.5000c5000000000c sda
END
expect 0 odmget -q "name=hdisk1 and chgstatus=3" CuDv
output_has hdisk1
# What is stored is shown, and is not the other's.
value hdisk1 read_ahead_kb 512
file block/sdb/queue/read_ahead_kb 256
expect 1 mkdev -l hdisk1
error_has "hdisk0 is Available at connection 2,0,0"
plan_of "A 2 sdb" "C 1 sda" "B 5 sdx" | made
configured
disks
output_is <<'END'
hdisk0 Available 00-1f-2-2,0,0 naa.5000c5000000000a sdb
hdisk1 Available 00-1f-2-5,0,0 serial.MODEL_B.BBBB sdx
hdisk2 Available 00-1f-2-1,0,0 naa.5000c5000000000c sda
END
file block/sdx/queue/read_ahead_kb 512
expect 0 odmget -q "name=hdisk1 and chgstatus=3" CuDv
no_output

# A disk that is taken away and put back while the host runs.
change <<<"remove name=sda"
configured
expect 0 lsdev -l hdisk2 -F status
output_is <<<Defined
expect 1 chdev -l hdisk0 -a read_ahead_kb=nonsense
expect 0 chdev -l hdisk2 -a read_ahead_kb=64
plan_of "C 1 sda" | change
configured
file block/sda/queue/read_ahead_kb 64

# The same identity twice: both are shown, and check says so; one goes, and the other is what it was.
plan_of "A 2 sdb" "C 1 sda" "A 4 sdd" | made
configured
disks
output_is <<'END'
hdisk0 Available 00-1f-2-2,0,0 naa.5000c5000000000a@path.pci-0000:00:1f.2-sata-2,0,0 sdb
hdisk1 Defined 00-1f-2-5,0,0 serial.MODEL_B.BBBB sdx
hdisk2 Available 00-1f-2-1,0,0 naa.5000c5000000000c sda
hdisk3 Available 00-1f-2-4,0,0 naa.5000c5000000000a@path.pci-0000:00:1f.2-sata-4,0,0 sdd
END
expect 1 odmcfg check
output_is <<'END'
CuAt name=hdisk0 attribute=unique_id: another device says that it is naa.5000c5000000000a, too
CuAt name=hdisk3 attribute=unique_id: another device says that it is naa.5000c5000000000a, too
END
expect 1 odmcfg check --repair
plan_of "C 1 sda" "A 4 sdb" "A 2 sdd" | made
configured
disks
output_has "hdisk0 Available 00-1f-2-2,0,0 naa.5000c5000000000a@path.pci-0000:00:1f.2-sata-2,0,0 sdd"
output_has "hdisk3 Available 00-1f-2-4,0,0 naa.5000c5000000000a@path.pci-0000:00:1f.2-sata-4,0,0 sdb"
plan_of "C 1 sda" "A 2 sdd" | made
configured
disks
output_has "hdisk0 Available 00-1f-2-2,0,0 naa.5000c5000000000a sdd"
output_has "hdisk3 Defined 00-1f-2-4,0,0"
expect 0 odmcfg check
no_output

# An adapter goes with what hangs on it, and it all comes back.
plan_of | made
configured
expect 0 lsdev -C -F name:status
output_has "sata1:Available"
output_has "hdisk0:Defined"
echo "pci at=devices/pci0000:00/0000:00:17.0 class=0x010601" | made
configured
expect 0 lsdev -C -F name:status
output_has "sata1:Defined"
plan_of "A 1 sda" "C 2 sdb" | made
configured
disks
output_has "hdisk0 Available 00-1f-2-1,0,0 naa.5000c5000000000a sda"
file block/sda/queue/read_ahead_kb 256
file block/sdb/queue/read_ahead_kb 64

# A disk with two paths loses them in turn.
fc=devices/pci0000:00/0000:00:02.0
lun="vendor=MADE model=LUN serial=F1 naa=600a0980000000000000000000000001"
fabric() {
	for port in 0 1; do
		echo "pci at=$fc/0000:02:00.$port class=0x0c0400"
		echo "fc at=$fc/0000:02:00.$port host=2$port port_name=0x210000000000000$port"
	done
	echo "pci at=$fc class=0x060400"
	for path in "$@"; do
		echo "disk transport=fc at=$fc/0000:02:00.${path#*:} host=2${path#*:} rport=0 lun=1 port_name=0x5001 name=${path%:*} $lun"
	done
}
fabric sda:0 sdb:1 | made
fresh
configured
expect 0 lspath
output_is <<'END'
Enabled  hdisk0 fscsi0
Unmapped hdisk0 fscsi1
END
expect 0 chdev -l hdisk0 -a read_ahead_kb=256
fabric sdb:1 | made
configured
disks
output_is <<'END'
hdisk0 Available 02-00-1-0-5001,1 naa.600a0980000000000000000000000001 sdb
END
expect 0 lspath
output_is <<'END'
Missing hdisk0 fscsi0
Enabled hdisk0 fscsi1
END
file block/sdb/queue/read_ahead_kb 256
fabric | made
configured
expect 0 lsdev -l hdisk0 -F status
output_is <<<Defined
fabric sdc:0 | made
configured
disks
output_is <<'END'
hdisk0 Available 02-00-0-5001,1 naa.600a0980000000000000000000000001 sdc
END
expect 0 lspath
output_is <<'END'
Enabled hdisk0 fscsi0
Missing hdisk0 fscsi1
END
file block/sdc/queue/read_ahead_kb 256

# A port that gets another address, as the part of a bond does, stays what it is; so does its mtu.
net() { echo "pci at=devices/pci0000:00/0000:00:19.0 class=0x020000"
	echo "net at=devices/pci0000:00/0000:00:19.0 $*"; }
net name=port7 address=52:54:00:00:00:10 | made
fresh
configured
expect 0 chdev -l en0 -a mtu=9000
file class/net/port7/mtu 9000
for now in "name=port7 address=52:54:00:00:00:99 assign=3 permanent=52:54:00:00:00:10" \
	"name=port8 address=52:54:00:00:00:99 assign=3" "name=port7 address=52:54:00:00:00:10"; do
	# shellcheck disable=SC2086 # words
	net $now | made
	configured
	expect 0 lsdev -Cc adapter -F name:status
	output_is <<<ent0:Available
	expect 0 odmcfg apply -q
	# shellcheck disable=SC2086 # words
	set -- $now
	file "class/net/${1#name=}/mtu" 9000
done

# What a device says of itself is no command of a terminal and no format.
made <<'END'
pci at=devices/pci0000:00/0000:00:1f.2 class=0x010601
disk transport=sata at=devices/pci0000:00/0000:00:1f.2 host=0 ata=1 port=1 name=sda model=%s%n\x1b[2Jx serial=\x1b]0;x\x07%s vendor=\x9b31m%d wwid=\x1b[31m%s%n
disk transport=sata at=devices/pci0000:00/0000:00:1f.2 host=1 ata=2 port=2 name=sd\x1b[1mb model=%s%n\x1b[2Jx serial=\x1b]0;x\x07%s
net name=e\x1b[5m%n address=\x1b[2J at=devices/pci0000:00/0000:00:1f.2
dmi product=\x1b[2J%s serial=%n
END
fresh
configured
for command in "lsdev -C" "lsattr -El hdisk0" "lsattr -El hdisk1" "lscfg -v" "lsattr -El sys0" "odmget CuAt" \
	"odmget CuVPD" "odmcfg check" "lsattr -El ent0" "odmcfg log --all" "odmcfg drift"; do
	$command >"$work/out" 2>"$work/err"
	if LC_ALL=C grep -q $'[\x01-\x08\x0b-\x1f\x7f-\xff]' "$work/out" "$work/err"; then
		fail "$command lets control characters through"
	fi
done
expect 0 lsattr -El hdisk0 -a unique_id -F value
output_is <<<'?[31m%s%n'

# No link in the tree leads a write out of it.
plan_of "A 1 sda" | made
fresh
configured
echo 128 >"$work/outside"
ln -sf "$work/outside" "$tree/block/sda/queue/read_ahead_kb"
expect 1 chdev -l hdisk0 -a read_ahead_kb=256
[ "$(cat "$work/outside")" = 128 ] || fail "a link was followed out of the tree"
ln -sf nr_requests "$tree/block/sda/queue/read_ahead_kb"
expect 1 chdev -l hdisk0 -a read_ahead_kb=64
file block/sda/queue/nr_requests 256
