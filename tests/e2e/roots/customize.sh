# Sourced, with the commands of some build on the PATH, $roots being this folder.
#
# customize BUILD: makes a root and customizes it, by what the build of so many commits ago knows.
customize() {
	odmcfg init
	cp "$roots/machine.cfg" "$ODMCFG_ROOT/etc/machine.cfg"
	cfgmgr
	# An attribute that can be changed in use since; one for the next configuration; two adapters'.
	chdev -l tmscsi1 -a num_bufs=64
	chdev -l tmscsi1 -a num_bufs=128 -a buf_size=2048
	chdev -l scsi0 -a num_cmd_elems=20 -P
	chdev -l scsi1 -a max_xfer_size=0x20000 -P
	chdev -l hdisk0 -a rw_timeout=45
	# An adapter that is only defined, one with a name of its own, a device that is not in use.
	mkdev -d -c adapter -s vbus -t vscsi -p vbus0 -w 02
	mkdev -d -c adapter -s vbus -t vscsi -p vbus0 -w 03 -l spare
	rmdev -l hdisk1
	rmdev -l tmscsi0
	chdev -l tmscsi0 -a low_water=8 -P
	[ "$1" -gt 20 ] && return
	rendev -l tmscsi0 -n target0
	rendev -l hdisk1 -n archive
}
