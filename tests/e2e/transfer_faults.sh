#!/bin/bash
# Every process that has to do with a transfer is killed, stopped for a while, or has a fault, at any
# moment of it: each side ends, with the right bytes or with an error that says why; no part of a
# record and nothing of another transfer is written; and afterwards the next transfer is right.
# MOMENTS: of each fault, 1 without it; VICTIMS: only these; VERBOSE: how each transfer ended.
. "$(dirname "$0")/lib.sh"
pattern=$7
moments=${MOMENTS:-1}
unset ODMCFG_KEXD_STRICT
configured_machine
bytes=2000001
deadline=60 # seconds; the commands' own time-outs are shorter
transfer=0
declare -A ended # how the receivers ended

process() { odmcfg kexstat -l "$1" -F process 2>/dev/null; }
devices=$(odmcfg kexstat -F device | tr '\n' ' ')
all_there() { [ "$(odmcfg kexstat -F device 2>/dev/null | tr '\n' ' ')" = "$devices" ]; }
# kexd waits the longer the more often a process ends; cfgmgr does not.
is_back() {
	cfgmgr 2>/dev/null
	[ "$(process "$1")" ] && [ "$(process "$1")" != "$2" ] && all_there
}

explain() {
	echo "$1: transfer $transfer, records of $record, delay $delay, at $moment s"
	sed 's/^/sender: /' "$work/sender"
	sed 's/^/receiver: /' "$work/receiver"
}
wrong() { fail "$(explain "$*")"; }

# begin: a transfer; its processes are $sender and $receiver.
begin() {
	transfer=$((transfer + 1))
	"$pattern" write $transfer $bytes >"$work/data"
	timeout -s KILL $deadline odmcfg tmrecv -l tmscsi1 --bytes $bytes --timeout 8s --delay "$delay" \
		>"$work/copy" 2>"$work/receiver" &
	receiver=$!
	await is_open tmscsi1.tm
	timeout -s KILL $deadline odmcfg tmsend -l tmscsi0 --record $record \
		<"$work/data" 2>"$work/sender" &
	sender=$!
}

# The command below a timeout(1).
child_of() { cat "/proc/$1/task/$1/children"; }

victim_of() {
	case $1 in
	sender) child_of $sender ;;
	receiver) child_of $receiver ;;
	kexd) cat "$ODMCFG_ROOT/run/kexd.pid" ;;
	*) process "$1" ;;
	esac
}

# hit PROCESS SIGNAL: at the moment. One that has ended by then is none.
hit() {
	sleep "$moment"
	[ -n "$1" ] && kill -"$2" $1 2>/dev/null
	[ "$2" = STOP ] || return
	sleep 0.$((RANDOM % 900 + 100))
	[ -n "$1" ] && kill -CONT $1 2>/dev/null
}

# finish: waits for both; their statuses are $sent and $got, what was written $length bytes.
finish() {
	wait $sender 2>/dev/null
	sent=$?
	wait $receiver 2>/dev/null
	got=$?
	length=$("$pattern" check $transfer $bytes "$1" <"$work/copy" 2>"$work/err") ||
		wrong "$(cat "$work/err")"
}

# An end that the command did not choose has no words.
check_ends() {
	[ $sent = 0 ] || [ "$1" = sender ] || [ -s "$work/sender" ] || wrong "tmsend $sent: no message"
	[ $got = 0 ] || [ "$1" = receiver ] || [ -s "$work/receiver" ] || wrong "tmrecv $got: no message"
	[ $got != 0 ] || [ "$length" = $bytes ] || wrong "tmrecv succeeded with $length bytes"
	[ $sent = 0 ] || [ $got != 0 ] || [ "$2" != STOP ] || wrong "tmsend failed alone"
	[ $got = 0 ] || [ "$length" = 0 ] || ! grep -q "nothing came" "$work/receiver" ||
		wrong "tmrecv was not told"
}

# A kind of transfer, and a moment of it or soon after.
choose() {
	local records=(777 4096 65536 1000000) delays=(10 100 300) buffer time
	record=${records[RANDOM % 4]}
	delay=${delays[RANDOM % 3]}
	buffer=$((record < 4096 ? record : 4096))
	time=$((50000 + bytes / buffer * (delay + 80)))
	time=$((time * RANDOM / 32768))
	moment=$(printf %d.%06d $((time / 1000000)) $((time % 1000000)))
	delay+=us
}

# one_fault VICTIM SIGNAL
one_fault() {
	local victim whole
	choose
	victim=$(case $1 in sender | receiver) ;; *) victim_of "$1" ;; esac)
	begin
	hit "${victim:-$(victim_of "$1")}" "$2"
	# What is killed may have written a part.
	whole=$record
	[ "$1 $2" = "receiver STOP" ] || [ "$1" != receiver ] || whole=1
	finish $whole
	[ $sent != 137 ] || [ "$1" = sender ] || wrong "tmsend hangs"
	[ $got != 137 ] || [ "$1" = receiver ] || wrong "tmrecv hangs"
	check_ends "$1" "$2"
	# Who is only stopped, and the bus without its disks, are missed by nobody.
	[ "$2" != STOP ] && [ "$1" != vbus0 ] || [ "$sent $got" = "0 0" ] || wrong "ended $sent $got"
	[ -z "${VERBOSE:-}" ] || echo "$SECONDS: $(explain "$1 $2: $sent $got $length")"
	ended[$1 $2]+="$([ $got = 0 ] && echo 1 || { [ "$length" = 0 ] && echo 2 || echo 3; }) "
	[ "$1" != kexd ] || cfgmgr 2>/dev/null
	case $1.$2 in
	scsi0.STOP | scsi1.STOP | vbus0.STOP) await all_there ;;
	scsi0.* | scsi1.* | vbus0.*) await is_back "$1" "$victim" ;;
	*) await all_there ;;
	esac
	whole_transfer
}

whole_transfer() {
	record=65536 delay=0us
	begin
	finish $record
	[ "$sent $got $length" = "0 0 $bytes" ] || wrong "the next one: $sent $got, $length bytes"
}

for victim in ${VICTIMS:-sender receiver scsi0 scsi1 vbus0 kexd}; do
	for signal in KILL STOP SEGV; do
		for ((i = 0; i < moments; i++)); do one_fault $victim $signal; done
		echo "$victim $signal: $(tr ' ' '\n' <<<"${ended[$victim $signal]}" | sort | uniq -c |
			tr -s ' \n' ' ') (1 whole, 2 before the first record, 3 cut off)"
	done
done
expect 0 odmcfg check
