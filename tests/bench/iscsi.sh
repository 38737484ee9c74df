#!/bin/bash
# iscsi.sh STAGE [ROUNDS]: reads of an iSCSI disk through the adapter driver, and by libiscsi alone, in
# turn; medians, and what the driver's is of the floor's.
. "$(dirname "$0")/../e2e/lib.sh"
. "$(dirname "$0")/../e2e/iscsi_lib.sh"
rounds=${2:-5}
here=$(cd "$(dirname "$0")" && pwd)
cp -a "$stage" "$work/installed"
eval "$("$work/installed/bin/odmcfg" env)"
unset ODMCFG_KEXD_STRICT
make_unit 1 64M
start_target
gcc -std=c17 -D_GNU_SOURCE -O2 -fPIC -shared -I"$work/installed/include/odmcfg" \
	-o "$work/installed/lib/odmcfg/drivers/watch.so" "$here/iscsi_reader.c" || exit 1
gcc -std=c17 -D_GNU_SOURCE -O2 -o "$work/floor" "$here/iscsi_floor.c" -liscsi || exit 1
expect 0 odmcfg init
: >"$ODMCFG_ROOT/etc/machine.cfg"
expect 0 odmcfg schema load "$here/../../docs/example/watch.cfg"
expect 0 cfgmgr
use_target poll_interval=0
expect 0 mkdev -c watch -s scsi -t watch -p iscsi0 -w 0,1 -a scsi_id=0 -a lun_id=1
expect 0 odmcfg devfs
for _ in $(seq "$rounds"); do
	"$work/floor" "127.0.0.1:$port" $target_name 1 >>"$work/floors" || exit 1
	dd if="$ODMCFG_ROOT/dev/watch0" bs=4k count=1 status=none >>"$work/ours" || exit 1
done
median() { awk -v c="$2" '{ print $c }' "$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
column=0
for what in "4 KiB, depth 1 (time at most 1.30)" "4 KiB, depth 32 (rate at least 0.80)" "1 MiB (rate at least 0.80)"; do
	column=$((column + 1))
	floor=$(median "$work/floors" $column) ours=$(median "$work/ours" $column)
	awk -v w="$what" -v f="$floor" -v o="$ours" 'BEGIN {
		printf "READ(10) %s: %.1f us, libiscsi alone %.1f us: time %.2f, rate %.2f\n", w, o / 1000, f / 1000, o / f, f / o }'
done
