#!/bin/sh
# transfer.sh ODMCFG BENCH [GiB]: the transfer benchmark, so much five times, in a root of its own.
set -e
odmcfg=$1 bench=$2 size=${3:-1}
ODMCFG_ROOT=$(mktemp -d)
export ODMCFG_ROOT
trap '"$odmcfg" kexd --stop --force >/dev/null; rm -rf "$ODMCFG_ROOT"' EXIT
"$odmcfg" init >/dev/null
"$odmcfg" cfgmgr
"$odmcfg" rmdev -Rl scsi0 >/dev/null
"$odmcfg" chdev -l scsi0 -a max_xfer_size=0x800000 >/dev/null
"$odmcfg" chdev -l tmscsi1 -a num_bufs=4096 >/dev/null
"$odmcfg" cfgmgr
"$bench" "$size"
