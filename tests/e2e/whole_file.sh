#!/bin/bash
# After init, cfgmgr and kexd --stop odm.db is the whole repository: who copies that file has all.
. "$(dirname "$0")/lib.sh"
repository=$ODMCFG_ROOT/objrepos

# copy_has NUMBER: a copy of odm.db alone has all the devices and types that the repository has.
copy_has() {
	rm -rf "$work/copy" && mkdir "$work/copy" && cp "$repository/odm.db" "$work/copy/"
	ODMDIR=$work/copy expect 0 odmget CuDv CuAt PdDv PdAt
	odmget CuDv CuAt PdDv PdAt | output_is
	[ "$(grep -c '^CuDv:' "$work/out")" -ge "$1" ] || fail "fewer than $1 devices"
}

expect 0 odmcfg init
copy_has 0
expect 0 cfgmgr
copy_has 5
expect 0 chdev -l tmscsi1 -a num_bufs=77
expect 0 odmcfg kexd --stop
copy_has 5

# A reader that stays keeps the log, and nothing else: the command succeeds and says so.
expect 0 chdev -l tmscsi1 -a num_bufs=78 -P
mkfifo "$work/hold"
python3 - "$repository/odm.db" "$work/hold" <<'PYTHON' &
import sqlite3, sys
reader = sqlite3.connect(sys.argv[1])
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM CuDv").fetchone()
open(sys.argv[2], "w").close()
open(sys.argv[2]).read()
PYTHON
read -r _ <"$work/hold"
expect 0 chdev -l tmscsi1 -a num_bufs=79 -P
expect 0 odmcfg kexd --stop
error_has "odm.db is not whole without odm.db-wal"
error_has "odmcfg backup"
: >"$work/hold"
wait
expect 0 odmcfg kexd --stop
[ ! -s "$work/err" ] || fail "a warning without a reader"
copy_has 5

# The log's file outlives the last connection: who may only read could not make it again.
expect 0 odmcfg check
[ -e "$repository/odm.db-wal" ] || fail "the log's file is gone"
