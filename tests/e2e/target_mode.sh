#!/bin/bash
# Target mode by read, write and ioctl, as its manual page describes them.
. "$(dirname "$0")/lib.sh"
configured_machine
expect 0 "$5"
[ "$(counter tmscsi1.tm in_use)" = 0 ] || fail "buffers are left"

expect 0 odmcfg check
