#!/bin/bash
# 200 random damages of each class, of other seeds each day.
export DAMAGES=${DAMAGES:-200}
export DAMAGES_SEED=${DAMAGES_SEED:-$(date +%Y%m%d)000}
exec "$(dirname "$0")/damages.sh" "$@"
