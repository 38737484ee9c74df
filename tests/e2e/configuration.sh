#!/bin/bash
# Machines that are described, values that run and that are stored, several devices at once, and
# devices that fail.
. "$(dirname "$0")/lib.sh"
power=$stage/share/odmcfg/schemas/machines/power.cfg

# A description that is wrong is refused before anything is written over.
expect 0 odmcfg init --machine "$power"
cp "$ODMCFG_ROOT/etc/machine.cfg" "$work/before"
printf 'devices = ( { type = "a/b/c"; where = "1"; },\n { type = "a/b/c"; where = "1"; } );\n' >"$work/twins.cfg"
expect 1 odmcfg init --machine "$work/twins.cfg"
error_has "twins.cfg:2: two devices of type a/b/c are both at 1"
printf 'devices = ( { type = "a/b/c"; where = "1";\n vpd = { LONG = "x"; }; } );\n' >"$work/vpd.cfg"
expect 1 odmcfg init --machine "$work/vpd.cfg"
error_has "vpd.cfg:2: LONG: a keyword is two characters"
expect 1 odmcfg init --machine /nosuch.cfg
cmp "$work/before" "$ODMCFG_ROOT/etc/machine.cfg" || fail "the machine was replaced"

expect 0 cfgmgr
no_output
expect 0 lscfg -vl hdisk0
output_is <<'END'
  hdisk0           U78A0.001.DNWHZS4-P1-C13-T2-L5000C5003A1B0001-L0  
	SAS Disk Drive

        Manufacturer................IBM 
        Machine Type and Model......ST9146852SS 
        FRU Number..................10N7232 
        ROS Level and ID............42323535
        Serial Number...............3TA1B0AA
        EC Level....................L36403
        Part Number.................10N7230 
        Device Specific.(Z0)........000005329F003002

END
expect 0 lscfg -l 'ent*'
output_is <<'END'
  ent0             U78A0.001.DNWHZS4-P1-C4-T1  Gigabit Ethernet-SX PCI-X Adapter (14106703)
  ent1             U78A0.001.DNWHZS4-P1-C4-T2  Gigabit Ethernet-SX PCI-X Adapter (14106703)
END
expect 0 lspath -H
output_is <<'END'
status  name   parent

Enabled hdisk3 fscsi0
Enabled hdisk3 fscsi1
Enabled hdisk4 fscsi0
Enabled hdisk4 fscsi1
END
expect 0 odmcfg check

# What the device runs with, what is stored, what is pending; over a restart of the host, too.
expect 0 chdev -l tmscsi0 -a num_bufs=64 -P
expect 0 lsattr --pending -l tmscsi0
output_is <<<"num_bufs 64 16 Number of receive buffers"
expect 0 lsattr -Pl tmscsi0 -a num_bufs -F value
output_is <<<16
[ "$(counter tmscsi0.tm bufs)" = 16 ] || fail "the driver does not run with 16"
expect 0 chdev -l tmscsi0 -a low_water=3 -T
[ "$(counter tmscsi0.tm bufs)" = 16 ] || fail "-T brought a pending value along"
expect 0 lsattr --pending -l tmscsi0 -F "attribute:value:running"
output_is <<'END'
low_water:0:3
num_bufs:64:16
END
expect 1 chdev -l tmscsi0 -a buf_size=1024 -U
error_has "can't be changed while the device is in use"
expect 1 chdev -l tmscsi0 -a low_water=100 -P
error_has "low_water"
kill -9 "$(odmcfg kexd --status | sed 's/.*process \([0-9]*\).*/\1/')"
expect 0 cfgmgr
expect 0 lsattr --pending -l tmscsi0
no_output
[ "$(counter tmscsi0.tm bufs)" = 64 ] || fail "the restart did not bring the stored value"
expect 0 chdev -l hdisk0 -a queue_depth=20 -P
expect 0 chdev -l hdisk0 -a max_transfer=0x100000 -P
expect 0 chdev -l hdisk0 -a rw_timeout=45 -U
expect 0 lsattr --pending -l hdisk0 -F attribute
output_is <<<max_transfer
expect 0 odmcfg log -l hdisk0
! grep -q CuRun "$work/out" || fail "the history has CuRun"

# Several devices: all or none, and what was changed before one refused has its old values again.
expect 1 chdev -l 'hdisk[0-4]' -a queue_depth=24 -a q_type=none
error_has "hdisk2"
expect 0 lsattr -El hdisk0 -a queue_depth -F value
output_is <<<20
expect 0 chdev -l 'hdisk[0134]' -a queue_depth=24
output_is <<'END'
hdisk0 changed
hdisk1 changed
hdisk3 changed
hdisk4 changed
END
odmcfg tmrecv -l tmscsi1 --bytes 1 >/dev/null 2>&1 &
receiver=$!
await is_open tmscsi1.tm
expect 1 chdev -l 'tmscsi*' -a num_bufs=32 -a buf_size=512
error_has "0514-062"
error_has "process $receiver (odmcfg, user $(id -un)) has tmscsi1.tm"
error_has "tmscsi0 has its old values again"
[ "$(counter tmscsi0.tm bufs)" = 64 ] || fail "tmscsi0 kept the new value"
expect 0 lsattr -El tmscsi0 -a num_bufs -F value
output_is <<<64
kill $receiver
wait $receiver 2>/dev/null
expect 0 chdev -l 'tmscsi*' -a num_bufs=32 --dry-run -F "device:value:new:effect"
output_is <<'END'
tmscsi0:64:32:configured again
tmscsi1:16:32:configured again
END
expect 1 chdev -l 'nosuch*' -a num_bufs=32
error_has "nosuch* is not in the customized database"

# A device moves while nobody uses it.
expect 1 chdev -l rmt0 -p sissas0 -w 77
error_has "rmdev -l rmt0 before it is moved"
expect 0 rmdev -l rmt0
expect 1 chdev -l rmt0 -p ent0 -w 0
error_has "no connection 0 for devices of subclass sas"
expect 0 chdev -l rmt0 -p sissas0 -w 77
expect 0 lsdev -l rmt0 -F "parent connwhere location"
output_is <<<"sissas0 77 02-08-77"

# One that fails does not stop the others; packages that methods miss are named at the end.
mkdir "$work/methods"
cat >"$work/methods/cfg" <<'END'
#!/bin/sh
while getopts l:12 option; do [ $option = l ] && name=$OPTARG; done
sleep 0.5
case $name in
slow1) echo "it does not answer" >&2; exit 29 ;;
slow2) echo ":devices.pci.slow" ;;
esac
printf 'CuDv:\n\tstatus = 1\n' | odmchange -o CuDv -q "name=$name"
END
cat >"$work/methods/rule" <<'END'
#!/bin/sh
echo slow0 slow1 slow2 slow3 :devices.slow.base
END
chmod +x "$work"/methods/*
odmadd <<END || fail odmadd
PdDv:
	type = slow
	class = slow
	subclass = none
	prefix = slow
	Define = "/usr/lib/methods/define"
	Configure = "$work/methods/cfg"
	Undefine = "/usr/lib/methods/undefine"
	uniquetype = "slow/none/slow"

Config_Rules:
	phase = 2
	seq = 0
	rule = "$work/methods/rule"
END
for number in 0 1 2 3; do
	expect 0 mkdev -d -c slow -l slow$number
done
expect 1 cfgmgr -v
output_has "Number of running methods: 4"
elapsed=$(sed -n 's/^Completed method for: slow3, Elapsed time = //p' "$work/out")
awk "BEGIN { exit !($elapsed >= 0.5) }" || fail "a method that sleeps 0.5 s took '$elapsed'"
error_has "0514-040 it does not answer"
error_has "0514-621"
error_has "devices.slow.base"
error_has "devices.pci.slow"
expect 0 lsdev -Cc slow -F "name status"
output_is <<'END'
slow0 Available
slow1 Defined
slow2 Available
slow3 Available
END

# An interrupt waits for the method's end, and the next device is not begun.
expect 0 odmchange -o CuDv -q "name like 'slow*'" <<<'CuDv:
	status = 0'
cfgmgr -l slow0 >"$work/out" 2>"$work/err" &
sleep 0.2
kill -INT $! 2>/dev/null
kill -TERM $!
wait $!
[ $? -gt 128 ] || fail "the interrupt was lost"
expect 0 lsdev -l slow0 -F status
output_is <<<Available

# Defaults, names, extensions.
expect 0 chdef -a queue_depth=12 -c disk -s sas -t scsd
expect 1 chdef -a queue_depth=1000 -c disk -s sas -t scsd
error_has "a number from 1 to 256"
expect 1 chdef -a location=x -c disk -s sas -t scsd
error_has "no list or range"
expect 0 lsattr -Dc disk -s sas -t scsd -a queue_depth -F deflt
output_is <<<12
expect 0 rendev -l tmscsi1 -n target1
expect 0 lsattr -El target1 -a scsi_id -F value
output_is <<<7
[ -f "$ODMCFG_ROOT/special/target1.tm" ] && [ ! -e "$ODMCFG_ROOT/special/tmscsi1.tm" ] || fail "special files"
expect 1 rendev -l target1 -n "a b"
error_has "no logical name"
expect 1 rendev -l target1 -n hdisk0
error_has "taken"
expect 0 lsdev -l target1 -F status
output_is <<<Available
expect 0 genkex
output_has "drivers/tmscsi.so"
expect 0 odmcfg check

expect 0 odmdelete -o Config_Rules -q "seq = 0"

# A Stopped device is configured and can't be opened; over a restart of the host it stays so.
expect 0 mkdev -Sl tmscsi0
output_is <<<"tmscsi0 Stopped"
expect 1 odmcfg tmrecv -l tmscsi0 --bytes 1
error_has "tmscsi0"
kill -9 "$(odmcfg kexd --status | sed 's/.*process \([0-9]*\).*/\1/')"
expect 0 cfgmgr
expect 0 lsdev -l tmscsi0 -F status
output_is <<<Stopped
expect 1 odmcfg tmrecv -l tmscsi0 --bytes 1
expect 0 chdev -l tmscsi0 -a num_bufs=128
[ "$(counter tmscsi0.tm bufs)" = 128 ] || fail "a Stopped device is not changed"
expect 1 odmcfg tmrecv -l tmscsi0 --bytes 1
expect 0 mkdev -l tmscsi0
output_is <<<"tmscsi0 Available"
odmcfg tmrecv -l tmscsi0 --bytes 1 >/dev/null 2>&1 &
receiver=$!
await is_open tmscsi0.tm
expect 1 rmdev -Sl tmscsi0
error_has "process $receiver (odmcfg"
# Its other special file was stopped first, and is started again.
odmcfg tmrecv -l target1 --bytes 5 --timeout 20s >"$work/five" &
other=$!
await is_open target1.tm
printf hello | expect 0 odmcfg tmsend -l tmscsi0
wait $other
[ "$(cat "$work/five")" = hello ] || fail "the initiator's side stayed stopped"
kill $receiver
wait $receiver 2>/dev/null
expect 1 rmdev -Sl scsi0
error_has "is still configured"

# Classes that somebody removed: init adds them, and keeps the rest.
expect 0 chdev -l hdisk0 -a queue_depth=77
for class in CuRun PdPathAt; do
	expect 0 odmdrop -o $class
done
expect 0 lsattr -El hdisk0 -a queue_depth -F value
expect 1 chdev -l hdisk0 -a queue_depth=78
error_has "the class does not exist"
expect 0 odmcfg init
expect 0 lsattr -El hdisk0 -a queue_depth -F value
output_is <<<77
expect 0 chdev -l hdisk0 -a queue_depth=78
expect 0 lsattr -Pl hdisk0 -a queue_depth -F value
output_is <<<78
expect 0 cfgmgr
expect 0 odmcfg check
