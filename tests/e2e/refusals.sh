#!/bin/bash
# Wrong input is refused with the cause, and changes nothing.
. "$(dirname "$0")/lib.sh"
configured_machine
odmget CuDv CuAt CuDvDr >"$work/before"

for command in "lsdev -Z" "lsattr" "lsattr -El" "lsattr -E -D -l scsi0" "chdev -l scsi0" \
	"chdev -a x=1" "mkdev" "mkdev -l scsi0 -a x=1" "rmdev" "rmdev -l scsi0 -p vbus0" \
	"cfgmgr -p 9" "cfgmgr stray" "odmcfg nosuch" "odmcfg kexd" "odmcfg tmsend" \
	"odmcfg tmrecv -l tmscsi1 --bytes x" "odmcfg scsifault -l scsi0 nosuch" "odmget" \
	"odmdelete" "odmcreate -c -h x"; do
	# shellcheck disable=SC2086
	expect 2 $command
	grep -q . "$work/err" || fail "silent: $command"
	no_output
done

expect 1 chdev -l tmscsi1 -a num_bufs=15
error_has "0514-018 num_bufs = 15: allowed is a number from 16 to 4096."
expect 1 chdev -l tmscsi1 -a num_bufs=many
error_has "0514-018"
expect 1 chdev -l tmscsi1 -a buf_size=129
error_has "in steps of 128"
expect 1 chdev -l tmscsi1 -a scsi_id=3
error_has "not the user's to set"
expect 1 chdev -l tmscsi1 -a nosuch=3
error_has "has no attribute nosuch"
expect 1 chdev -l tmscsi1 -a num_bufs=32 -a low_water=33
error_has "low_water 33: more than num_bufs"
expect 1 chdev -l nosuch -a num_bufs=16
error_has "nosuch is not in the customized database"
expect 1 chdev -l scsi1 -a intr_priority=2
error_has "child tmscsi1 is configured"
expect 1 rmdev -l scsi1
error_has "child tmscsi1"
expect 1 mkdev -s scsi
error_has "select 6 device types"
expect 1 mkdev -c tmscsi -s scsi -t tmscsi -p nosuch -w 1,0
error_has "parent nosuch"
expect 1 mkdev -c tmscsi -s scsi -t tmscsi -p sys0 -w 1,0
error_has "has no connection"
expect 1 mkdev -l nosuch
expect 1 rmdev -l nosuch
expect 1 odmcfg tmrecv -l hdisk0
expect 1 odmcfg tmsend -l nosuch
error_has "nosuch is not in the customized database"

expect 0 odmget CuDv CuAt CuDvDr
output_is <"$work/before"

# A value that only the DDS check can find: stored behind the commands' back.
expect 0 rmdev -l tmscsi1
printf 'CuAt:\n\tname = tmscsi1\n\tattribute = num_bufs\n\tvalue = 9\n\ttype = R\n\tgeneric = DU+\n' |
	expect 0 odmadd
expect 1 mkdev -l tmscsi1
error_has "num_bufs 9: outside 16-4096"
expect 0 lsdev -l tmscsi1 -F status
output_is <<<"Defined"

# The extension goes when nobody else uses it, and not before.
expect 0 odmcfg kexd --status
output_has "4 extensions"
expect 0 rmdev -l tmscsi0
expect 1 mkdev -l tmscsi1
expect 0 odmcfg kexd --status
output_has "3 extensions"

# Children block, dependencies block, -d removes everything of the device.
expect 0 odmdelete -o CuAt -q "name=tmscsi1 and attribute=num_bufs"
expect 0 mkdev -l tmscsi1
expect 1 rmdev -dl scsi1
expect 0 rmdev -Rdl scsi1
output_is <<'END'
tmscsi1 deleted
scsi1 deleted
END
expect 0 odmget -q "name like *1" CuDv CuAt
no_output
[ ! -e "$ODMCFG_ROOT/special/tmscsi1.tm" ] || fail "the special file is left"
expect 0 cfgmgr
expect 0 lsdev -l scsi1 -F status
output_is <<<"Available"
