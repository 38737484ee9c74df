#!/bin/bash
# Roots that older builds made: every command says so, init upgrades them whole, and what comes out
# is what a new root has where the same was customized. roots/README.md says how they were made.
. "$(dirname "$0")/lib.sh"
roots=$(dirname "$0")/roots
. "$roots/customize.sh"
repository=$ODMCFG_ROOT/objrepos

# sql STATEMENT: what it answers, of the root's database.
sql() {
	python3 -c 'import sqlite3, sys
for row in sqlite3.connect(sys.argv[1], isolation_level=None).execute(sys.argv[2]): print(*row)' \
		"$repository/odm.db" "$@"
}

# old_root BUILD: as it was when that build had ended.
old_root() {
	rm -rf "$ODMCFG_ROOT" && mkdir -p "$repository" "$ODMCFG_ROOT/etc"
	cp "$roots/machine.cfg" "$ODMCFG_ROOT/etc/"
	python3 -c 'import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.executescript(open(sys.argv[2]).read())
database.execute("PRAGMA journal_mode = WAL")' "$repository/odm.db" "$roots/build$1.sql"
	truncate -s 1M "$ODMCFG_ROOT/etc/disk0.img" "$ODMCFG_ROOT/etc/disk1.img"
	echo "kept $1" | dd of="$ODMCFG_ROOT/etc/disk1.img" conv=notrunc status=none
}

# all_objects [CLASS...]: every class's form, indexes, and objects but those classes', in an order of
# their own.
all_objects() {
	for class in $(sql "SELECT name FROM odm_class ORDER BY name"); do
		odmshow "$class" 2>/dev/null | grep -v population
		[[ " $* " = *" $class "* ]] && continue
		odmget "$class" 2>/dev/null | python3 -c 'import sys
print("\n\n".join(sorted(sys.stdin.read().strip().split("\n\n"))))'
	done
	sql "SELECT * FROM odm_index ORDER BY class, position"
	sql "SELECT type, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'
		ORDER BY tbl_name, name"
}

same() { diff -u "$work/$1" "$work/$2" >&2 || fail "$1 and $2 differ"; }

# Whoever reads is told and served, whoever would change something is refused.
every_command_says_older() {
	local text="$repository/odm.db was written by an older version, with number 0 where this one's is"
	all_objects >"$work/before"
	for command in "lsdev -C" "lsattr -El tmscsi1" "lsconn -p scsi0" "lsparent -C -k scsi" lscfg \
		"odmget CuDv" "odmshow CuAt" "odmcfg log" "odmcfg diff 1" "odmcfg check" "odmcfg backup $work/copy" \
		"savebase -d $work/base" "chdev -l tmscsi1 -a num_bufs=99 --dry-run"; do
		expect 0 $command
		error_has "$text"
	done
	for command in "chdev -l tmscsi1 -a num_bufs=99" "mkdev -l hdisk1" "rmdev -l tmscsi1" cfgmgr \
		"rendev -l hdisk1 -n x" "chdef -a tm=no -c adapter -s vbus -t vscsi" "odmcfg undo" \
		"odmcfg check --repair" "restbase -o $work/base" "odmadd /dev/null" \
		"odmdelete -o CuAt --all" "odmdrop -o CuAt" "odmcfg schema load $roots/machine.cfg"; do
		expect 1 $command
		error_has "$text"
		error_has "odmcfg init upgrades it and keeps what is customized"
		no_output
	done
	all_objects >"$work/after"
	same before after
}

# entry COMMAND: its number in the history.
entry() { sql "SELECT max(id) FROM odm_history WHERE command = '$1'"; }

# upgraded BUILD: the upgrade of its root beside a new root.
upgraded() {
	old_root "$1"
	every_command_says_older
	sql "SELECT * FROM odm_history" >"$work/history"
	expect 0 odmcfg init
	output_has "the repository was upgraded from version 0 to "
	sql "SELECT * FROM odm_history" >"$work/history.after"
	same history history.after
	# What cfgmgr finds is not there yet.
	all_objects CuDv CuVPD CuRun >"$work/upgraded"
	expect 0 cfgmgr
	no_output
	expect 0 odmcfg check
	all_objects >"$work/upgraded.running"
	grep -q "kept $1" "$ODMCFG_ROOT/etc/disk1.img" || fail "a disk's data is lost"

	mv "$ODMCFG_ROOT" "$work/upgraded.root"
	odmcfg kexd --stop --force >/dev/null
	expect 0 customize "$1"
	all_objects CuDv CuVPD CuRun >"$work/new"
	expect 0 odmcfg kexd --stop
	expect 0 cfgmgr
	all_objects >"$work/new.running"
	expect 0 odmcfg kexd --stop
	rm -rf "$ODMCFG_ROOT" && mv "$work/upgraded.root" "$ODMCFG_ROOT"
	same new upgraded
	same new.running upgraded.running
}

# used TARGET DISK: the devices work, and what was done before can be undone.
used() {
	expect 0 cfgmgr
	expect 0 lsattr -El tmscsi1 -a num_bufs -F "value user_settable"
	output_is <<<"128 True+"
	expect 0 mkdev -l "$1"
	expect 0 mkdev -l "$2"
	echo data | expect 0 odmcfg tmsend -l "$1" &
	expect 0 odmcfg tmrecv -l tmscsi1 --bytes 5 --timeout 30s
	output_is <<<"data"
	wait $!
	expect 0 odmcfg log -n 50 -l tmscsi1
	output_has "chdev -l tmscsi1 -a num_bufs=64"
	expect 0 odmcfg undo "$(entry "chdev -l hdisk0 -a rw_timeout=45")"
	expect 0 lsattr -El hdisk0 -a rw_timeout -F value
	output_is <<<"30"
	expect 0 odmcfg undo "$(entry "chdev -l tmscsi1 -a num_bufs=128 -a buf_size=2048")"
	expect 0 lsattr -El tmscsi1 -a num_bufs -F value
	output_is <<<"64"
	expect 0 odmcfg undo "$(entry "chdev -l tmscsi1 -a num_bufs=64")"
	expect 0 lsattr -El tmscsi1 -a num_bufs -F value
	output_is <<<"16"
	expect 0 odmcfg check
}

# The way back: the file that init left is the old root, and can be upgraded again.
way_back() {
	expect 0 odmcfg kexd --stop
	old=$(sql "PRAGMA user_version")
	expect 0 odmcfg restore "$repository/before-upgrade.db"
	error_has "an older version"
	[ "$(sql "PRAGMA user_version")" -lt "$old" ] || fail "an older build could not use it"
	expect 0 odmcfg init
	expect 0 lsdev -C
	! grep -q "older version" "$work/err" || fail "it is still said to be old: $(cat "$work/err")"
}

# A newer one is left as it is by all.
newer() {
	sql "INSERT INTO odm_contents VALUES (99, 0, 0)"
	sql "SELECT * FROM odm_contents" >"$work/versions"
	for command in "lsdev -C" "lsattr -El tmscsi1" "chdev -l tmscsi1 -a num_bufs=99" cfgmgr \
		"odmget CuDv" "odmadd /dev/null" "odmcfg log" "odmcfg undo" "odmcfg init"; do
		expect 1 $command
		error_has "$repository/odm.db was written by a newer version than this one, with number 99"
		no_output
	done
	sql "SELECT * FROM odm_contents" >"$work/versions.after"
	same versions versions.after
}

# killed BUILD: the upgrade, at twelve moments, leaves the one or the other.
killed() {
	local old=0 new=0 begin end
	old_root "$1"
	all_objects >"$work/old"
	begin=$(date +%s%N)
	expect 0 odmcfg init
	end=$(date +%s%N)
	all_objects >"$work/new"
	for moment in $(seq 12); do
		old_root "$1"
		# The shell tells of the kill.
		{ timeout -s KILL "$(((end - begin) / 12000 * moment))e-6" odmcfg init; } \
			>/dev/null 2>&1
		all_objects >"$work/killed"
		if cmp -s "$work/killed" "$work/old"; then
			old=$((old + 1))
		else
			same new killed
			new=$((new + 1))
		fi
	done
	[ $old -gt 0 ] || fail "it was never killed in time"
	expect 0 odmcfg init
	all_objects >"$work/killed"
	same new killed
}

upgraded 60
used tmscsi0 hdisk1
way_back
newer
killed 60
upgraded 20
used target0 archive
