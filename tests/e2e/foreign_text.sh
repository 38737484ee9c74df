#!/bin/bash
# What others wrote reaches no terminal as a command: names of processes, command lines, arguments,
# values, product data, the error log.
. "$(dirname "$0")/lib.sh"
esc=$'\033]0;owned\a\033[31m'
c1=$'\302\233'
configured_machine

# harmless: what the last command printed has no control characters, and shows that there were some.
harmless() {
	LC_ALL=C grep -q $'[\001-\010\013-\037\177]' "$work/out" "$work/err" && fail "control characters: $*"
	grep -q "$c1" "$work/out" "$work/err" && fail "C1 characters: $*"
	grep -qF -- "$1" "$work/out" "$work/err" || fail "no '$1' in: $(cat "$work/out" "$work/err")"
}

# Unknown names in messages of the commands, the methods and the library.
expect 1 chdev -l "no$esc$c1" -a num_bufs=1
harmless '\033]0;owned\007\033[31m\302\233'
expect 1 rmdev -l "no$esc"
harmless '\033'
expect 1 odmget "no$esc"
harmless '\033'
expect 2 odmcfg "no$esc"
harmless '\033'
printf 'CuAt:\n\tnosuch\033[31m = x\n' >"$work/stanza"
expect 1 odmadd "$work/stanza"
harmless '\033'

# Values: in listings escaped, as stanzas and JSON in their own quotes, and unchanged when read again.
stored() {
	printf 'CuAt:\n\tname = "sys0"\n\tattribute = "odd"\n\tvalue = "a\\033[31mb\\nc\\302\\233"\n\ttype = "R"\n\tgeneric = "D"\n\trep = "s"\n'
}
stored | expect 0 odmadd
expect 0 odmget -q "attribute=odd" CuAt
harmless '\033[31mb\n\'
cp "$work/out" "$work/first"
expect 0 odmdelete -o CuAt -q "attribute=odd"
expect 0 odmadd "$work/first"
expect 0 odmget -q "attribute=odd" CuAt
output_is <"$work/first"
expect 0 odmget --json -q "attribute=odd" CuAt
harmless '\u001B[31mb\nc\u009b'
expect 0 odmcfg log
harmless '\033[31m'
expect 0 lsattr -l sys0 -a odd -F value
harmless 'a\033[31mb\012c\302\233'

# Command lines in the history.
printf 'CuAt:\n\tname = "sys0"\n\tattribute = "odd2"\n\tvalue = "1"\n' >"$work/s$esc$c1"
expect 0 odmadd "$work/s$esc$c1"
expect 0 odmcfg log -n 1
harmless '\033]0;owned\007\033[31m\302\233'

# The name of a process that has a device open.
reader=$work/$(printf '\033[31mx')
cp "$stage/bin/odmcfg" "$reader"
"$reader" tmrecv -l tmscsi1 --bytes 1 >"$work/received" 2>&1 &
await is_open tmscsi1.tm
expect 1 rmdev -l tmscsi1
error_has "is open: process $! ("
harmless '\033[31mx'
kill $!
wait

# The error log may have been written by anybody's driver.
printf '2026-01-01T00:00:00Z KEX_START k\033[31mexd text\033[31m\n' >>"$ODMCFG_ROOT/log/kexd.log"
expect 0 odmcfg errpt -a
harmless 'text\033[31m'
expect 0 odmcfg errpt
harmless 'k\033[31mexd'

# What is written there is no command to whoever looks at it by cat(1).
mkdir "$work/root$esc" && : >"$work/root$esc/run"
ODMCFG_ROOT="$work/root$esc" expect 1 "$stage/lib/odmcfg/kexd"
error_has "KEX_START kexd"
harmless '\033[31m'

# Names have a grammar where they come in.
expect 1 mkdev -c disk -s scsi -t vdisk -p scsi0 -w $'0,\0331'
harmless "is no connection"
expect 1 mkdev -c disk -s scsi -t vdisk -p scsi0 -w "0, 1"
error_has "'0, 1' is no connection: it has printable characters of ASCII"
expect 1 mkdev -c disk -s scsi -t vdisk -p scsi0 -w 0,5 -l $'d\033'
harmless "is no logical name"
machine=$ODMCFG_ROOT/etc/machine.cfg
for device in 'where = "0\x1b"' 'where = "a b"' 'where = "0"; location = "\x1b[31m"' \
	'where = "0"; values = { size = "\x1b[31m"; }' 'where = "0"; vpd = { SN = "\x1b[31m"; }'; do
	printf '%s\n' "devices = ( { type = \"memory/sys/totmem\"; $device; } );" >"$machine"
	expect 1 cfgmgr
	error_has "machine.cfg:1: "
	LC_ALL=C grep -q $'\033' "$work/err" && fail "a control character: $device"
done
sed 's/^type = "totmem"/type = "tot\/mem"/' "$stage/share/odmcfg/schemas/mem.cfg" >"$work/type.cfg"
expect 1 odmcfg schema check "$work/type.cfg"
error_has 'type = "tot/mem": it has'
