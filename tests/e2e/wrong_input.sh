#!/bin/bash
# Every option of every device command missing its value, doubled, empty, 10 kB long, not UTF-8: never
# a crash, never a half change.
. "$(dirname "$0")/lib.sh"
expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/power.cfg"
expect 0 cfgmgr
long=$(head -c 10240 /dev/zero | tr '\0' x)
bad=$(printf 'h\377\376disk')
state() { for class in CuDv CuAt CuDvDr CuVPD CuPath CuPathAt CuDep PdDv PdAt; do odmget $class; done | md5sum; }

# attempt COMMAND...: any exit status that a program chooses, and no sanitizer's.
attempt() {
	timeout 20 "$@" </dev/null >"$work/out" 2>"$work/err"
	status=$?
	[ $status -lt 3 ] || [ $status -eq 255 ] || fail "status $status: ${*:0:80} -- $(head -c 2000 "$work/err")"
	! grep -q -e Sanitizer -e "runtime error" "$work/err" || fail "${*:0:80} -- $(cat "$work/err")"
}
# refused COMMAND...: as before, and nothing has changed.
refused() {
	attempt "$@"
	[ $status -ne 0 ] || fail "accepted: ${*:0:80}"
	[ -s "$work/err" ] || fail "refused without a word: ${*:0:80}"
}
before=$(state)

# Each option without its value; and with bad ones, for the commands that change something on a device
# that is not there.
while read -r command ordinary; do
	for option in c s t w a F k n i l f; do
		# Takes no value.
		[ "$command -$option" != "lspath -t" ] || continue
		refused $command $ordinary -$option
	done
	refused $command --nosuch
	refused $command -@
	for value in "$long" "$bad" "/" "%s%n" "'" '"' "a=b=c" "-1" "99999999999999999999" "*"; do
		for option in c s t p w a F k n i; do
			case $command in
			chdev | mkdev | rmdev | rendev | chdef | chpath | mkpath | rmpath)
				refused $command -l nosuch0 -$option "$value" ;;
			*) attempt $command $ordinary -$option "$value" ;;
			esac
		done
	done
done <<'END'
lsdev -C
lsattr -E -l hdisk0
lsparent -k sas
lsconn -p sissas0
lscfg -l hdisk0
lspath -l hdisk3
chdev -l
mkdev -l
rmdev -l
rendev -l
chpath -l
mkpath -l
rmpath -l
END
[ "$(state)" = "$before" ] || fail "something was changed"

# Devices that are there, with values that are not.
for value in "" "=" "=1" "queue_depth" "queue_depth=" "queue_depth=0" "queue_depth=$long" "$bad=1" "$long=1" \
	"queue_depth=16 nosuch=1" "size_in_mb=1" "queue_depth='16" "queue_depth=16
nosuch=1"; do
	refused chdev -l hdisk0 -a "$value"
	refused chdev -l hdisk0 -P -a "$value"
	refused chdev -l 'hdisk[01]' -a "$value"
	[ -z "$value" ] || refused mkdev -c disk -s sas -t scsd -p sissas0 -w 99 -a "$value"
done
for options in "-P -T" "-T -U" "-P -U" "-l hdisk0" "-d" "-S" "-p ent0" "-w 7" "-p nosuch -w 0"; do
	refused chdev $options -a queue_depth=16 -l nosuch0
done
for name in "" "$long" "$bad" "a b" "hdisk0/" "../x" "*" "0123456789abcdef"; do
	refused rendev -l rmt0 -n "$name"
	refused mkdev -l "$name"
	refused rmdev -l "$name"
	refused mkdev -c disk -s sas -t scsd -p sissas0 -w 98 -l "$name"
done
refused mkdev -c disk
refused mkdev -c disk -s sas -t scsd -p sissas0
refused mkdev -c disk -s sas -t scsd -d -S -p sissas0 -w 98
refused mkdev -l hdisk0 -a queue_depth=3
refused mkdev -l hdisk0 -p sissas0 -w 1
refused rmdev -l hdisk0 -p sissas0
refused rmdev -dSl hdisk0
refused rmdev -l sissas0
refused chdev -f /nosuch -l hdisk0 -a queue_depth=16
echo "-a 'queue_depth=16" >"$work/quote"
refused chdev -l hdisk0 -f "$work/quote"
echo "-f $work/loop" >"$work/loop"
refused chdev -l hdisk0 -f "$work/loop"
refused chpath -l hdisk3 -s sideways
refused chpath -l hdisk3 -a priority=0 -p fscsi0
refused chpath -l hdisk3 -a priority=2
refused mkpath -l hdisk0 -p fscsi0 -w 1
refused rmpath -l hdisk3 -d
refused chdef -a queue_depth=0 -c disk -s sas -t scsd
refused chdef -a queue_depth=16 -c disk -s nosuch -t scsd
refused cfgmgr -p 4
refused cfgmgr -f -p 2
refused cfgmgr -l nosuch0
refused cfgmgr -c 0
refused lsattr -El nosuch0
refused lsattr -E -D -l hdisk0
refused lsattr -Rl hdisk0
[ "$(state)" = "$before" ] || fail "something was changed"
expect 0 odmcfg check

# Doubled options: the last one counts, as everywhere.
expect 0 lsdev -l hdisk0 -l hdisk1 -F name -F status
output_is <<<Available
