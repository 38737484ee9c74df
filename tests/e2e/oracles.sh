#!/bin/bash
# What the manual says of an adapter's operations, asked by a driver beside the adapter.
. "$(dirname "$0")/lib.sh"
configured_machine
expect 0 "$3" "$6" scsi1 none
expect 0 odmcfg kexstat -l oracles0
expect 0 "$3" "$6" term
expect 0 odmcfg errpt -a -N oracles0
output_has "SCSI_ERR3"
output_has "detail data abcd"
expect 0 odmcfg errpt -j 12345678
output_has "oracles0"
[ "$(grep -c 'KEX_[A-Z]* oracles' "$ODMCFG_ROOT/log/kexd.log")" = 0 ] || fail "the log"
