#!/bin/sh
# initramfs-tools' hook: the list of what odmcfg has stored for the devices that the root file
# system needs. The script that writes it at the start is copied by initramfs-tools itself. What
# fails here fails no update of the initial RAM disk.
case "${1:-}" in
prereqs)
	exit 0
	;;
esac
command -v odmcfg >/dev/null || exit 0
mkdir -p "$DESTDIR/etc/odmcfg"
odmcfg export --boot "$DESTDIR/etc/odmcfg/boot.values" || {
	echo "odmcfg: the initial RAM disk has no values of the root file system's devices" >&2
	rm -f "$DESTDIR/etc/odmcfg/boot.values"
}
exit 0
