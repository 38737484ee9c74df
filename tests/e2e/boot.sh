#!/bin/bash
# What the host's end means for the database, and a boot for the devices.
. "$(dirname "$0")/lib.sh"
configured_machine
expect 0 mkdev -c disk -s scsi -t sdidisk -p scsi0 -w 0,0
expect 0 lsdev -C -F "name status"
cp "$work/out" "$work/before"

# With the host what it drove is gone; what has no driver, the system and lo0, is not.
expect 0 odmcfg kexd --stop
expect 0 lsdev -C -S available -F name
output_is <<<"inet0
lo0
sys0"
expect 0 cfgmgr
expect 0 lsdev -C -F "name status"
output_is <"$work/before"

# Ended by a signal, as systemd does it: listings say that nobody drives what the database has.
kill "$(cat "$ODMCFG_ROOT/run/kexd.pid")"
stopped() { ! odmcfg kexd --status >/dev/null; }
await stopped
expect 0 lsdev -C
error_has "kexd is not running"
error_has "odmcfg boot"
expect 0 lsdev -l lo0
[ ! -s "$work/err" ] || fail "a device without a driver: $(cat "$work/err")"
expect 0 odmcfg boot
no_output
expect 0 lsdev -C -F "name status"
output_is <"$work/before"
[ ! -s "$work/err" ] || fail "$(cat "$work/err")"
kill -9 "$(cat "$ODMCFG_ROOT/run/kexd.pid")"
await stopped
expect 0 lsdev -C
error_has "has died"

# -P is for this; an open device is not taken away without --force.
expect 0 odmcfg boot
expect 0 chdev -l tmscsi1 -a buf_size=512 -P
odmcfg tmrecv -l tmscsi1 >/dev/null 2>&1 &
receiver=$!
await is_open tmscsi1.tm
expect 1 odmcfg boot
error_has "tmscsi1"
error_has "--force"
expect 0 lsdev -C -F "name status"
output_is <"$work/before"
expect 0 odmcfg boot --force
wait $receiver && fail "the receiver did not notice"
expect 0 lsattr --pending -l tmscsi1
no_output
expect 0 lsattr -El tmscsi1 -a buf_size -F value
output_is <<<"512"

# What the machine has lost stays Defined, and is not configured by hand, either.
python3 - "$ODMCFG_ROOT/etc/machine.cfg" <<'END'
import re, sys
text = open(sys.argv[1]).read()
text = re.sub(r'\{ scsi_id = 0; lun = 0; file.*?\}', '', text, flags=re.S)
open(sys.argv[1], 'w').write(text)
END
expect 1 odmcfg boot
error_has "Driver sdidisk refused sdisk0"
for device in hdisk0 sdisk0; do
	expect 0 lsdev -l $device -F status
	output_is <<<"Defined"
done
expect 0 lsdev -l lo0 -F status
output_is <<<"Available"
expect 1 mkdev -l hdisk0
error_has "Nothing answers at connection 0,0 of scsi0, where hdisk0 was"
expect 0 odmget -q name=hdisk0 CuDv
output_has "chgstatus = 3"

# A description that can't be read takes nothing down.
cp "$ODMCFG_ROOT/etc/machine.cfg" "$work/machine.cfg"
echo "buses = (" >"$ODMCFG_ROOT/etc/machine.cfg"
expect 1 odmcfg boot
expect 0 lsdev -l tmscsi1 -F status
output_is <<<"Available"
cp "$work/machine.cfg" "$ODMCFG_ROOT/etc/machine.cfg"

expect 2 odmcfg boot now
expect 2 odmcfg boot --now
expect 0 odmcfg kexd --stop
rm "$ODMCFG_ROOT/objrepos/"odm.db*
expect 0 odmcfg kexd --stop
expect 1 odmcfg boot
error_has "odmcfg restore --newest"
