#!/bin/bash
# Processes of adapters are killed again and again while devices are used, tuned and configured. What
# is started again must work, and nobody may be left waiting for one that is gone.
. "$(dirname "$0")/lib.sh"
configured_machine
end=$((SECONDS + ${STORM_SECONDS:-15}))
process() { odmcfg kexstat -l "$1" -F process 2>/dev/null; }

# Each of these fails now and then, which is no matter; none may hang.
send_much() {
	while [ $SECONDS -lt $end ]; do
		head -c 3000000 /dev/zero | timeout 60 odmcfg tmsend -l tmscsi0 2>/dev/null
		[ $? -eq 124 ] && echo "tmsend hangs" >>"$work/hung"
	done
}
receive_much() {
	while [ $SECONDS -lt $end ]; do
		timeout 60 odmcfg tmrecv -l tmscsi1 --bytes 3000000 --timeout 2s >/dev/null 2>&1
		[ $? -eq 124 ] && echo "tmrecv hangs" >>"$work/hung"
	done
}
configure_much() {
	while [ $SECONDS -lt $end ]; do
		for command in "chdev -l tmscsi1 -a num_bufs=$((16 + RANDOM % 500))" \
			"rmdev -l hdisk0" "mkdev -l hdisk0" "odmcfg scsifault -l scsi0 reset" \
			"odmcfg kexstat" cfgmgr; do
			# shellcheck disable=SC2086
			timeout 60 $command >/dev/null 2>&1
			[ $? -eq 124 ] && echo "$command hangs" >>"$work/hung"
		done
	done
}
send_much & receive_much & configure_much &
workers=$!
while [ $SECONDS -lt $end ]; do
	victims=(scsi0 scsi1 vbus0)
	victim=$(process "${victims[RANDOM % 3]}")
	[ -n "$victim" ] && kill -$([ $((RANDOM % 2)) = 0 ] && echo KILL || echo SEGV) "$victim" 2>/dev/null
	sleep 0.$((RANDOM % 8 + 1))
done
wait $workers
wait
[ ! -e "$work/hung" ] || fail "$(sort "$work/hung" | uniq -c)"

# Peace: all of it is there and works.
all_there() {
	for device in vbus0 scsi0 scsi1 hdisk0 tmscsi0.im tmscsi0.tm tmscsi1.im tmscsi1.tm; do
		[ -n "$(process "$device")" ] || return 1
	done
}
expect 0 cfgmgr
await all_there
expect 0 odmcfg check
head -c 500000 /dev/urandom >"$work/data"
odmcfg tmrecv -l tmscsi1 --bytes 500000 --timeout 30s >"$work/copy" 2>"$work/err" &
receiver=$!
await is_open tmscsi1.tm
expect 0 odmcfg tmsend -l tmscsi0 <"$work/data"
wait $receiver || fail "$(cat "$work/err")"
cmp "$work/data" "$work/copy" || fail "the copy differs"
expect 0 "$2" read 77 4096
[ "$(odmcfg kexstat -l tmscsi1.tm -F bufs)" = "$(lsattr -El tmscsi1 -a num_bufs -F value)" ] ||
	fail "the driver has other values than the database"
