# Sourced by the tests of iSCSI behind lib.sh: a target of Debian's tgt without privilege, on a port
# of loopback and with a control socket of its own.
# shellcheck shell=bash
command -v tgtd >/dev/null || fail "tgt is not installed"
target_name=iqn.2026-11.test:disks
export TGT_IPC_SOCKET=$work/tgt
tgt_process=
initiator_timings="login_timeout=2 nop_interval=1 nop_timeout=1"

# Root plays nobody, who owns the target's files.
nobody=()
[ "$(id -u)" -ne 0 ] || nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
tgt() { "${nobody[@]}" tgtadm --lld iscsi "$@"; }

# A port that nobody listens at.
free_port() {
	local port
	for port in $(shuf -i 20000-32000 -n 50); do
		[ -n "$(ss -Hltn "sport = :$port" 2>/dev/null)" ] || break
	done
	echo "$port"
}
port=$(free_port)

# Runs the target with its units, which are the files of $work/units, unit1 ...
start_target() {
	chmod 755 "$work"
	mkdir -p "$work/units"
	[ "$(id -u)" -ne 0 ] || chown -R 65534:65534 "$work/units"
	rm -f "$TGT_IPC_SOCKET".*
	# Its control socket is beside the units.
	export TGT_IPC_SOCKET=$work/units/tgt
	"${nobody[@]}" tgtd -f --iscsi "portal=127.0.0.1:$port" >"$work/tgtd.log" 2>&1 &
	tgt_process=$!
	# A shell tells of each of its jobs that is killed.
	disown
	trap 'status=$?; kill -9 $tgt_process 2>/dev/null; odmcfg kexd --stop --force >/dev/null 2>&1
		rm -rf "$work"; exit $status' EXIT
	await tgt --op show --mode target >/dev/null 2>&1
	tgt --op new --mode target --tid 1 -T $target_name || fail "no target: $(cat "$work/tgtd.log")"
	tgt --op bind --mode target --tid 1 -I ALL
	local unit
	for unit in $(find "$work/units" -name 'unit[0-9]*' -printf '%f\n' | sed 's/unit//' | sort -n); do
		add_unit "$unit"
	done
}

# make_unit NUMBER SIZE; add_unit NUMBER; remove_unit NUMBER
make_unit() {
	mkdir -p "$work/units"
	truncate -s "$2" "$work/units/unit$1"
	[ "$(id -u)" -ne 0 ] || chown -R 65534:65534 "$work/units"
}
add_unit() {
	tgt --op new --mode logicalunit --tid 1 --lun "$1" -b "$work/units/unit$1" ||
		fail "no unit $1: $(cat "$work/tgtd.log")"
}
remove_unit() { tgt --op delete --mode logicalunit --tid 1 --lun "$1"; }
target_is_gone() { ! kill -0 "$tgt_process" 2>/dev/null; }
kill_target() {
	kill -9 "$tgt_process"
	await target_is_gone
}

# use_target ATTRIBUTE=VALUE ...: iscsi0 with short times, and what it finds.
use_target() {
	local assignment arguments=()
	[[ " $*" == *" portal="* ]] || set -- "portal=127.0.0.1:$port" "$@"
	for assignment in $initiator_timings "$@"; do
		arguments+=(-a "$assignment")
	done
	expect 0 chdev -l iscsi0 "${arguments[@]}"
	expect 0 cfgmgr -l iscsi0
}
error_log() { cat "$ODMCFG_ROOT/log/kexd.log"; }
logged() { grep -q -- "$1" "$ODMCFG_ROOT/log/kexd.log"; }
