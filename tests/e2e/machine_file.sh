#!/bin/bash
# etc/machine.cfg as a file: an edited one is never lost, what is no file is refused, numbers are
# told as they are written.
. "$(dirname "$0")/lib.sh"
small=$stage/share/odmcfg/schemas/machines/small.cfg
power=$stage/share/odmcfg/schemas/machines/power.cfg
machine=$ODMCFG_ROOT/etc/machine.cfg

# What is no file is refused before anything is made, and nothing is waited for.
mkfifo "$work/fifo"
for file in "$work/fifo" /dev/zero /dev/null "$work"; do
	expect 1 timeout 20 odmcfg init --machine "$file"
	error_has "$file: can't be read: it is no regular file"
	[ ! -e "$ODMCFG_ROOT" ] || fail "$file: something was made"
done
expect 1 odmcfg init --machine "$work/none"
error_has "$work/none: can't be read: No such file or directory"
[ ! -e "$ODMCFG_ROOT" ] || fail "something was made"

# A shipped machine is replaced without a copy; the same file is left alone.
expect 0 odmcfg init
cmp -s "$small" "$machine" || fail "not the small machine"
expect 0 odmcfg init --machine "$power"
cmp -s "$power" "$machine" || fail "not the other machine"
inode=$(stat -c %i "$machine")
expect 0 odmcfg init --machine "$power"
[ "$(stat -c %i "$machine")" = "$inode" ] || fail "the same description was written again"

# An edited one is kept, each under a name of its own that is told.
for edit in 1 2; do
	cp "$small" "$machine"
	echo "# edit $edit" >>"$machine"
	chmod 640 "$machine"
	cp "$machine" "$work/edited$edit"
	expect 0 odmcfg init --machine "$power"
	output_has "$machine was edited: it is kept as machine.cfg.before-$edit"
	cmp -s "$power" "$machine" || fail "not replaced"
	[ "$(stat -c %a "$machine")" = 640 ] || fail "others may read the new one"
done
cmp "$work/edited1" "$machine.before-1" || fail "the first edit is lost"
cmp "$work/edited2" "$machine.before-2" || fail "the second edit is lost"
# Without --machine it is not touched.
cp "$work/edited1" "$machine"
expect 0 odmcfg init
cmp "$work/edited1" "$machine" || fail "init changed it"
# A wrong one replaces nothing.
echo 'buses = 1;' >"$work/wrong.cfg"
expect 1 odmcfg init --machine "$work/wrong.cfg"
cmp "$work/edited1" "$machine" || fail "a wrong description replaced it"
[ -z "$(ls "$ODMCFG_ROOT/etc" | grep -v '^machine.cfg\(.before-[12]\)\?$')" ] ||
	fail "left behind: $(ls "$ODMCFG_ROOT/etc")"

# The root's own that is no file, or a link.
rm "$machine"
mkfifo "$machine"
for command in cfgmgr "odmcfg init" "odmcfg init --machine $power"; do
	expect 1 timeout 20 $command
	error_has "machine.cfg: it is a FIFO, where a file is expected; remove it"
done
rm "$machine"
ln -s /dev/zero "$machine"
expect 1 timeout 20 cfgmgr
error_has "machine.cfg: it is a symbolic link"
rm "$machine"
mkfifo "$work/schema.cfg"
expect 1 timeout 20 odmcfg schema load "$work/schema.cfg"
error_has "schema.cfg: can't be read: it is no regular file"

# number TEXT MESSAGE: an adapter's SCSI ID.
number() {
	printf 'buses = ( { location = "00"; adapters = (\n{ slot = "00"; scsi_id = %s; } ); } );\n' \
		"$1" >"$machine"
	expect 1 cfgmgr
	error_has "machine.cfg:2: $2"
}
number 4294967299 "scsi_id = 4294967299: allowed is 0 to 7"
number -4294967293 "scsi_id = -4294967293: allowed is 0 to 7"
number 0x100000003 "scsi_id = 4294967299: allowed is 0 to 7"
number 99999999999999999999 "99999999999999999999: no number is less than"
number 1e3 "'scsi_id' is not a number"
# What is no number of the description is left as it is.
cat >"$machine" <<'END'
# 99999999999999999999
/* 99999999999999999999 */ // 99999999999999999999
devices = ( { type = "memory/sys/totmem"; where = "0"; values = { size = 5000000000; }; },
  { type = "processor/sys/proc_rspc"; where = "99999999999999999999";
    values = { type = "\"99999999999999999999"; }; } );
END
expect 0 cfgmgr
expect 0 lsattr -El mem0 -a size -F value
output_is <<<5000000000
expect 0 lsattr -El proc0 -a type -F value
output_is <<<'"99999999999999999999'
printf 'a = 1;\0b' >"$machine"
expect 1 cfgmgr
error_has "machine.cfg:1: a NUL byte"
