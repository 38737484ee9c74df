#!/bin/bash
# tmstat's live view at terminals of several sizes, and while the size changes: each line is whole and
# in its row, each device is there once. tmux is the terminal. Skipped (77) without it.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
command -v tmux >/dev/null || exit 77
configured_machine
export TMUX_TMPDIR=$work LC_ALL=C.UTF-8
unset TMUX
terminal() { tmux -f /dev/null -L odmcfg "$@"; }
trap 'status=$?; terminal kill-server 2>/dev/null; kill $traffic 2>/dev/null
	odmcfg kexd --stop --force >/dev/null 2>&1; rm -rf "$work"; exit $status' EXIT

# Something to see: a slow reader.
odmcfg tmrecv -l tmscsi1 --delay 20ms >/dev/null &
traffic=$!
odmcfg tmsend -l tmscsi0 </dev/zero 2>/dev/null &
traffic="$traffic $!"

terminal new-session -d -x 80 -y 24 "exec odmcfg tmstat -i 0.2" || fail "tmux does not start"
terminal set-option -g status off >/dev/null
terminal set-option -g window-size manual >/dev/null
screen() { terminal capture-pane -p -t 0 >"$work/screen"; }

# shows COLUMNS ROWS PATTERN...: at this size the rows from the top match, in this order; each device
# is on the screen once.
shows() {
	local columns=$1 rows=$2
	shift 2
	terminal resize-window -t 0 -x "$columns" -y "$rows"
	local end=$((SECONDS + 20))
	until screen && matches "$@"; do
		[ $SECONDS -lt $end ] || fail "$columns x $rows: no '$missing' in its place: $(cat "$work/screen")"
		sleep 0.1
	done
	[ "$(wc -l <"$work/screen")" -le "$rows" ] || fail "$columns x $rows: more rows"
	local device
	for device in tmscsi0.im tmscsi0.tm tmscsi1.im tmscsi1.tm; do
		[ "$(grep -c "$device" "$work/screen")" = 1 ] ||
			fail "$columns x $rows: $device: $(cat "$work/screen")"
	done
}
matches() {
	local line number=0
	for missing in "$@"; do
		number=$((number + 1))
		line=$(sed -n ${number}p "$work/screen")
		[[ $line =~ ^$missing$ ]] || return 1
	done
}
rate='[0-9.]+[KMG]?/s'
plot='(  [ ▁▂▃▄▅▆▇█]*)?'
narrow_target="tmscsi[01].tm +[0-9]+/16"
narrow_sender="tmscsi[01].im +$rate"
small_target='tmscsi[01].tm +[0-9]+ of 16 +full +[0-9.]+%'
small_rest="  $rate, advised: .*"
small_sender="tmscsi[01].im +$rate wait +[0-9.]+%"
usual_target="tmscsi[01].tm +[0-9]+ of 16 +peak [0-9]+ +full +[0-9.]+%  +$rate +[0-9]+ rec/s"
usual_rest='  events [0-9]+, merged [0-9]+, delivered [0-9]+(; num_bufs advised: .*)?'
usual_sender="tmscsi[01].im +wait +[0-9.]+%  +$rate +[0-9]+ rec/s"
head='Target mode, every 0.2 s; q ends'
either() { echo "($1|$2)"; }
narrow=$(either "$narrow_target" "$narrow_sender")
small=$(either "$small_target" "$small_sender")
small_second=$(either "$small_rest" '  [0-9]+ records/s')
usual=$(either "$usual_target" "$usual_sender")
wide="$usual +events [0-9]+, merged [0-9]+, delivered [0-9]+(; num_bufs advised: .*)?"

for round in 1 2; do
	shows 20 5 'every 0.2 s; q ends' "$narrow" "$narrow" "$narrow" "$narrow"
	shows 40 10 "$head" '' "$small" "$small_second" "$small" "$small_second" "$small" \
		"$small_second" "$small" "$small_second"
	shows 80 24 "$head" '' "$usual" "$usual_rest" "$plot" "$plot" '' "$usual" "$usual_rest" "$plot" \
		"$plot" '' "$usual" "$usual_rest"
	shows 200 50 "$head" '' "$wide" "$plot" "$plot" "$plot" "$plot" "$plot" "$plot" "$plot" "$plot" '' \
		"$wide"
done
# What has no room is counted.
terminal resize-window -t 0 -x 20 -y 3
await_more() { screen && grep -qx '\.\.\. 3 more' "$work/screen"; }
await await_more
terminal send-keys -t 0 q
gone() { ! terminal has-session 2>/dev/null; }
await gone

# A terminal of this size from the start.
for size in "20 5" "40 10" "80 24" "200 50"; do
	# shellcheck disable=SC2086
	set -- $size
	terminal new-session -d -x "$1" -y "$2" "exec odmcfg tmstat -i 0.2"
	terminal set-option -g status off >/dev/null
	terminal set-option -g window-size manual >/dev/null
	case $1 in
	20) shows 20 5 'every 0.2 s; q ends' "$narrow" "$narrow" "$narrow" "$narrow" ;;
	40) shows 40 10 "$head" '' "$small" "$small_second" "$small" ;;
	80) shows 80 24 "$head" '' "$usual" "$usual_rest" "$plot" ;;
	200) shows 200 50 "$head" '' "$wide" "$plot" ;;
	esac
	terminal send-keys -t 0 q
	await gone
done
