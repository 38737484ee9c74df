#!/bin/bash
# The disk reads and writes blocks through its adapter; the data is in its file.
. "$(dirname "$0")/lib.sh"
disk_io=$2
configured_machine
image=$ODMCFG_ROOT/etc/disk0.img
head -c 3M /dev/urandom >"$work/data"

# What the disk says of itself.
expect 0 lscfg -vl hdisk0
output_has "Serial Number...............ODM0000001"
output_has "Machine Type and Model......VIRTUAL DISK"

# More than one request's worth, at an odd block.
expect 0 "$disk_io" write 77 <"$work/data"
cmp -n 3145728 "$work/data" "$image" 0 $((77 * 512)) || fail "the file has other data"
expect 0 "$disk_io" read 77 3145728
cmp "$work/data" "$work/out" || fail "other data came back"
[ "$(counter hdisk0 bytes)" -eq 6291456 ] || fail "bytes: $(counter hdisk0 bytes)"

# The end of the disk, what is no block, and what is beyond.
expect 0 "$disk_io" read 131071 1024
[ "$(stat -c %s "$work/out")" = 512 ] || fail "read over the end: $(stat -c %s "$work/out")"
head -c 1024 "$work/data" | expect 1 "$disk_io" write 131072
error_has "No space left"
expect 1 "$disk_io" read 131073 512
error_has "DKIOSEEK: Invalid argument"
head -c 100 "$work/data" | expect 1 "$disk_io" write 0
error_has "write: Invalid argument"

# Bus resets in between cost nothing: what was cut off is sent again.
for _ in 1 2 3 4 5; do
	odmcfg scsifault -l scsi1 reset &
	expect 0 "$disk_io" read 77 3145728
	cmp "$work/data" "$work/out" || fail "other data came back after a reset"
done
wait

# A file of another size than machine.cfg says is not this disk's.
expect 0 rmdev -Rl sys0
truncate -s 1M "$image"
expect 1 cfgmgr
error_has "has 1048576 bytes, machine.cfg says 67108864"
expect 0 lsdev -l vbus0 -F status
output_is <<<"Defined"
