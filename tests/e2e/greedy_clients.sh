#!/bin/bash
# Clients that take what they can get of kexd, or never read: others are served, and a stop ends it.
# It needs root to be another user. Skipped (77) for others.
[ "$(id -u)" -eq 0 ] || exit 77
. "$(dirname "$0")/lib.sh"
intruder=$8
configured_machine
chmod 755 "$work"
special=$ODMCFG_ROOT/special

# Descriptors that come with a message are closed, however many come: of kexd and of a process.
kexd=$(cut -d' ' -f1 "$ODMCFG_ROOT/run/kexd.pid")
descriptors() { ls "/proc/$kexd/fd" | wc -l; }
before=$(descriptors)
as_nobody "$intruder" descriptors 1500 || fail "kexd does not answer any more"
settled() { [ "$(descriptors)" -le $((before + 2)) ]; }
await settled

# One user's connections leave room for others'; he is told, and may come back.
mkfifo "$work/stays"
as_nobody "$intruder" connect 300 <"$work/stays" >"$work/connected" &
exec 9>"$work/stays"
told() { grep -q served "$work/connected"; }
await told
[ "$(cat "$work/connected")" = "served 64" ] || fail "$(cat "$work/connected")"
expect 1 as_nobody odmcfg kexstat -l scsi1 -F open
error_has "as many connections with kexd as one may have"
expect 0 odmcfg kexstat -l scsi1 -F open
exec 9>&-
wait
may_ask() { as_nobody odmcfg kexstat -l scsi1 -F open >/dev/null 2>&1; }
await may_ask

# At the limit of its descriptors kexd rests, and serves again when there are some.
prlimit --pid "$kexd" --nofile=$(($(descriptors) + 4)):20000
"$intruder" connect 40 <"$work/stays" >"$work/connected" &
other=$!
exec 9>"$work/stays"
sleep 0.5
ticks() { cut -d' ' -f14,15 "/proc/$kexd/stat" | tr ' ' +; }
before=$(($(ticks)))
sleep 2
[ $(($(ticks) - before)) -lt 60 ] || fail "kexd does not rest: $(($(ticks) - before)) ticks in 2 s"
exec 9>&-
kill $other 2>/dev/null
wait
prlimit --pid "$kexd" --nofile=8192:20000
await odmcfg kexstat -l scsi1 -F open

# Who never reads an answer keeps nobody, and nothing, from a stop.
chmod 666 "$special/hdisk0"
as_nobody "$intruder" deaf <"$work/stays" >"$work/deaf" &
as_nobody "$intruder" deaf "$special/hdisk0" <"$work/stays" >"$work/deaf_device" &
exec 9>"$work/stays"
is_deaf() { grep -q sent "$work/deaf" && grep -q sent "$work/deaf_device"; }
await is_deaf
SECONDS=0
expect 0 timeout 60 odmcfg kexd --stop --force
[ $SECONDS -le 20 ] || fail "the stop took $SECONDS seconds"
exec 9>&-
wait
