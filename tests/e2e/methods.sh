#!/bin/bash
# Methods as functions and as programs give the same; anybody's program can be a method.
. "$(dirname "$0")/lib.sh"

story() {
	expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/power.cfg"
	expect 0 cfgmgr -f
	expect 0 cfgmgr
	expect 0 chdev -l tmscsi1 -a num_bufs=64
	expect 1 chdev -l tmscsi1 -a num_bufs=9
	expect 1 rmdev -l scsi0
	expect 0 rmdev -Rl scsi0
	expect 0 mkdev -l scsi0
	expect 0 rmdev -dl hdisk0
	expect 0 cfgmgr -l scsi0
	expect 0 chdev -l hdisk3 -a queue_depth=16 -P
	expect 0 chdev -l hdisk3 -a rw_timeout=40 -U
	expect 0 chdev -l ent0 -a jumbo_frames=yes -P
	expect 1 chdev -l ent0 -a jumbo_frames=no -T
	expect 0 rmdev -l en0
	expect 0 chdev -l ent0 -a flow_ctrl=no -T
	expect 0 chdev -l sys0 -a maxuproc=256
	expect 0 mkdev -Sl rmt0
	expect 0 rmdev -Rl fscsi1
	expect 0 rmdev -Rdl fcs1
	expect 0 mkdev -c adapter -s pciex -t df1000fe -p pci2 -w 01
	expect 1 mkdev -c adapter -s pciex -t df1000fe -p pci2 -w 01
	expect 0 mkdev -l rmt0
	expect 0 rendev -l rmt0 -n tape0
	for class in CuDv CuAt CuDvDr CuRun CuVPD CuPath CuPathAt; do
		odmget $class
	done >"$1"
}
story "$work/functions"
odmcfg kexd --stop >/dev/null
rm -rf "$ODMCFG_ROOT"
ODMCFG_EXEC_METHODS=1 story "$work/programs"
diff "$work/functions" "$work/programs" >&2 || fail "programs give another database"

# A type whose methods are a shell script, entered by odmadd.
cat >"$work/method" <<'END'
#!/bin/sh
case $(basename "$0") in
define) odmadd <<STANZA
CuDv:
	name = "toy0"
	PdDvLn = "toy/none/toy"
STANZA
	echo "toy0 " ;;
configure) printf 'CuDv:\n\tstatus = 1\n' | odmchange -o CuDv -q "name=toy0" ;;
unconfigure) echo "the toy is stuck" >&2; exit 16 ;;
esac
END
chmod +x "$work/method"
for verb in define configure unconfigure; do
	ln -s method "$work/$verb"
done
expect 0 odmadd <<END
PdDv:
	type = toy
	class = toy
	subclass = none
	prefix = toy
	Define = "$work/define"
	Configure = "$work/configure"
	Unconfigure = "$work/unconfigure"
	uniquetype = "toy/none/toy"
END
expect 0 mkdev -c toy
output_is <<<"toy0 Available"
expect 1 rmdev -l toy0
error_has "Method error ($work/unconfigure):"
error_has "0514-062 the toy is stuck"
expect 1 chdev -l toy0 -a x=1
error_has "does not support this operation"
