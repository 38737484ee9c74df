#!/bin/bash
# odmcfg watch with real loop devices, whose events the kernel sends, and real interfaces in a network
# namespace of the test's own: what others change is put right, what comes is configured, what goes is
# missing. Only loop devices and interfaces that are the test's are written to.
if [ "$(id -u)" -ne 0 ] || [ ! -w /dev/loop-control ]; then
	echo "only root has loop devices and network namespaces"
	exit 77
fi
# A network namespace, with its own view of /sys and nobody's /run, for all that follows.
if [ -z "${WATCH_NAMESPACE:-}" ]; then
	WATCH_NAMESPACE=1 exec unshare --net --mount sh -c '
		mount --make-rprivate / && mount -t sysfs sysfs /sys && mount -t tmpfs tmpfs /run && ip link set lo up && exec "$0" "$@"' "$0" "$@"
fi
. "$(dirname "$0")/lib.sh"
log=$work/watch.log
touch "$log"
truncate -s 16M "$work/disk"
loop=$(losetup -f --show "$work/disk") || { echo "no loop device is free" && exit 77; }
kernel_name=${loop#/dev/}
queue=/sys/block/$kernel_name/queue
before=$(cat "$queue/read_ahead_kb")
scheduler=$(sed 's/.*\[\(.*\)\].*/\1/' "$queue/scheduler")
clean_up() {
	[ -n "${watch:-}" ] && kill "$watch" 2>/dev/null
	losetup -d "$loop" 2>/dev/null
	echo "$before" >"$queue/read_ahead_kb"
	echo "$scheduler" >"$queue/scheduler"
	rm -rf "$work"
}
trap 'status=$?; clean_up; exit $status' EXIT

start_watch() {
	odmcfg watch "$@" 2>>"$log" &
	watch=$!
	await ready
}
# It has looked at everything and waits.
ready() { holds "$ODMCFG_ROOT/run/watch.pid" "$watch" && [ "$(lsdev -l sys0 -F status 2>/dev/null)" = Available ] && waits; }
waits() { grep -q '^State:.S' "/proc/$watch/status" && [ -e "/proc/$watch/fd/3" ]; }
end_watch() {
	kill "$watch"
	wait "$watch" || fail "the watch did not end cleanly: $(cat "$log")"
	watch=
}
holds() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }
says() { grep -qF -- "$1" "$log"; }
is_there() { [ -n "$(odmget -q "name=$1 and status=1 and chgstatus!=3" CuDv)" ]; }
is_missing() { [ -n "$(odmget -q "name=$1 and status=0 and chgstatus=3" CuDv)" ]; }
# The device whose name in the kernel that is.
known_as() { odmget -q "attribute=os_name and value=$1" CuAt | sed -n 's/^\tname = "\(.*\)"/\1/p'; }

# A root that does not manage the machine is not watched.
expect 0 odmcfg init
expect 1 odmcfg watch
error_has "does not manage the machine's own devices"
expect 2 odmcfg watch --twice
expect 2 odmcfg watch --buffer 0
expect 0 odmcfg init --host

# Everything is detected by the first look; the next one finds nothing to do.
expect 0 odmcfg watch --once
error_has "$(known_as "$kernel_name") came"
expect 0 odmcfg watch --once
[ ! -s "$work/err" ] || fail "a second look: $(cat "$work/err")"
device=$(known_as "$kernel_name")
read_ahead=$queue/read_ahead_kb
expect 0 chdev -l "$device" -a read_ahead_kb=512

start_watch
expect 1 odmcfg watch
error_has "process $watch (odmcfg-watch, user root) watches the devices of this root already"

# Without an event nobody knows; with one the value is back, and it is said once.
echo 64 >"$read_ahead"
expect 1 odmcfg drift
echo change >"/sys/block/$kernel_name/uevent"
await holds "$read_ahead" 512
await says "watch: $device: read_ahead_kb is 512 again, it was 64"
expect 0 odmcfg drift

# The kernel has another value for a file that is attached, and one that is detached.
losetup -d "$loop"
losetup "$loop" "$work/disk"
await holds "$read_ahead" 512

# A file that is longer now makes the disk larger: its size is known without a look at all devices.
size_is() { [ "$(lsattr -El "$device" -a size_in_mb -F value)" = "$1" ]; }
size_is 16 || fail "the size is $(lsattr -El "$device" -a size_in_mb -F value)"
truncate -s 24M "$work/disk"
losetup -c "$loop"
await size_is 24
await says "watch: $device has 24 megabytes now"
truncate -s 16M "$work/disk"
losetup -c "$loop"
await size_is 16

# What is stored with -P waits, and what was changed with -T stays.
expect 0 chdev -l "$device" -a nomerges=1 -T
echo change >"/sys/block/$kernel_name/uevent"
echo 64 >"$read_ahead"
echo change >"/sys/block/$kernel_name/uevent"
await holds "$read_ahead" 512
holds "$queue/nomerges" 1 || fail "what holds until the next configuration was undone"
expect 0 chdev -l "$device" -a nomerges=0

# What this kernel does not have, as after a start with another one, is told once and left, and keeps nothing else from its value.
expect 0 rmdev -l "$device"
odmadd <<END
CuAt:
	name = "$device"
	attribute = "scheduler"
	value = "noop"
	type = "R"
	generic = "DU"
	rep = "s"
	nls_index = 0
END
expect 0 mkdev -l "$device"
for turn in 1 2 3; do
	echo $((64 * turn)) >"$read_ahead"
	echo change >"/sys/block/$kernel_name/uevent"
	await holds "$read_ahead" 512
done
[ "$(grep -c "scheduler.*noop" "$log")" = 1 ] || fail "not told once: $(cat "$log")"
expect 1 odmcfg drift
output_has "scheduler noop"
end_watch
expect 0 odmcfg watch --once
expect 0 odmdelete -q "name=$device and attribute=scheduler" -o CuAt

# What is refused for now is offered again: without a scheduler a queue is shorter.
start_watch
if grep -q mq-deadline "$queue/scheduler"; then
	echo mq-deadline >"$queue/scheduler"
	expect 0 chdev -l "$device" -a nr_requests=512
	echo none >"$queue/scheduler"
	echo change >"/sys/block/$kernel_name/uevent"
	await says "nr_requests"
	echo mq-deadline >"$queue/scheduler"
	await holds "$queue/nr_requests" 512
	expect 0 odmcfg drift
	echo none >"$queue/scheduler"
	expect 0 odmdelete -q "name=$device and attribute=nr_requests" -o CuAt
fi
end_watch

# A storm of events of one device is few looks at it, and lost events are looked for.
start_watch --buffer 64
kill -STOP $watch
echo 64 >"$read_ahead"
for ((i = 0; i < 3000; i++)); do echo change >"/sys/block/$kernel_name/uevent"; done
kill -CONT $watch
await holds "$read_ahead" 512
await says "events may have been lost"
await waits
end_watch

# An adapter that comes has an interface, both are configured, and what is stored is there again after
# it went and came back.
start_watch
ip link add lan0 type veth peer name veth-other || fail "no pair of interfaces"
came() { adapter=$(known_as lan0) && [ -n "$adapter" ] && is_there "$adapter" && is_there "en${adapter#ent}"; }
await came
interface=en${adapter#ent}
expect 0 chdev -l "$interface" -a mtu=1400
ip link del lan0
await is_missing "$adapter"
expect 0 lsdev -l "$interface" -F status
output_is <<<Defined
ip link add lan0 type veth peer name veth-other
await holds /sys/class/net/lan0/mtu 1400
await is_there "$adapter"
await is_there "$interface"
expect 0 odmcfg drift
expect 0 odmcfg log -n 1
output_has "odmcfg watch"

# When it goes up, which no event of its device tells, it is looked at.
ip link set lan0 mtu 1300
ip link set veth-other up
ip link set lan0 up
await holds /sys/class/net/lan0/mtu 1400

# That is not lost while the watch is busy.
ip link set lan0 mtu 1200
kill -STOP $watch
ip link set lan0 down
ip link set lan0 up
kill -CONT $watch
await holds /sys/class/net/lan0/mtu 1400

# What an administrator has unconfigured stays so.
expect 0 rmdev -l "$interface"
ip link add lan1 type veth peer name veth-third
second_came() { second=$(known_as lan1) && [ -n "$second" ] && is_there "$second"; }
await second_came
expect 0 lsdev -l "$interface" -F status
output_is <<<Defined

# While another process configures, events wait.
odm_lock_holder() { flock "$ODMCFG_ROOT/objrepos/config_lock" sleep 1; }
odm_lock_holder &
holder=$!
sleep 0.2
echo 64 >"$read_ahead"
echo change >"/sys/block/$kernel_name/uevent"
sleep 0.3
holds "$read_ahead" 64 || fail "it did not wait for the configuration lock"
wait $holder
await holds "$read_ahead" 512

# Killed at any moment, the next one finds what happened meanwhile.
kill -KILL $watch
wait $watch 2>/dev/null
ip link del lan1
echo 64 >"$read_ahead"
start_watch
await holds "$read_ahead" 512
await is_missing "$second"

# SIGHUP: a look at everything, without any event.
echo 64 >"$read_ahead"
kill -HUP $watch
await holds "$read_ahead" 512

# With a daemon of udev's it waits until that has done its part, which this is not: the kernel's event is
# passed on by hand. The format is the one of libudev's own messages.
end_watch
mkdir /run/udev && touch /run/udev/control
start_watch
echo 64 >"$read_ahead"
echo change >"/sys/block/$kernel_name/uevent"
sleep 0.5
holds "$read_ahead" 64 || fail "it did not wait for the daemon"
python3 - "$kernel_name" <<'END' || fail "the event was not passed on"
import socket, struct, sys
name = sys.argv[1]
properties = "\0".join(["ACTION=change", f"DEVPATH=/devices/virtual/block/{name}", "SUBSYSTEM=block",
                        f"DEVNAME=/dev/{name}", "DEVTYPE=disk", "SEQNUM=1", ""]).encode()
header = struct.pack("=8s", b"libudev\0") + struct.pack(">I", 0xfeedcafe)
header += struct.pack("=III", 40, 40, len(properties)) + struct.pack("=IIII", 0, 0, 0, 0)
to = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 15)
to.sendto(header + properties, (0, 2))
END
await holds "$read_ahead" 512
rm -r /run/udev

# How long an event takes until its value is there, beside the write: the median of 50.
python3 - "/sys/block/$kernel_name" 512 <<'END' || fail "it took too long"
import statistics, sys, time
device, wanted = sys.argv[1:]
path, took = device + "/queue/read_ahead_kb", []
for turn in range(50):
    time.sleep(0.05)
    open(path, "w").write("64\n")
    event = open(device + "/uevent", "w")
    begun = time.monotonic()
    event.write("change\n")
    event.close()
    while open(path).read().strip() != wanted:
        if time.monotonic() - begun > 10:
            sys.exit(1)
    took.append((time.monotonic() - begun) * 1000)
print(f"event to value: median {statistics.median(took):.2f} ms, longest {max(took):.2f} ms")
sys.exit(statistics.median(took) > 100)
END

# Nothing wakes it when nothing happens.
switches() { sed -n 's/^voluntary_ctxt_switches:\t//p' "/proc/$watch/status"; }
sleep 0.5
first=$(switches)
sleep 2
echo "$(($(switches) - first)) wake-ups in 2 seconds, $(sed -n 's/^VmRSS:\t *//p' "/proc/$watch/status")"
end_watch
[ ! -s "$ODMCFG_ROOT/run/watch.pid" ] || fail "it left its number"
grep -i -e sanitizer -e 'runtime error' "$log" && fail "$(cat "$log")"
expect 0 odmcfg check
