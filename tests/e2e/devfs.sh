#!/bin/bash
# Device files for programs that know nothing of odmcfg. Skipped (77) where FUSE can't be used.
[ -r /dev/fuse ] && [ -w /dev/fuse ] && command -v fusermount3 >/dev/null || exit 77
. "$(dirname "$0")/lib.sh"
trap 'status=$?; fusermount3 -u "$ODMCFG_ROOT/dev" 2>/dev/null; odmcfg kexd --stop --force >/dev/null 2>&1
	rm -rf "$work"; exit $status' EXIT
configured_machine
dev=$ODMCFG_ROOT/dev
odmcfg devfs >"$work/out" 2>"$work/err" || {
	grep -q "ermission\|not permitted" "$work/err" && exit 77
	fail "$(cat "$work/err")"
}
[ "$(ls "$dev" | tr '\n' ' ')" = "$(ls "$ODMCFG_ROOT/special" | tr '\n' ' ')" ] || fail "$(ls "$dev")"
[ -f "$dev/tmscsi1.tm" ] || fail "not a file"

# dd and cat: a record a write, a record a read.
head -c 1000000 /dev/urandom >"$work/data"
dd if="$dev/tmscsi1.tm" of="$work/copy" bs=65536 count=16 2>"$work/dd" &
reader=$!
await is_open tmscsi1.tm
expect 0 dd if="$work/data" of="$dev/tmscsi0.im" bs=65536
wait $reader || fail "dd: $(cat "$work/dd")"
cmp "$work/data" "$work/copy" || fail "the copy differs"
[ "$(counter tmscsi1.tm records)" = 16 ] || fail "records: $(counter tmscsi1.tm records)"
gone() { [ "$(counter "$1" open)" = 0 ]; }
await gone tmscsi1.tm
await gone tmscsi0.im

timeout 20 cat "$dev/tmscsi1.tm" >"$work/copy" &
reader=$!
await is_open tmscsi1.tm
printf 'one ' >"$dev/tmscsi0.im" || fail "write"
await gone tmscsi0.im
printf 'two' >"$dev/tmscsi0.im" || fail "write"
has_all() { [ "$(cat "$work/copy")" = "one two" ]; }
await has_all

# A signal ends a read that waits; one opener at a time; only the direction that the file has.
expect 1 head -c 1 "$dev/tmscsi1.tm"
error_has "busy"
kill $reader
wait $reader
await gone tmscsi1.tm
echo x 2>"$work/err" >"$dev/tmscsi1.tm" && fail "written to a receiver"

# poll and ioctl, by a program in another language.
python3 - "$dev" <<'END' || fail "poll or ioctl from Python"
import fcntl, os, select, struct, sys, threading, time
dev = sys.argv[1]
receiver = os.open(dev + "/tmscsi1.tm", os.O_RDONLY)
poll = select.poll()
poll.register(receiver, select.POLLIN | select.POLLPRI)
assert poll.poll(200) == []
def send():
    time.sleep(0.3)
    with open(dev + "/tmscsi0.im", "wb", buffering=0) as sender:
        sender.write(b"wake up")
thread = threading.Thread(target=send)
thread.start()
assert poll.poll(10000) == [(receiver, select.POLLIN)]
assert os.read(receiver, 100) == b"wake up"
thread.join()
IOCINFO = 2 << 30 | 20 << 16 | ord("T") << 8 | 1
info = bytearray(20)
fcntl.ioctl(receiver, IOCINFO, info)
kind, subtype, scsi_id, lun, buf_size, num_bufs, most = struct.unpack("=BBHIIII", info)
assert (chr(kind), scsi_id, buf_size, num_bufs) == ("T", 7, 4096, 16), info
os.system("odmcfg scsifault -l scsi1 reset")
assert poll.poll(10000) == [(receiver, select.POLLPRI)]
TMIOEVNT = 2 << 30 | 4 << 16 | ord("T") << 8 | 2
events = bytearray(4)
fcntl.ioctl(receiver, TMIOEVNT, events)
assert struct.unpack("=I", events) == (4,), events
END

# Owner and mode are the special file's.
expect 0 chmod 600 "$dev/hdisk0"
[ "$(stat -c %a "$ODMCFG_ROOT/special/hdisk0")" = 600 ] || fail "the mode did not change"
expect 1 cat "$dev/nosuch"
if [ "$(id -u)" = 0 ]; then
	chmod 755 "$work"
	expect 1 setpriv --reuid=65534 --regid=65534 --clear-groups cat "$dev/hdisk0"
	error_has "Permission denied"
	# The file system's process is privileged, who uses it is not.
	chmod 666 "$ODMCFG_ROOT/special/scsi1"
	expect 1 python3 -c 'import fcntl, os, sys
SCIOFAULT = 1 << 30 | 4 << 16 | ord("S") << 8 | 16
os.setgroups([]), os.setgid(65534), os.setuid(65534)
fcntl.ioctl(os.open(sys.argv[1], os.O_RDWR), SCIOFAULT, (1).to_bytes(4, "little"))' "$dev/scsi1"
	error_has "Operation not permitted"
fi
expect 0 odmcfg devfs --unmount
[ -z "$(ls "$dev")" ] || fail "still mounted"
expect 2 odmcfg devfs --foreground --unmount

# With the host the files go; one that is open only with --force.
mounted() { grep -qF " $dev " /proc/self/mounts; }
expect 0 odmcfg devfs
mounted || fail "not mounted"
expect 0 odmcfg kexd --stop
mounted && fail "still mounted"
expect 0 cfgmgr
expect 0 odmcfg devfs
timeout 60 cat "$dev/tmscsi1.tm" >/dev/null 2>&1 &
reader=$!
await is_open tmscsi1.tm
expect 1 odmcfg kexd --stop
error_has "tmscsi1.tm is open"
mounted || fail "not mounted any more"
expect 0 odmcfg kexd --stop --force
mounted && fail "still mounted"
wait $reader && fail "the reader did not notice"
true
