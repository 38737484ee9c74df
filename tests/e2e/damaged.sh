#!/bin/bash
# The damaged day: copies beside the repository, the one command that brings the newest good one
# back, and what check --repair saves where there is none.
. "$(dirname "$0")/lib.sh"
repository=$ODMCFG_ROOT/objrepos
configured_machine
value() { lsattr -El tmscsi1 -a num_bufs -F value; }
numbers() { odmcfg backup --list | sed 's/.*saved-odm-\([0-9]*\)\.db$/\1/' | tr '\n' ' '; }

# damage OFFSET FILE...: changes a byte there, and not the date.
damage() {
	python3 - "$@" <<'END'
import os, sys
for file in sys.argv[2:]:
    status = os.stat(file)
    with open(file, "r+b") as stream:
        stream.seek(int(sys.argv[1]))
        byte = stream.read(1)[0]
        stream.seek(int(sys.argv[1]))
        stream.write(bytes([byte ^ 1]))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
END
}
# zero PAGE: one page of the repository's file.
zero() { dd if=/dev/zero of="$repository/odm.db" bs=4096 seek="$1" count=1 conv=notrunc status=none; }
# The root page of a table or index.
root_page() {
	python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT rootpage FROM sqlite_master WHERE name = ?",
	(sys.argv[2],)).fetchone()[0])' "$repository/odm.db" "$1"
}

# cfgmgr keeps a copy of what it changed, and none of what it did not.
[ "$(numbers)" = "1 " ] || fail "after the first cfgmgr: $(numbers)"
expect 0 cfgmgr
[ "$(numbers)" = "1 " ] || fail "nothing had changed: $(numbers)"
expect 0 odmcfg kexd --stop
# So does what the timer runs; three of them stay.
for number in 77 78 79 80; do
	expect 0 chdev -l tmscsi1 -a num_bufs=$number
	expect 0 odmcfg backup --keep
	no_output
done
expect 0 odmcfg backup --keep
[ "$(numbers)" = "5 4 3 " ] || fail "three are kept: $(numbers)"
expect 0 odmcfg backup --list
[ "$(grep -c " good .*$repository/saved-odm-[345].db$" "$work/out")" = 3 ] || fail "$(cat "$work/out")"
[ "$(stat -c %a "$repository/saved-odm-5.db")" = "$(stat -c %a "$repository/odm.db")" ] || fail "its mode"
# A copy is whole or not there: one that is killed leaves nothing that the next does not remove.
chmod 600 "$repository/odm.db"
true >"$repository/saved-odm.db.999999999"
expect 0 chdev -l tmscsi1 -a num_bufs=81
expect 0 odmcfg backup --keep
[ ! -e "$repository/saved-odm.db.999999999" ] || fail "left by another"
[ "$(stat -c %a "$repository/saved-odm-6.db")" = 600 ] || fail "who may not read it may read the copy"
odmget CuAt CuDv PdAt PdDv PdKern >"$work/before"

# One bit, which SQLite has no checksum for: found, and mended from the copy of the same state.
expect 0 odmcfg check
middle=$(grep -abo '16-4096,1' "$repository/odm.db" | head -1 | cut -d: -f1)
damage "$middle" "$repository/odm.db"
expect 1 odmcfg check
output_has "$repository/odm.db: pages that differ from those of $repository/saved-odm-6.db, since when nothing was written: 1"
error_has "odmcfg restore --newest"
expect 0 odmcfg check --repair
output_has "nothing is lost"
expect 0 odmget CuAt CuDv PdAt PdDv PdKern
output_is <"$work/before"

# The newest copy is damaged itself: it is named, passed over, and not restored by its name either.
expect 0 odmcfg backup --keep
damage 50000 "$repository/saved-odm-6.db"
expect 0 odmcfg backup --list
[ "$(grep -c ' damaged ' "$work/out")" = 1 ] || fail "$(cat "$work/out")"
expect 1 odmcfg restore "$repository/saved-odm-6.db"
error_has "is damaged"
zero 0
date=$(odmcfg backup --list | sed -n 's/^\(.*[0-9]\) good .*saved-odm-5.db/\1/p' | sed 's/ *$//')
for command in "lsdev -C" "odmget CuDv" cfgmgr "odmcfg check" "odmcfg init" "odmcfg log"; do
	expect 1 $command
	error_has "is damaged"
	error_has "newest good copy is of $date, $repository/saved-odm-5.db"
	error_has "odmcfg restore --newest"
	grep -q "init makes" "$work/err" && fail "$command advises init"
done
cp "$repository/odm.db" "$work/damaged"
expect 0 odmcfg restore --newest
error_has "saved-odm-6.db is damaged and was passed over"
output_is <<<"the repository is what it was on $date, $repository/saved-odm-5.db"
cmp "$work/damaged" "$repository/damaged-odm.db" || fail "what was damaged"
[ "$(value)" = 80 ] || fail "the value is $(value)"

# A file that is gone is brought back, too; nobody who has a copy, or what was damaged, hears of init.
rm "$repository"/odm.db*
for command in "lsdev -C" "odmcfg check" cfgmgr; do
	expect 1 $command
	error_has "there is no device database in $repository; its newest good copy is of $date"
done
rm "$repository"/saved-odm-*
expect 1 lsdev -C
error_has "only what was damaged, $repository/damaged-odm.db; odmcfg restore FILE"
expect 1 odmcfg restore --newest
error_has "there is no good copy"
rm "$repository"/damaged-odm*
expect 1 lsdev -C
error_has "odmcfg init makes one"

# check --repair without any copy: an index is made anew and nothing lost.
expect 0 odmcfg init
odmget PdAt PdDv PdKern Config_Rules >"$work/before"
page=$(root_page odm_PdAt_1)
zero $((page - 1))
expect 1 odmcfg check
error_has "there is no good copy beside it; odmcfg restore FILE"
error_has "odmcfg check --repair saves"
cp "$repository/odm.db" "$work/damaged"
expect 0 odmcfg check --repair
grep -q lost "$work/out" && fail "$(cat "$work/out")"
cmp "$work/damaged" "$repository/damaged-odm.db" || fail "what was damaged"
expect 0 odmget PdAt PdDv PdKern Config_Rules
output_is <"$work/before"
# A class's only page: which, and that it is not known how many.
zero $(($(root_page Config_Rules) - 1))
expect 1 odmcfg check --repair
output_has "Config_Rules: 0 objects saved, how many are lost is not known"
expect 0 odmget Config_Rules
no_output
expect 0 odmcfg check
# With a copy it is said how many that has.
expect 0 odmcfg init
expect 0 odmcfg backup --keep
zero $(($(root_page Config_Rules) - 1))
expect 1 odmcfg check --repair
output_has "Config_Rules: 0 objects saved, how many are lost is not known; $repository/saved-odm-1.db has 4"
# Nothing to be saved: nothing is done.
echo rubbish >"$repository/odm.db"
expect 1 odmcfg check --repair
output_has "nothing was saved"
[ "$(cat "$repository/odm.db")" = rubbish ] || fail "it was written to"
expect 0 odmcfg restore --newest
expect 0 odmcfg check
