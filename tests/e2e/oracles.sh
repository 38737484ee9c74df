#!/bin/bash
# What the manual says of an adapter's operations, asked by a driver beside the adapter.
. "$(dirname "$0")/lib.sh"
configured_machine
expect 0 "$3" "$6" scsi1 none
expect 0 odmcfg kexstat -l oracles0
expect 0 "$3" "$6" term
[ "$(grep -c 'KEX_[A-Z]* oracles' "$ODMCFG_ROOT/log/kexd.log")" = 0 ] || fail "the log"
