#!/bin/bash
# The faults of transfer_faults.sh, at fifty moments each.
MOMENTS=50 exec "$(dirname "$0")/transfer_faults.sh" "$@"
