#!/bin/bash
# What a newcomer types: --help and --version of every command, commands and options with a letter
# wrong, values and words that are wrong, files that are not there, devices of another kind. Each is told
# which word was wrong and why, and nothing is made or changed by it.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"

# Before anything is made: a description that is not there.
expect 1 odmcfg init --machine /nonexistent/x
error_has "init: /nonexistent/x"
error_has "No such file or directory"
[ ! -e "$ODMCFG_ROOT" ] || fail "init made $(find "$ODMCFG_ROOT")"

configured_machine
state() { for class in CuDv CuAt CuDvDr PdDv PdAt; do odmget $class; done | md5sum; }
before=$(state)
commands=$(odmcfg --help | sed -n 's/^  \([a-z]*\) .*/\1/p')
[ "$(wc -w <<<"$commands")" -gt 50 ] || fail "odmcfg --help lists only $commands"

for command in $commands; do
	run="odmcfg $command"
	[ -x "$(command -v "$command")" ] && [ "$(dirname "$(command -v "$command")")" = "$(realpath "$stage")/libexec/odmcfg" ] &&
		run=$command
	for asked in "odmcfg $command --help" "$run --help" "odmcfg help $command"; do
		# shellcheck disable=SC2086
		expect 0 $asked
		[ ! -s "$work/err" ] || fail "$asked: $(cat "$work/err")"
		head -n 1 "$work/out" | grep -q "^$command: [a-z]" || fail "$asked: $(cat "$work/out")"
		grep -q "^usage: \(odmcfg \)\?$command\b" "$work/out" || fail "$asked: $(cat "$work/out")"
		grep -qE "^man (odmcfg-)?$command says more" "$work/out" || fail "$asked: no page"
	done
	expect 0 $run --version
	grep -qxE "$command \(odmcfg\) [0-9.]+" "$work/out" || fail "$run --version: $(cat "$work/out")"
	# Before whatever else is there.
	expect 0 $run --help --nosuch
	expect 2 $run --nosuch
	no_output
	grep -q "^$command: there is no option '--nosuch'" "$work/err" || fail "$run --nosuch: $(cat "$work/err")"
	grep -q "^usage: " "$work/err" || fail "$run --nosuch: no usage"
	expect 2 $run --versoin
	error_has "did you mean --version?"
	expect 2 $run "-$(printf '\001')"
	[ "$(tr -d '\n\t -~' <"$work/err")" = "" ] || fail "$run: a control character went to the terminal"
done
expect 0 odmcfg help
output_has "odmcfg help COMMAND"
expect 0 odmcfg --version
grep -qxE 'odmcfg [0-9.]+' "$work/out" || fail "odmcfg --version: $(cat "$work/out")"

# told STATUS TEXT COMMAND...
told() {
	local status=$1 text=$2
	shift 2
	expect "$status" "$@"
	error_has "$text"
	if [ "$status" != 2 ]; then return; fi
	grep -q "^usage: " "$work/err" || fail "no usage: $*"
}
expect 2 odmcfg lsatr -El scsi0
error_has "there is no command 'lsatr'; did you mean lsattr?"
expect 2 odmcfg shcema
error_has "did you mean schema?"
expect 2 odmcfg help lsdve
error_has "did you mean lsdev?"
expect 2 odmcfg qqqqqq
error_has "odmcfg --help lists them"
expect 2 odmcfg --lsdev
error_has "a command comes first"
told 2 "-m, -s and -v exclude each other" prtconf -m -v
told 2 "-s Disk or -r is missing" bootinfo
told 2 "the kind of slots is missing: -c pci" lsslot
told 2 "there is no variable 'DISKS': DISK_SIZE or REAL_MEMORY" odmcfg getconf DISKS
told 2 "DISK_SIZE needs a disk" odmcfg getconf DISK_SIZE
told 2 "schema does not know 'lod'; did you mean load?" odmcfg schema lod x
told 2 "did you mean --json?" lsdev --jsn
told 2 "'--st' is short for several options: --status, --stop" odmcfg kexd --st
told 2 "--json takes no value" lsdev --json=yes
told 2 "--where needs a value" lsdev --where
told 2 "-l needs a value" lsattr -E -l
told 2 "there is no option '-Q'" lsdev -Q
told 2 "'tmscsi1' is not an option; a device is named by -l" lsattr tmscsi1
told 2 "'x' is not an option" odmcfg env x
told 2 "'two' is one word too many" odmcfg backup one two

# Values.
told 2 "-S takes defined, available, stopped, or 0 to 2, not 'bogus'" lsdev -S bogus
told 2 "-i takes seconds from 0.01 to 86400, not '0'" odmcfg tmstat -i 0
told 2 "-n takes a number of samples from 1, not 'x'" odmcfg tmstat -i 1 -n x
told 2 "--bytes takes a number, or one with K, M or G, not '10Q'" odmcfg tmrecv -l tmscsi1 --bytes 10Q
told 2 "--delay takes a time of at most an hour: 10us, 1ms, 2s, not '5'" odmcfg tmrecv -l tmscsi1 --delay 5
told 2 "--failures takes a number" odmcfg tmrecv -l tmscsi1 --failures -1
told 2 "--record takes 1 byte to 16M, not '17M'" odmcfg tmsend -l tmscsi0 --record 17M
told 2 "there is no event 'bogus': there are reset, fatal, cmdfail and drop" odmcfg scsifault -l scsi1 bogus
told 2 "there is no event 'rest'; did you mean reset?" odmcfg scsifault -l scsi1 rest
told 2 "the event: reset, fatal, cmdfail or drop is missing" odmcfg scsifault -l scsi1
told 2 "-p takes a phase, 1 to 3, not '9'" cfgmgr -p 9
told 2 "-m takes a mask" cfgmgr -m x
told 2 "--confirm takes seconds from 1 to 86400, not '5x'" chdev -l scsi0 -a x=1 --confirm 5x
told 2 "-Z takes one character, not '::'" lsattr -F attribute -Z :: -l scsi0
told 2 "-i takes a path's number, 0 to 255, not '256'" lspath -i 256
told 2 "-s takes enabled, disabled, failed, unmapped, defined, missing or available, not 'up'" lspath -s up
told 2 "-s takes enable or disable, not 'sideways'" chpath -l hdisk0 -s sideways
told 2 "-n takes a number of entries from 1, not '0'" odmcfg log -n 0
told 2 "'x' is no number of the history" odmcfg diff x
told 2 "entries are numbered from 1" odmcfg undo 0
told 2 "--where takes Attribute=Value, not 'x'" lsdev --where x
told 2 "--buffer takes kilobytes from 1 to 1048576, not '0'" odmcfg watch --buffer 0
told 2 "-a takes Attribute=Value on one line, not 'x'" odmcfg kexcheck -a x y.so
told 2 "'zz' is no list of hooks" odmcfg trcrpt -d zz
told 2 "-F takes the names of columns with something between them, not ':'" lsdev -F :

# What is missing, or makes no sense together.
told 2 "the device is missing: -l Name" odmcfg tmsend
told 2 "the device is missing: -l Name" rmdev
told 2 "the device is missing: -l Name" rendev
told 2 "the device is missing: -l Name" mkdev
told 2 "the class is missing: -o Class" odmdelete
told 2 "a class is missing" odmget
told 2 "the class is missing" odmshow
told 2 "nothing is to be changed: -a Attribute=Value is missing" chdev -l scsi0
told 2 "-E, -D, -P, -R, --pending or -F Format is missing" lsattr -l scsi0
told 2 "-E, -D, -P, -R, -o and --pending exclude each other" lsattr -E -D -l scsi0
told 2 "-l and -p exclude each other" rmdev -l scsi0 -p vbus0
told 2 "-d and -S exclude each other" rmdev -dSl scsi0
told 2 "-P and -T exclude each other" chdev -l scsi0 -P -T -a x=1
told 2 "--status or --stop is missing" odmcfg kexd
told 2 "--force is for --stop" odmcfg kexd --status --force
told 2 "-c and -h exclude each other" odmcreate -c -h x
told 2 "one of a file, --udev and --boot is wanted" odmcfg export
told 2 "one of a file, --now, --tuned and --udev is wanted" odmcfg import
told 2 "one of a file and --newest is wanted" odmcfg restore
told 2 "a file is missing" odmcfg schema load

# Paths that are not there.
told 1 "/nonexistent/x: No such file or directory" odmcfg schema load /nonexistent/x
told 1 "/nonexistent/x: No such file or directory" odmcfg schema check /nonexistent/x
told 1 "/nonexistent/x: can't be read: No such file or directory" odmcfg schema check /nonexistent/x /nonexistent/y
error_has "/nonexistent/y: can't be read: No such file or directory"
told 1 "/nonexistent/x: No such file or directory" odmcfg backup /nonexistent/x
told 1 "/nonexistent/x: No such file or directory" odmcfg restore /nonexistent/x
told 1 "/nonexistent/x: No such file or directory" odmcfg kexcheck /nonexistent/x
told 1 "/nonexistent/x: No such file or directory" odmcfg kexcheck --dds /nonexistent/x \
	"$stage/lib/odmcfg/drivers/tmscsi.so"
told 1 "/nonexistent/x" odmcfg import /nonexistent/x
told 1 "/nonexistent/x" odmcfg import --udev /nonexistent/x
told 1 "/nonexistent/x" odmcfg export /nonexistent/x
told 1 "/nonexistent/x" odmcfg export --boot /nonexistent/x
told 1 "/nonexistent/x: No such file or directory" odmadd /nonexistent/x
told 1 "/nonexistent/x: No such file or directory" odmchange -o CuDv /nonexistent/x
told 1 "/nonexistent/x" odmcreate /nonexistent/x
told 1 "/nonexistent/x: No such file or directory" savebase -d /nonexistent/x
told 1 "/nonexistent/x: No such file or directory" restbase -o /nonexistent/x
told 1 "/nonexistent/x" savebase -o /nonexistent/x
expect 2 chdev -f /nonexistent/x
error_has "/nonexistent/x: No such file or directory"

# Devices of another kind, and none.
told 1 "scsi0 is no target-mode device" odmcfg tmsend -l scsi0
told 1 "scsi0 is no target-mode device" odmcfg tmrecv -l scsi0
told 1 "hdisk0 is no target-mode device" odmcfg tmstat -l hdisk0
told 1 "hdisk0 is no SCSI adapter" odmcfg scsifault -l hdisk0 reset
told 1 "tmscsi0 is no SCSI adapter" odmcfg scsifault -l tmscsi0 reset
told 1 "nosuch0 is not in the customized database" odmcfg tmsend -l nosuch0
told 1 "nosuch0 is not in the customized database" odmcfg scsifault -l nosuch0 reset
told 1 "nosuch0 is not in the customized database" odmcfg kexstat -l nosuch0
told 1 "sys0 is no device with a driver of kexd" odmcfg kexstat -l sys0
told 1 "hdisk0 is no multi-path device" mkpath -l hdisk0 -p scsi0 -w 1,0
expect 2 odmcfg drift -l nosuch0
error_has "nosuch0 is not in the customized database"
told 1 "nosuch0 is not in the customized database" odmcfg apply -l nosuch0
told 1 "nosuch0 is not in the customized database" odmcfg confirm -l nosuch0

# Nothing is found: what is not known is said, and is no failure, as for AIX's lsdev.
told 0 "no device type has the class 'bogus'; lsdev -P -r class lists them" lsdev -c bogus
no_output
told 0 "no device type has the class 'dsk'; did you mean disk?" lsdev -Cc dsk
told 0 "no device type has the subclass 'bogus'" lsdev -P -s bogus
told 0 "nosuch0 is not in the customized database" lsdev -p nosuch0
told 0 "nosuch0 is not in the customized database" lsdev -l nosuch0
told 0 "nosuch0 is not in the customized database" lspath -l nosuch0
told 0 "the history has nothing of nosuch0, and there is no such device" odmcfg log -l nosuch0
told 0 "no device has a connection for 'bogus'" lsparent -k bogus
told 0 "no device type has the class 'bogus'" chdef -c bogus
told 0 "no device type has the class 'bogus'" lsconn -c bogus -s x -t y
expect 0 lsdev -c tape
[ ! -s "$work/err" ] || fail "a class without devices: $(cat "$work/err")"
[ "$(state)" = "$before" ] || fail "something was changed"
