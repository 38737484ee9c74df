#!/bin/bash
# Who changed what: log, diff, undo; check and its repairs; copies.
. "$(dirname "$0")/lib.sh"
configured_machine
last() { odmcfg log -n 1 | sed -n '1s/ .*//p'; }

# A change is shown with who, how, and both values.
expect 0 chdev -l tmscsi1 -a num_bufs=128
expect 0 chdev -l tmscsi1 -a num_bufs=64
changed=$(last)
expect 0 odmcfg log -n 1
output_has "$(id -un)"
output_has "chdev -l tmscsi1 -a num_bufs=64"
output_has 'CuAt name=tmscsi1 attribute=num_bufs: value "128" -> "64"'
expect 0 odmcfg log -l tmscsi1 -n 2
[ "$(grep -c 'chdev -l tmscsi1' "$work/out")" = 2 ] || fail "the device's entries"
expect 0 odmcfg log -l nosuch
no_output
expect 0 odmcfg diff $((changed - 2)) "$changed"
output_has 'CuAt name=tmscsi1 attribute=num_bufs: added: '
output_has 'value = "64"'
expect 0 odmcfg diff "$changed"
no_output

expect 0 lsattr -El tmscsi1 -a num_bufs --origin -F "attribute:value:user:command"
output_is <<<"num_bufs:64:$(id -un):chdev -l tmscsi1 -a num_bufs=64"
expect 0 lsattr -El tmscsi1 --diff --origin
grep -Eq '^num_bufs +64 20[0-9-]+ [0-9:]+ .* chdev -l tmscsi1' "$work/out" || fail "the origin"
expect 0 lsattr -El tmscsi1 -a low_water --origin -F "value:when:user:command"
output_is <<<"$(lsattr -El tmscsi1 -a low_water -F value):::"
expect 2 lsattr -Dl tmscsi1 --origin

# Undone, and done again.
expect 0 odmcfg undo
output_is <<<"entry $changed undone by entry $((changed + 1))"
[ "$(counter tmscsi1.tm bufs)" = 128 ] || fail "the driver does not run with what undo stored"
expect 0 lsattr -El tmscsi1 -a num_bufs -F value
output_is <<<"128"
expect 0 odmcfg undo
expect 0 lsattr -El tmscsi1 -a num_bufs -F value
output_is <<<"16"
expect 1 odmcfg undo "$changed"
error_has "was undone by entry $((changed + 1))"
expect 1 odmcfg undo $((changed + 1))
error_has "entry $((changed + 2)) changed it since; undo that first"
expect 0 odmcfg undo $((changed + 2))
expect 0 odmcfg undo $((changed + 1))
expect 0 lsattr -El tmscsi1 -a num_bufs -F value
output_is <<<"64"

# What methods did to devices is undone by methods.
expect 0 rmdev -l hdisk0
expect 1 odmcfg undo
error_has "it made hdisk0 Defined; mkdev -l hdisk0 undoes that"
# A device without which others would be orphans is not taken away, nor is what depends on it.
printf 'CuDv:\n\tname = new0\n\tPdDvLn = disk/scsi/vdisk\n\tparent = vbus0\n' | expect 0 odmadd
parent=$(last)
printf 'CuAt:\n\tname = new0\n\tattribute = mine\n\tvalue = 1\n' | expect 0 odmadd
expect 1 odmcfg undo "$parent"
error_has "CuAt name=new0 attribute=mine: there is no such device"
expect 0 odmget -q name=new0 CuDv
output_has "new0"
expect 0 odmcfg check
no_output

# A slip of the hand.
odmget CuAt >"$work/before"
expect 0 odmdelete -o CuAt --all
expect 0 odmcfg undo
expect 0 odmget CuAt
output_is <"$work/before"
expect 0 odmdrop -o CuAt
expect 1 odmget CuAt
expect 0 odmcfg log -n 1
output_has "CuAt: the class was removed"
expect 0 odmcfg undo
expect 0 odmget CuAt
output_is <"$work/before"

# What contradicts itself is found, and removed in a transaction that can be undone.
expect 0 odmdelete -o CuDv -q "name=new0"
{
	printf 'CuDep:\n\tname = nosuch0\n\tdependency = vbus0\n'
	printf 'CuAt:\n\tname = tmscsi0\n\tattribute = num_bufs\n\tvalue = 9999\n'
	printf 'CuDv:\n\tname = odd0\n\tPdDvLn = no/such/type\n'
	printf 'CuDv:\n\tname = odd1\n\tPdDvLn = disk/scsi/vdisk\n\tparent = odd0\n'
	printf 'CuDvDr:\n\tresource = devno\n\tvalue1 = 99\n\tvalue2 = 0\n\tvalue3 = odd2\n'
	printf 'CuAt:\n\tname = scsi0\n\tattribute = intr_priority\n\tvalue = 3\n%.0s' 1 2
} | expect 0 odmadd
expect 1 odmcfg check
for line in "CuAt name=new0 attribute=mine: there is no such device" \
	"CuDep name=nosuch0: there is no such device" \
	"CuAt name=tmscsi0 attribute=num_bufs: num_bufs = 9999: allowed is a number from 16 to 4096" \
	"CuDv name=odd0: its type is not in PdDv" \
	"CuDvDr resource=devno value1=99: there is no such device" \
	"CuAt name=scsi0 attribute=intr_priority: the device has it once already"; do
	output_has "$line"
done
expect 0 odmcfg check --repair
output_has "CuDv name=odd1: its parent does not exist; removed"
expect 0 odmcfg check
no_output
expect 0 odmget -q "name=scsi0 and attribute=intr_priority" CuAt
[ "$(grep -c CuAt: "$work/out")" = 1 ] || fail "one is kept"

# A copy, also while others write; what is not a copy is refused.
(for i in $(seq 50); do printf 'CuDep:\n\tname = vbus0\n\tdependency = vbus0\n' | odmadd; done) &
for _ in 1 2 3; do expect 0 odmcfg backup "$work/copy"; done
wait
odmget CuDv CuAt PdDv >"$work/before"
expect 0 odmdelete -o PdDv --all
expect 0 odmcfg restore "$work/copy"
expect 0 odmget CuDv CuAt PdDv
output_is <"$work/before"
[ -f "$ODMCFG_ROOT/objrepos/before-restore.db" ] || fail "the state before"
expect 1 odmcfg restore "$work/out"
error_has "not a repository"
head -c 20000 "$work/copy" >"$work/half"
expect 1 odmcfg restore "$work/half"
expect 1 odmcfg restore "$work/nosuch"
expect 1 odmcfg backup "$work/nosuch/copy"
mkfifo "$work/fifo"
for file in "$work" "$work/fifo"; do
	expect 1 odmcfg backup "$file"
	error_has "no regular file"
	expect 1 savebase -d "$file"
done
[ -p "$work/fifo" ] || fail "the pipe was replaced"
expect 0 odmget CuDv CuAt PdDv
output_is <"$work/before"

# The customized classes alone.
expect 0 savebase -v
output_is <<<"the classes Cu* were saved in $ODMCFG_ROOT/objrepos/base"
expect 0 savebase -d "$work/base"
expect 0 odmdelete -o CuAt --all
expect 0 restbase -o "$work/base"
expect 0 odmget CuDv CuAt PdDv
output_is <"$work/before"
# What was configured with these values would not run with what undo left.
restored=$(last)
expect 1 odmcfg undo
error_has "is not the user's to set"
error_has "entry $restored is not undone"
expect 0 odmget CuDv CuAt PdDv
output_is <"$work/before"
expect 0 restbase

# A repository that is damaged beyond reading is put aside.
echo rubbish >"$ODMCFG_ROOT/objrepos/odm.db"
rm -f "$ODMCFG_ROOT"/objrepos/odm.db-*
expect 1 odmget CuDv
error_has "damaged"
expect 1 odmcfg check
expect 0 odmcfg restore "$work/copy"
expect 0 odmget CuDv CuAt PdDv
output_is <"$work/before"

for wrong in "log 0" "log -n 0" "undo x" "undo 1 2" "diff" "backup" "restore" "check x" "log --nosuch"; do
	expect 2 odmcfg $wrong
done
expect 1 odmcfg diff 5 3
error_has "5 is later than 3"
expect 1 odmcfg log 99999
expect 1 odmcfg undo 99999
error_has "no object has that identifier"
