#!/bin/bash
# SVR5's drivers beside AIX's: one reset reaches both kinds, and nobody on another bus.
. "$(dirname "$0")/lib.sh"
expect 0 odmcfg init
cat >"$ODMCFG_ROOT/etc/machine.cfg" <<'END'
buses = (
  { location = "00"; adapters = (
    { slot = "00"; scsi_id = 7; disks = (
      { scsi_id = 0; lun = 0; file = "d0"; size_mb = 1; serial = "S0"; },
      { scsi_id = 0; lun = 1; file = "d1"; size_mb = 1; serial = "S1"; } ); },
    { slot = "01"; scsi_id = 6; } ); },
  { location = "01"; adapters = (
    { slot = "00"; scsi_id = 7; disks = (
      { scsi_id = 0; lun = 0; file = "d2"; size_mb = 1; serial = "S2"; } ); } ); }
);
END
expect 0 cfgmgr
expect 0 odmcfg edt
no_output
for place in 0,0 0,1; do
	expect 0 mkdev -c disk -s scsi -t sdidisk -p scsi0 -w $place
done
expect 0 mkdev -c disk -s scsi -t sdidisk -p scsi2 -w 0,0
output_is <<<"sdisk2 Available"
expect 1 mkdev -c disk -s scsi -t sdidisk -p scsi0 -w 5,0
error_has "the EDT has no disk at target 5 LUN 0 of scsi0"
expect 0 rmdev -dl sdisk3
expect 0 odmcfg edt -H
output_has "address"
expect 0 odmcfg edt --json
output_has '"address": "c0b0t0l0", "hba": "scsi0", "version": "4", "type": "disk"'
grep -q '"owners": "sdidisk"' "$work/out" || fail "nobody claimed a disk"

odmcfg tmrecv -l tmscsi0 --events >/dev/null 2>"$work/aix" &
receiver=$!
await is_open tmscsi0.tm
expect 0 odmcfg scsifault -l scsi0 reset
await grep -q SCSI_RESET_EVENT "$work/aix"
for device in sdisk0 sdisk1; do
	await test "$(counter $device delivered)" = 1
	grep -q "SDI_FAULT $device event 1" "$ODMCFG_ROOT/log/kexd.log" || fail "$device logged nothing"
done
[ "$(counter sdisk2 raised)" = 0 ] || fail "another bus's device was told of the reset"
expect 0 odmcfg scsifault -l scsi0 cmdfail
await grep -q SCSI_ADAP_CMD_FAILED "$work/aix"
await grep -q "SDI_FAULT sdisk1 event 2" "$ODMCFG_ROOT/log/kexd.log"
kill $receiver
wait $receiver 2>/dev/null

# An adapter with claimed devices stays; with -R all of it goes and comes again.
expect 1 rmdev -l scsi0
expect 0 rmdev -Rl scsi0
expect 0 mkdev -l scsi0
expect 0 mkdev -l sdisk0
expect 0 odmcfg scsifault -l scsi0 reset
await test "$(counter sdisk0 delivered)" = 1
expect 0 odmcfg check
