#!/bin/bash
# What cfgmgr finds, and the listings to the column.
. "$(dirname "$0")/lib.sh"

expect 0 odmcfg init
expect 0 cfgmgr -v
grep -o "device '[a-z0-9]*'" "$work/out" | tr '\n' ' ' >"$work/order"
[ "$(cat "$work/order")" = "device 'sys0' device 'vbus0' device 'iscsi0' device 'scsi0' device 'scsi1' \
device 'tmscsi0' device 'tmscsi1' device 'hdisk0' device 'inet0' \
device 'lo0' " ] || fail "order: $(cat "$work/order")"

expect 0 lsdev -C
output_is <<'END'
hdisk0  Available 00-00-00-0,0 Virtual SCSI Disk Drive
inet0   Available              Internet Network Extension
iscsi0  Defined                iSCSI Protocol Device
lo0     Available              Loopback Network Interface
scsi0   Available 00-00        Virtual SCSI I/O Controller
scsi1   Available 00-01        Virtual SCSI I/O Controller
sys0    Available              System Object
tmscsi0 Available 00-00-00-6,0 SCSI I/O Controller Initiator/Target Device
tmscsi1 Available 00-01-00-7,0 SCSI I/O Controller Initiator/Target Device
vbus0   Available 00           Virtual SCSI Bus
END
expect 0 lsdev -l sys0
output_is <<'END'
sys0 Available  System Object
END
expect 0 lsdev -Cc adapter -F name:parent:location
output_is <<'END'
scsi0:vbus0:00-00
scsi1:vbus0:00-01
END
expect 0 lsdev -C -l 'tmscsi*' -F 'name status'
output_is <<'END'
tmscsi0 Available
tmscsi1 Available
END
expect 0 lsdev -p scsi0 -S a -F name
output_is <<'END'
hdisk0
tmscsi0
END
expect 0 lsdev -Pr class
output_is <<'END'
adapter
bus
cdrom
container
disk
driver
if
memory
pdisk
planar
processor
sys
tape
target
tcpip
tmscsi
tty
END
expect 0 lsdev -l nosuch
no_output

expect 0 lsattr -El scsi1
output_is <<'END'
bus_intr_lvl  16       Bus interrupt level            False
file_mode     0660     Mode of the special files      True
file_owner             Owner of the special files     True
id            6        Adapter card SCSI ID           False
intr_priority 3        Interrupt priority             True
max_xfer_size 0x100000 Maximum transfer size          True
num_cmd_elems 40       Number of commands in progress True
tm            yes      Target mode enabled            True
END
expect 0 lsattr -El tmscsi1 -a num_bufs -a scsi_id -H
output_is <<'END'
attribute value description                    user_settable

num_bufs  16    Number of receive buffers      True+
scsi_id   7     SCSI ID of the attached device False
END
expect 0 lsattr -El tmscsi1 -a scsi_id:num_bufs -O
output_is <<'END'
#scsi_id:num_bufs
7:16
END
expect 0 lsattr -El tmscsi1 -a num_bufs -Fvalue
output_is <<'END'
16
END
expect 0 lsattr -Rl tmscsi1 -a buf_size
output_is <<'END'
128...4096 (+128)
END
expect 255 lsattr -El tmscsi1 -a nosuch
no_output

# As JSON, with the columns of the listing.
expect 0 lsdev -Cc adapter --json -F "name status description"
output_is <<'END'
[{"name": "scsi0", "status": "Available", "description": "Virtual SCSI I/O Controller"},
{"name": "scsi1", "status": "Available", "description": "Virtual SCSI I/O Controller"}]
END
expect 0 lsdev -l nosuch --json
output_is <<<"[]"
expect 0 lsattr -El tmscsi1 -a num_bufs --json
output_is <<'END'
[{"attribute": "num_bufs", "value": "16", "description": "Number of receive buffers", "user_settable": "True+"}]
END
expect 2 lsattr -El tmscsi1 -O --json
expect 2 lsdev --jsonx

# Only what is not default; another record separator.
expect 0 chdev -l hdisk0 -P -a rw_timeout=60
expect 0 lsattr -El hdisk0 --diff -F "attribute value"
output_has "rw_timeout 60"
! grep -q lun_id "$work/out" || fail "a default"
expect 0 lsattr -El scsi1 --diff -F attribute
output_is <<<"id"
expect 2 lsattr -Dl hdisk0 --diff
expect 0 lsattr -El scsi1 -F "attribute:value" -Z "|" -a id -a tm
printf 'id:6|tm:yes|' | output_is
expect 2 lsattr -El scsi1 -Z "|"
expect 2 lsattr -El scsi1 -F value -Z "ab"
expect 0 chdev -l hdisk0 -P -a rw_timeout=30

# Where devices can be connected.
expect 0 lsparent -l hdisk0
output_is <<'END'
iscsi0 Defined         iSCSI Protocol Device
scsi0  Available 00-00 Virtual SCSI I/O Controller
scsi1  Available 00-01 Virtual SCSI I/O Controller
END
expect 0 lsparent -P -k vbus -F uniquetype
output_is <<<"bus/sys/vbus"
expect 0 lsparent -k nosuch
no_output
expect 1 lsparent -l nosuch
error_has "nosuch is not in the customized database"
expect 2 lsparent
expect 2 lsparent -C -P -k scsi
expect 0 lsconn -p scsi0 -F "connkey:uniquetype"
output_is <<<"scsi:adapter/vbus/vscsi"
expect 0 lsconn -c sys -s node -t odmcfg -H
output_has "connwhere connkey"
expect 0 lsconn -p scsi0 -l hdisk0 --json
output_is <<<'[{"connwhere": ""}]'
expect 0 lsconn -p scsi0 -k nosuch
no_output
expect 1 lsconn -p nosuch
expect 2 lsconn -p scsi0 -c adapter
expect 2 lsconn -p scsi0 -l hdisk0 -k scsi

expect 0 odmget -q "name=tmscsi1" CuDv
output_is <<'END'

CuDv:
	name = "tmscsi1"
	status = 1
	chgstatus = 0
	ddins = "tmscsi"
	location = "00-01-00-7,0"
	parent = "scsi1"
	connwhere = "7,0"
	PdDvLn = "tmscsi/scsi/tmscsi"
END

# A second run finds the same and defines nothing twice.
odmget CuDv CuAt CuDvDr >"$work/before"
expect 0 cfgmgr
expect 0 odmcfg init
output_has "customized data is kept"
expect 1 odmcfg tmsend -l tmscsi0 --record 2M </dev/null
error_has "larger than the adapter's max_xfer_size, 1048576"
expect 0 odmget CuDv CuAt CuDvDr
output_is <"$work/before"

# On a terminal a description is cut to its width and states have colours; NO_COLOR and pipes are plain.
if command -v script >/dev/null; then
	on_terminal() { script -qec "stty cols 50; TERM=xterm $*" /dev/null </dev/null | tr -d '\r' >"$work/out"; }
	on_terminal NO_COLOR=1 lsdev -l tmscsi0
	output_is <<<"tmscsi0 Available 00-00-00-6,0 SCSI I/O Control..."
	rmdev -l tmscsi0 >/dev/null
	on_terminal lsdev -l tmscsi0 -F "'name status'"
	output_is <<<"tmscsi0 $(printf '\033[33m')Defined$(printf '\033[0m')"
	on_terminal "lsdev -l tmscsi0 | cat"
	output_is <<<"tmscsi0 Defined 00-00-00-6,0 SCSI I/O Controller Initiator/Target Device"
fi
