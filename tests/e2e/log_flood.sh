#!/bin/bash
# The log does not grow as fast as somebody can provoke lines, and has a size.
# It needs root to be another user. Skipped (77) for others.
[ "$(id -u)" -eq 0 ] || exit 77
. "$(dirname "$0")/lib.sh"
intruder=$8
configured_machine
chmod 755 "$work"
log=$ODMCFG_ROOT/log/kexd.log

expect 0 as_nobody "$intruder" garbage 4
sent=$(sed 's/sent //' "$work/out")
[ "$sent" -gt 1000 ] || fail "only $sent messages"
lines=$(grep -c "KEX_WIRE" "$log")
[ "$lines" -le 12 ] || fail "$lines lines of $sent messages"
grep -q "sent a malformed message ... and [0-9]* more like it before" "$log" || fail "no count"

# All are counted, those after the last line when it is quiet again.
counted() {
	[ "$(sed -n 's/.* \([0-9]*\) more like .*/\1/p' "$log" | awk '{ n += $1 } END { print n }')" \
		-ge $((sent - 12)) ]
}
await counted

# What is said once in a while is said as it was.
for event in cmdfail reset cmdfail reset; do
	expect 0 odmcfg scsifault -l scsi1 $event
done
logged() { [ "$(grep -c "$1 scsi1" "$log")" = 2 ]; }
await logged SCSI_RESET
await logged SCSI_ERR2

# A full log becomes the one before, for kexd and its processes, and is still read.
processes=$(pgrep -P "$(cut -d' ' -f1 "$ODMCFG_ROOT/run/kexd.pid")" kexworker)
head -c 5000000 /dev/zero | tr '\0' 'x' >>"$log"
echo >>"$log"
is_new() { [ "$(stat -c %s "$log")" -lt 4000000 ] && [ -s "$log.1" ]; }
await is_new
followed() {
	local process
	for process in $processes; do
		[ "/proc/$process/fd/2" -ef "$log" ] || return 1
	done
}
await followed
expect 0 odmcfg scsifault -l scsi1 cmdfail
await grep -q "SCSI_ERR2 scsi1" "$log"
expect 0 odmcfg errpt -J SCSI_ERR2
[ "$(grep -c COMMAND "$work/out")" = 3 ] || fail "$(cat "$work/out")"
expect 0 odmcfg kexd --stop
head -c 5000000 /dev/zero | tr '\0' 'y' >>"$log"
echo >>"$log"
expect 0 cfgmgr
await is_new
grep -q y "$log.1" || fail "the older one was kept"
