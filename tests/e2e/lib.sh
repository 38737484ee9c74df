# Sourced by every end-to-end test, whose first argument is the installed tree: a private root with
# the commands on the PATH, removed at the end with its kexd. A failed expectation ends the test.
set -u
stage=$1
export ODMCFG_ROOT
ODMCFG_ROOT=$(mktemp -d)/root
unset ODMDIR ODMPATH
# A kernel service called where it may not be ends the process, and so the test.
export ODMCFG_KEXD_STRICT=1
eval "$("$stage/bin/odmcfg" env)"
work=$(dirname "$ODMCFG_ROOT")
# Clean-up must not hide a failure's exit status.
trap 'status=$?; odmcfg kexd --stop --force >/dev/null 2>&1; rm -rf "$work"; exit $status' EXIT

fail() {
	echo "FAILED: $*" >&2
	[ -f "$ODMCFG_ROOT/log/kexd.log" ] && sed 's/^/kexd: /' "$ODMCFG_ROOT/log/kexd.log" >&2
	exit 1
}

# Another user, who owns nothing here; only root can be him.
as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }

# expect STATUS COMMAND...: its exit status; stdout and stderr are left in $work/out and $work/err.
expect() {
	local wanted=$1 got
	shift
	"$@" >"$work/out" 2>"$work/err"
	got=$?
	[ "$got" -eq "$wanted" ] ||
		fail "exit status $got, not $wanted: $* -- $(cat "$work/out" "$work/err")"
}

# Standard output was exactly standard input; standard error, standard output contains a text.
output_is() { diff -u - "$work/out" >&2 || fail "standard output differs"; }
# Messages are wrapped at 80 columns: line ends count as blanks.
error_has() { tr -s ' \n' ' ' <"$work/err" | grep -qF -- "$1" || fail "no '$1' in: $(cat "$work/err")"; }
output_has() { grep -qF -- "$1" "$work/out" || fail "no '$1' in: $(cat "$work/out")"; }
no_output() { [ ! -s "$work/out" ] || fail "unexpected output: $(cat "$work/out")"; }

# await COMMAND...: until it succeeds, 60 seconds at most.
await() {
	local end=$((SECONDS + 60))
	until "$@"; do
		[ $SECONDS -lt $end ] || fail "waited in vain: $*"
		sleep 0.02
	done
}

# counter DEVICE COLUMN
counter() { odmcfg kexstat -l "$1" -F "$2"; }
is_open() { [ "$(counter "$1" open)" = 1 ]; }

configured_machine() {
	expect 0 odmcfg init
	expect 0 cfgmgr
	no_output
}
