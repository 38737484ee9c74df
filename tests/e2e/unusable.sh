#!/bin/bash
# A repository that can't be used: every command names the cause, init is advised only where nothing
# is, and what is damaged is neither written over nor lost. Some parts need root.
. "$(dirname "$0")/lib.sh"
repository=$ODMCFG_ROOT/objrepos

# sql FILE STATEMENT: what it answers.
sql() {
	python3 -c 'import sqlite3, sys
for row in sqlite3.connect(sys.argv[1], isolation_level=None).execute(sys.argv[2]): print(*row)' "$@"
}

# Each command says it, fails, and advises init or not.
every_command_says() {
	local text=$1 advice=${2:-}
	for command in "lsdev -C" "lsattr -El tmscsi1" "chdev -l tmscsi1 -a num_bufs=64" cfgmgr \
		"mkdev -l tmscsi1" "rmdev -l tmscsi1" lscfg lspath "odmget CuDv" "odmcfg log" \
		"odmcfg undo" "odmcfg check"; do
		$command >"$work/out" 2>"$work/err" && fail "$command succeeded"
		error_has "$text"
		grep -q "odmcfg init makes" "$work/err" && [ "$advice" != init ] &&
			fail "$command advises init: $(cat "$work/err")"
		grep -q "impossible state" "$work/err" && fail "$command: impossible state"
	done
	return 0
}

# Nothing there.
mkdir -p "$repository"
for command in "lsdev -C" "chdev -l x -a y=z" cfgmgr "odmcfg log"; do
	expect 1 $command
	error_has "there is no device database in $repository; odmcfg init makes one"
done
configured_machine
expect 0 chdev -l tmscsi1 -a num_bufs=77
expect 0 odmcfg backup "$work/backup"
lsattr -El tmscsi1 >"$work/attributes"
odmcfg kexd --stop >/dev/null
mkdir "$work/kept"

keep() {
	odmget CuDv >/dev/null || fail "not usable before"
	rm -rf "$work/kept/"* && cp -a "$repository/." "$work/kept/"
}
unchanged() { cmp "$repository/$1" "$work/$1.before" || fail "$1 was written"; }

# damaged NAME: no command changes what is there, init neither; restore sets it aside, for good.
damaged() {
	for file in odm.db odm.db-wal; do
		rm -f "$work/$file.before"
		[ -e "$repository/$file" ] && cp "$repository/$file" "$work/$file.before"
	done
	every_command_says "is damaged"
	expect 1 lsdev -C
	error_has "odmcfg restore --newest"
	expect 1 odmcfg init
	error_has "odmcfg restore --newest"
	for file in odm.db odm.db-wal; do
		[ ! -e "$work/$file.before" ] || unchanged $file
	done
	expect 0 odmcfg restore "$work/backup"
	error_has "what was damaged is kept as $repository/$1"
	[ ! -e "$work/odm.db.before" ] || cmp "$repository/$1" "$work/odm.db.before" || fail "$1 is another"
	[ ! -s "$work/odm.db-wal.before" ] || cmp "$repository/$1-wal" "$work/odm.db-wal.before" ||
		fail "$1-wal is another"
	expect 0 lsattr -El tmscsi1
	output_is <"$work/attributes"
}

# A file of length zero beside a log that still holds everything.
expect 0 chdev -l tmscsi1 -a num_bufs=78 -P
expect 0 chdev -l tmscsi1 -a num_bufs=77 -P
keep
[ -s "$repository/odm.db-wal" ] || fail "no log"
: >"$repository/odm.db"
damaged damaged-odm.db
# The same without one, without the file, with something else in it, and with a broken page.
: >"$repository/odm.db" && rm "$repository/odm.db-wal"
damaged damaged-odm-2.db
expect 0 chdev -l tmscsi1 -a num_bufs=78 -P
rm "$repository/odm.db"
damaged damaged-odm-3.db
head -c 5000 /dev/urandom >"$repository/odm.db"
damaged damaged-odm-4.db
rm "$repository"/odm.db*
sql "$repository/odm.db" "CREATE TABLE mine (a)"
damaged damaged-odm-5.db

# Written by a newer version.
keep
sql "$repository/odm.db" "PRAGMA user_version = 99"
every_command_says "newer version"
expect 1 odmcfg init
error_has "newer"
sql "$repository/odm.db" "PRAGMA user_version = $(sql "$work/kept/odm.db" "PRAGMA user_version")"
expect 0 lsdev -C

# Too many files, too little memory, too long a path.
few() {
	(
		# What the test's own caller left open counts, too.
		for fd in $(ls "/proc/$BASHPID/fd"); do [ "$fd" -le 2 ] || eval "exec $fd>&-"; done
		ulimit -n "$1" && shift && exec "$@"
	)
}
for limit in 4 5; do
	expect 1 few $limit lsdev -C
	error_has "too many files are open"
done
# Programs with sanitizers need more than any such limit.
little() { (ulimit -v "$1" && shift && "$@"); }
if little 60000 lsdev -C >/dev/null 2>&1; then
	for size in $(seq 4000 250 20000); do
		little "$size" odmcfg check >"$work/out" 2>"$work/err"
		no_output
		grep -q damaged "$work/err" && fail "at $size KB: $(cat "$work/err")"
	done
fi
long=$work/$(printf 'x%.0s' {1..200})/$(printf 'y%.0s' {1..200})/$(printf 'z%.0s' {1..200})
mkdir -p "$long" && cp "$work/backup" "$long/odm.db"
ODMDIR=$long expect 1 odmget CuDv
error_has "the path is longer than a repository's can be"
mkdir -p "$long/objrepos" && cp "$work/backup" "$long/objrepos/odm.db"
ODMCFG_ROOT=$long expect 1 lsdev -C
error_has "the path is longer than a repository's can be"

# A lock that somebody keeps is no impossible state.
[ "$(id -u)" -eq 0 ] || exit 0
chmod 755 "$work"
chmod 600 "$repository"/odm.db*
expect 1 as_nobody lsdev -C
error_has "user nobody may not read $repository/odm.db, which belongs to root and has mode 0600"
chmod 644 "$repository"/odm.db*
chmod 700 "$repository"
expect 1 as_nobody lsdev -C
error_has "user nobody may not read $repository/odm.db"
chmod 755 "$repository"
expect 1 as_nobody chdev -l tmscsi1 -a num_bufs=64
error_has "user nobody may not configure devices: only root, whom $repository belongs to, may"
