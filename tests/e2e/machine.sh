#!/bin/bash
# machine.cfg: what is wrong is named with file and line, and nothing is defined.
. "$(dirname "$0")/lib.sh"
expect 0 odmcfg init
machine=$ODMCFG_ROOT/etc/machine.cfg
cp "$machine" "$work/good"

# refused LINE TEXT: the machine that is on standard input.
refused() {
	cat >"$machine"
	expect 1 cfgmgr
	error_has "machine.cfg:$1: $2"
	expect 0 odmget CuDv
	no_output
}

refused 4 "two adapters of one bus both have SCSI ID 7" <<'END'
buses = ( { location = "00";
  adapters = (
    { slot = "00"; scsi_id = 7; },
    { slot = "01"; scsi_id = 7; } ); } );
END
refused 3 "a disk and an adapter of one bus both have SCSI ID 6" <<'END'
buses = ( { location = "00"; adapters = (
    { slot = "01"; scsi_id = 6; },
    { slot = "00"; scsi_id = 7; disks = ( { scsi_id = 6; lun = 0; file = "d"; size_mb = 1; serial = "s"; } ); } ); } );
END
refused 2 "'colour' is not known here" <<'END'
buses = ( { location = "00";
  colour = "red"; } );
END
refused 2 "scsi_id = 8: allowed is 0 to 7" <<'END'
buses = ( { location = "00"; adapters = (
    { slot = "00"; scsi_id = 8; } ); } );
END
refused 1 "'slot' is missing" <<'END'
buses = ( { location = "00"; adapters = ( { scsi_id = 1; } ); } );
END
refused 2 "syntax error" <<'END'
buses = ( {
END
rm "$machine"
expect 1 cfgmgr
error_has "machine.cfg: can't be read"
expect 0 odmget CuDv
no_output

# What vanishes becomes missing, what comes back is the same device.
cp "$work/good" "$machine"
expect 0 cfgmgr
cat >"$machine" <<'END'
buses = ( { location = "00"; adapters = (
    { slot = "00"; scsi_id = 7; }, { slot = "01"; scsi_id = 6; } ); } );
END
expect 0 cfgmgr
expect 0 odmget -q "name=hdisk0 and chgstatus=3" CuDv
output_has hdisk0
cp "$work/good" "$machine"
expect 0 rmdev -Rl sys0
expect 0 cfgmgr
expect 0 odmget -q "name=hdisk0 and chgstatus=2 and status=1" CuDv
output_has hdisk0

# A device whose description is refused does not stop the others, and is not half defined.
cat >"$machine" <<'END'
devices = (
  { type = "processor/sys/proc_rspc"; where = "00-00"; values = { type = "one"; }; },
  { type = "processor/sys/proc_rspc"; where = "00-01"; values = { type = "two"; colour = "red"; }; },
  { type = "nosuch/sys/type"; where = "0"; },
  { type = "processor/sys/proc_rspc"; where = "00-02"; values = { type = "three"; }; }
);
END
expect 1 cfgmgr
error_has "proc1 has no attribute colour"
error_has "The type nosuch/sys/type is not in the predefined database"
expect 0 lsdev -Cc processor -F "name status"
output_is <<'END'
proc0 Available
proc1 Available
END
expect 0 lsattr -El proc1 -a type -F value
output_is <<<three
sed -i 's/colour = "red"; //; /nosuch/d' "$machine"
expect 0 cfgmgr
expect 0 lsattr -El proc2 -a type -F value
output_is <<<two
expect 0 odmcfg check
