#!/bin/bash
# Whose root it is: root follows nobody's links, and uses no directory and no method that others may
# write. Needs root, to become somebody else; skipped (77) for anybody else.
[ "$(id -u)" -eq 0 ] || exit 77
. "$(dirname "$0")/lib.sh"
chmod 755 "$work"
victim=$work/victim
echo kept >"$victim"
untouched() { [ "$(cat "$victim")" = kept ] || fail "written through a link: $*"; }

# A root that belongs to another user, full of links.
mkdir -p "$ODMCFG_ROOT"/{run,log,etc,objrepos,special,dev}
for file in run/kexd.pid run/kexd.lock log/kexd.log etc/machine.cfg.new run/change.vbus0 \
	special/scsi0.new objrepos/config_lock; do
	ln -s "$victim" "$ODMCFG_ROOT/$file"
done
chown -hR 65534:65534 "$ODMCFG_ROOT"
for command in "odmcfg init" cfgmgr "mkdev -l scsi0" lsdev; do
	expect 1 $command
	error_has "$ODMCFG_ROOT: it belongs to user nobody"
	untouched "$command"
done

# One of its directories only.
chown 0:0 "$ODMCFG_ROOT"
expect 1 odmcfg init
error_has "it belongs to user nobody"
untouched
rm -rf "$ODMCFG_ROOT"

# One that everybody may write.
configured_machine
expect 0 odmcfg kexd --stop
chmod 777 "$ODMCFG_ROOT"
expect 1 cfgmgr
error_has "$ODMCFG_ROOT: it can be written by everybody, and is not used by root so; chmod go-w it"
chmod 755 "$ODMCFG_ROOT"
chmod 777 "$ODMCFG_ROOT/run"
expect 1 cfgmgr
error_has "$ODMCFG_ROOT/run: it can be written by everybody"
chmod 755 "$ODMCFG_ROOT/run"

# Links in a root of one's own are not followed, either.
for file in run/kexd.pid run/kexd.lock log/kexd.log; do
	mv "$ODMCFG_ROOT/$file" "$work/aside" 2>/dev/null
	ln -s "$victim" "$ODMCFG_ROOT/$file"
	expect 1 cfgmgr
	error_has "$file: it is a symbolic link, where a file is expected; remove it"
	untouched "$file"
	rm "$ODMCFG_ROOT/$file"
	[ ! -e "$work/aside" ] || mv "$work/aside" "$ODMCFG_ROOT/$file"
done
expect 0 cfgmgr

# A user's root is nobody else's business.
mkdir "$work/own" && chown 65534:65534 "$work/own"
mine=$ODMCFG_ROOT
export ODMCFG_ROOT=$work/own/root
expect 0 as_nobody odmcfg init
expect 0 as_nobody cfgmgr
expect 0 as_nobody odmcfg kexd --stop
expect 1 lsdev
error_has "it belongs to user nobody"
export ODMCFG_ROOT=$mine

# A method that others may write, or replace.
mkdir "$work/methods"
printf '#!/bin/sh\ntouch %s/ran\n' "$work" >"$work/methods/configure"
chmod 755 "$work/methods/configure"
sed "s#configure = \"[^\"]*\"#configure = \"$work/methods/configure\"#" \
	"$stage/share/odmcfg/schemas/mem.cfg" >"$work/mem.cfg"
expect 0 odmcfg schema load "$work/mem.cfg"
expect 0 mkdev -c memory -s sys -t totmem -p sys0 -w 0
[ -e "$work/ran" ] || fail "the method did not run"
rm "$work/ran"
expect 0 odmcfg check
# refused TEXT
refused() {
	expect 1 mkdev -l mem0
	error_has "$work/methods/configure is not run: it $1"
	[ ! -e "$work/ran" ] || fail "run as root"
	expect 1 odmcfg check
	output_has "the method $work/methods/configure $1"
	expect 1 odmcfg check --repair
	expect 0 odmget -q "uniquetype=memory/sys/totmem" PdDv
	output_has totmem
}
chmod 777 "$work/methods/configure"
refused "can be written by everybody"
chmod 755 "$work/methods/configure"
chown 65534 "$work/methods/configure"
refused "belongs to user nobody"
chown 0 "$work/methods/configure"
chmod 777 "$work/methods"
refused "is in a directory that others may write"
chmod 755 "$work/methods"
expect 0 odmcfg check
expect 0 mkdev -l mem0
