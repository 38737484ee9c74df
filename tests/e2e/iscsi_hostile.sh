#!/bin/bash
# Targets that answer badly cost time and errors, and nothing else: the adapter's process goes on,
# and what a target says gets into no terminal and no object as it is.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/iscsi_lib.sh"
block_io=$2

expect 0 odmcfg init
: >"$ODMCFG_ROOT/etc/machine.cfg"
expect 0 cfgmgr
for manner in garbage closes sense lengths tags luns flood; do
	port=$(free_port)
	before=$SECONDS
	python3 "$(dirname "$0")/hostile_target.py" "$port" $manner >"$work/ready" 2>"$work/hostile" &
	hostile=$!
	disown
	sleep 0.3
	await grep -q ready "$work/ready"
	for setting in $initiator_timings "portal=127.0.0.1:$port" max_targets=100 retries=1 retry_delay=0 \
		reconnect_time=2; do
		expect 0 chdev -l iscsi0 -a "$setting"
	done
	timeout 120 cfgmgr -l iscsi0 >"$work/out" 2>"$work/err"
	status=$?
	[ $status -lt 2 ] || fail "$manner: cfgmgr ended with $status"
	process=$(odmcfg kexstat -l iscsi0 -F process)
	[ -n "$process" ] || fail "$manner: the adapter is not there: $(cat "$work/err")"
	for disk in $(lsdev -p iscsi0 -S a -F name 2>/dev/null | head -3); do
		timeout 60 "$block_io" "$disk" read 0 65536 >/dev/null 2>&1
		[ $? -lt 2 ] || fail "$manner: a read of $disk ended otherwise"
	done
	! LC_ALL=C grep -qP '\x1b' "$work/err" || fail "$manner: an escape in a message"
	! logged KEX_CRASH || fail "$manner: $(error_log)"
	! logged KEX_HANG || fail "$manner: $(error_log)"
	kill -9 $hostile
	echo "$manner, $((SECONDS - before)) s: $(tr -s ' \n' ' ' <"$work/err" | cut -c 1-150)"
	expect 0 rmdev -Rl iscsi0
done
