#!/bin/sh
# At the start, before the root file system is mounted: gives its devices the values that odmcfg had
# stored when the initial RAM disk was made. Run by initramfs-tools, read by dracut; $odmcfg_root is
# for tests. An equal value is not written: some writes wait until the device's queue is empty.
case "${1:-}" in
prereqs)
	exit 0
	;;
esac
[ ! -r "${odmcfg_root:-}/etc/odmcfg/boot.values" ] || while read -r odmcfg_path odmcfg_value; do
	case $odmcfg_path in
	/sys/*) ;;
	*) continue ;;
	esac
	# The path may have a * for a number that is another one at this start.
	for odmcfg_file in "${odmcfg_root:-}"$odmcfg_path; do
		odmcfg_now=
		[ ! -r "$odmcfg_file" ] || read -r odmcfg_now <"$odmcfg_file" || :
		case " $odmcfg_now " in
		" $odmcfg_value " | *" [$odmcfg_value] "*) continue ;;
		esac
		{ [ -w "$odmcfg_file" ] && echo "$odmcfg_value" >"$odmcfg_file"; } 2>/dev/null ||
			echo "odmcfg: $odmcfg_file does not take $odmcfg_value" >&2
	done
done <"${odmcfg_root:-}/etc/odmcfg/boot.values"
