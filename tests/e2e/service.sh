#!/bin/bash
# kexd as systemd starts it: with a socket that stays, and word of its state.
. "$(dirname "$0")/lib.sh"
expect 0 odmcfg init
mkdir -p "$ODMCFG_ROOT/log"
cat >"$work/activate.py" <<'END'
"""Does what systemd does: a listening socket as descriptor 3, a socket for notifications."""
import os, socket, sys
run, program, log = sys.argv[1:4]
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind(os.path.join(run, "notify"))
listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
listener.bind(os.path.join(run, "kexd.sock"))
listener.listen()
pid = os.fork()
if pid == 0:
    os.dup2(listener.fileno(), 3)
    os.set_inheritable(3, True)
    error = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(error, 2)
    environment = dict(os.environ, LISTEN_FDS="1", LISTEN_PID=str(os.getpid()),
                       NOTIFY_SOCKET=os.path.join(run, "notify"))
    os.execve(program, ["kexd"], environment)
print("ready" if b"READY=1" in notify.recv(4096) else "not ready", flush=True)
print("stopping" if b"STOPPING=1" in notify.recv(4096) else "not stopping", flush=True)
print("status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
END
python3 "$work/activate.py" "$ODMCFG_ROOT/run" "$stage/lib/odmcfg/kexd" "$ODMCFG_ROOT/log/kexd.log" \
	>"$work/service" 2>&1 &
service=$!
await grep -q '^ready$' "$work/service"
expect 0 cfgmgr
expect 0 odmcfg kexd --status
output_has "kexd is running"
expect 0 lsdev -l tmscsi1 -F status
output_is <<<"Available"
[ "$(grep -c KEX_START "$ODMCFG_ROOT/log/kexd.log")" = 1 ] || fail "another host was started"
kill "$(cat "$ODMCFG_ROOT/run/kexd.pid")"
wait $service || fail "$(cat "$work/service")"
[ "$(cat "$work/service")" = "ready
stopping
status 0" ] || fail "$(cat "$work/service")"
[ -S "$ODMCFG_ROOT/run/kexd.sock" ] || fail "the socket was removed, which is systemd's"
rm "$ODMCFG_ROOT/run/kexd.sock"
expect 1 odmcfg kexd --status

# The units are ones that systemd takes.
if command -v systemd-analyze >/dev/null; then
	sed "s|^ExecStart=.*/lib/odmcfg/kexd|ExecStart=$stage/lib/odmcfg/kexd|; \
		s|^ExecStart=.*/bin/odmcfg|ExecStart=$stage/bin/odmcfg|" \
		"$stage/lib/systemd/system/odmcfg-kexd.service" >"$work/odmcfg-kexd.service"
	sed "s|^ExecStart=.*/bin/odmcfg|ExecStart=$stage/bin/odmcfg|" \
		"$stage/lib/systemd/system/odmcfg-cfgmgr.service" >"$work/odmcfg-cfgmgr.service"
	for unit in apply watch save; do
		sed "s|=\(-*\)/.*/bin/odmcfg|=\1$stage/bin/odmcfg|" \
			"$stage/lib/systemd/system/odmcfg-$unit.service" >"$work/odmcfg-$unit.service"
	done
	cp "$stage/lib/systemd/system/"odmcfg-{kexd.socket,save.timer} "$work"
	systemd-analyze verify --man=no "$work"/odmcfg-{kexd,apply,watch,save}.service \
		"$work/odmcfg-save.timer" 2>"$work/err" ||
		fail "$(cat "$work/err")"
	grep odmcfg "$work/err" && fail "$(cat "$work/err")"
fi
true
