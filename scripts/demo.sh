#!/bin/bash
# Builds odmcfg, installs it in the build folder and plays its two stories in private roots, printing
# every command it runs with that command's real output: this machine's devices, of which only a
# loop device of the demo's own is written to (by root; others read), and the simulated SCSI bus.
#
# usage: scripts/demo.sh [FILE]     FILE: what is sent in step 4, 64 MiB of random data by default
# BUILD names the build folder (build by default), ODMCFG_ROOT the simulation's private root:
# BUILD/root by default, which each run makes anew; any other must not exist yet.
set -euo pipefail
file=${1:+$(realpath "$1")}
cd "$(dirname "$0")/.."
. scripts/packages.sh

ensure_packages coreutils
build=$(realpath -m "${BUILD:-build}")
cmake -S . -B "$build" -DODMCFG_TESTS=OFF >/dev/null
cmake --build "$build" -j "$(nproc)" | tail -n 1
cmake --install "$build" --prefix "$build/installed" >/dev/null

if [ -n "${ODMCFG_ROOT:-}" ] && [ -e "$ODMCFG_ROOT" ]; then
	echo "demo: $ODMCFG_ROOT exists; unset ODMCFG_ROOT or name a directory that does not" >&2
	exit 1
fi
export ODMCFG_ROOT=${ODMCFG_ROOT:-$build/root}
eval "$("$build/installed/bin/odmcfg" env)"
work=$(mktemp -d)
loop=
# A loop device is given back as it was.
clean_up() {
	[ -z "$loop" ] || ODMCFG_ROOT=$work/host chdev -l "$disk" -a read_ahead_kb= -a nr_requests= >/dev/null || true
	[ -z "$loop" ] || losetup -d "$loop"
	ODMCFG_ROOT=$work/host odmcfg kexd --stop --force >/dev/null
	odmcfg kexd --stop --force >/dev/null
	rm -rf "$work"
}
trap clean_up EXIT
if [ -e "$build/root" ] && [ "$ODMCFG_ROOT" = "$build/root" ]; then
	odmcfg kexd --stop --force >/dev/null
	rm -rf "$build/root"
fi

title() { printf '\n=== %s\n' "$*"; }

# Prints a command and runs it; its failure ends the demo.
run() {
	printf '$ %s\n' "$*"
	eval "$*"
}

# The same for a command that must be refused.
refused() {
	printf '$ %s\n' "$*"
	if eval "$*" 2>&1; then
		echo "demo: this should have been refused" >&2
		exit 1
	fi
}

# Waits until a command succeeds; 30 seconds without that end the demo.
await() {
	local end=$((SECONDS + 30))
	until eval "$*"; do
		if [ $SECONDS -ge $end ]; then
			echo "demo: waited in vain for: $*" >&2
			exit 1
		fi
		sleep 0.02
	done
}

# counter DEVICE COLUMN
counter() { odmcfg kexstat -l "$1" -F "$2"; }

# transfer LABEL: from tmscsi0 to tmscsi1 with a slow reader; adds a line to the table.
transfer() {
	local events waits events_before waits_before
	events_before=$(counter tmscsi1.tm exhausted)
	waits_before=$(counter tmscsi0.im waits)
	echo "\$ odmcfg tmrecv -l tmscsi1 --bytes $size --delay 1ms --events --timeout 30s >copy &"
	echo "\$ odmcfg tmsend -l tmscsi0 <data"
	odmcfg tmrecv -l tmscsi1 --bytes "$size" --delay 1ms --events --timeout 30s \
		>"$work/copy" 2>"$work/events" &
	odmcfg tmsend -l tmscsi0 <"$data"
	wait $!
	events=$(($(counter tmscsi1.tm exhausted) - events_before))
	waits=$(($(counter tmscsi0.im waits) - waits_before))
	if [ -s "$work/events" ]; then
		head -n 2 "$work/events"
		echo "... $(wc -l <"$work/events") such lines"
	fi
	sha256sum "$data" "$work/copy" | sed "s|$work/||"
	cmp "$data" "$work/copy"
	printf '%-14s %8s %12s %11s\n' "$1" "$events" "$waits" "$(counter tmscsi1.tm peak)" \
		>>"$work/table"
}

# What the operating system calls a device: named NAME
named() {
	lsdev -Cc disk -F name | while read -r name; do
		[ "$(lsattr -El "$name" -a os_name -F value)" != "$1" ] || echo "$name"
	done
}

simulation=$ODMCFG_ROOT
ODMCFG_ROOT=$work/host
title "A. This machine's own devices"
run odmcfg init --host
if [ "$(id -u)" -eq 0 ]; then
	truncate -s 16M "$work/file"
	loop=$(losetup --find --show "$work/file") || loop=
fi
run cfgmgr
run lsdev -C

title "B. A disk, as it is in the kernel"
disk=$(lsdev -Cc disk -F name | grep -m 1 hdisk || lsdev -Cc disk -F name | head -n 1)
if [ -n "$disk" ]; then
	run lscfg -vl "$disk"
	run lsattr -El "$disk"
	run lsattr -Rl "$disk" -a scheduler
else
	echo "This machine shows no disk."
fi

title "C. Values: in the kernel and the database, or in neither"
disk=
[ -z "$loop" ] || disk=$(named "${loop#/dev/}")
if [ -n "$disk" ]; then
	echo "($disk is $loop, of a file of the demo's own; nothing else is written to.)"
	run chdev -l "$disk" -a read_ahead_kb=512 -a nr_requests=64
	refused chdev -l "$disk" -a scheduler=noop
	run "echo 128 >/sys/block/${loop#/dev/}/queue/read_ahead_kb    # somebody else"
	echo "\$ odmcfg drift"
	odmcfg drift || [ $? -eq 1 ]
	run odmcfg apply
	run lsattr -El "$disk" --diff --origin
	run chdev -l "$disk" -a read_ahead_kb=1024 --confirm 2
	run "sleep 3    # nobody confirms it"
	run lsattr -El "$disk" -a read_ahead_kb
	run chdev -l "$disk" -a read_ahead_kb=1024 --confirm 60
	run odmcfg confirm
	run odmcfg undo
	run "chdev -l $disk -a read_ahead_kb= -a nr_requests=    # what the kernel had"
	losetup -d "$loop"
	loop=
else
	echo "Only root can change values, and attach a loop device to try it with: here they are only read."
fi
ODMCFG_ROOT=$simulation

title "1. The repository, the schemas, the description of the hardware"
run odmcfg init
run "cat \$ODMCFG_ROOT/etc/machine.cfg"

title "2. Find and configure everything"
run cfgmgr -v "| grep -E '^(attempting|return)'"

title "3. What is there"
run lsdev -C
run lsattr -El scsi0
run lsattr -El tmscsi1
run odmcfg kexd --status

title "4. Real bytes through the bus, to a slow reader with 16 buffers"
data=$work/data
if [ -n "$file" ]; then
	cp "$file" "$data"
else
	head -c 64M /dev/urandom >"$data"
fi
size=$(stat -c %s "$data")
transfer "num_bufs 16"

title "5. Tuning: num_bufs"
refused chdev -l tmscsi1 -a num_bufs=5000
sleep 30 | odmcfg tmsend -l tmscsi1 &
sleeper=$!
await '[ "$(counter tmscsi1.im open)" = 1 ]'
refused chdev -l tmscsi1 -a buf_size=2048
run chdev -l tmscsi1 -a num_bufs=512
kill $sleeper 2>/dev/null || true
wait $sleeper 2>/dev/null || true
await '[ "$(counter tmscsi1.im open)" = 0 ]'
run chdev -l tmscsi1 -a num_bufs=4096
transfer "num_bufs 4096"
echo
printf '%-14s %8s %12s %11s\n' "" "events" "sender waits" "peak in use"
cat "$work/table"

title "6. Tuning: the interrupt class that the driver masks"
refused chdev -l scsi1 -a intr_priority=2
run rmdev -l tmscsi1
run chdev -l scsi1 -a intr_priority=2
run mkdev -l tmscsi1
run odmcfg kexstat

title "7. The hardware reports events to both sides of tmscsi1"
echo "\$ odmcfg tmrecv -l tmscsi1 --events &"
echo "\$ odmcfg tmsend -l tmscsi1 --events &"
odmcfg tmrecv -l tmscsi1 --events >/dev/null 2>"$work/target" &
receiver=$!
(await 'grep -q FATAL "$work/target"' && echo) |
	odmcfg tmsend -l tmscsi1 --events 2>"$work/initiator" &
sender=$!
await '[ "$(counter "tmscsi1.*" open | tr -d "\n")" = 11 ]'
for event in reset:RESET cmdfail:CMD_FAILED fatal:FATAL; do
	run odmcfg scsifault -l scsi1 "${event%:*}"
	await 'grep -q "${event#*:}" "$work/target"'
done
wait $receiver || true
wait $sender || true
sed 's/^/target:    /' "$work/target"
sed 's/^/initiator: /' "$work/initiator"
run odmcfg kexstat -l "'tmscsi1.*'" -F "'device raised delivered merged masked'"

title "8. Down and up again; the host dies"
run rmdev -Rl scsi0
run rmdev -Rl scsi1
run lsdev -C
run odmcfg kexd --status
for device in scsi0 scsi1 tmscsi0 tmscsi1 hdisk0; do
	run mkdev -l $device
done
run "kill -9 \$(cat \$ODMCFG_ROOT/run/kexd.pid)"
refused odmcfg tmsend -l tmscsi0 "</dev/null"
run cfgmgr
run lsdev -C
run odmcfg kexd --status
