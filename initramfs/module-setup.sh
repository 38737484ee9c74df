#!/bin/bash
# dracut's module: the list of what odmcfg has stored for the devices that the root file system needs,
# and the script that writes it before that is mounted.

check() {
	command -v odmcfg >/dev/null
}

depends() {
	return 0
}

# What fails here fails no initial RAM disk.
install() {
	# shellcheck disable=SC2154
	mkdir -p "$initdir/etc/odmcfg"
	if odmcfg export --boot "$initdir/etc/odmcfg/boot.values"; then
		# shellcheck disable=SC2154
		inst_hook pre-mount 50 "$moddir/write-values.sh"
	else
		dwarn "odmcfg: there are no values of the root file system's devices"
		rm -f "$initdir/etc/odmcfg/boot.values"
	fi
	return 0
}
