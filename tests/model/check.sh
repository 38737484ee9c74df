#!/bin/sh
# check.sh MODEL DIRECTORY holds|fails [-D...]: looks at every interleaving of a model, by spin. A
# model with a mistake put in has to fail: one that finds nothing there would prove nothing.
set -e
command -v spin >/dev/null || exit 77
model=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
mkdir -p "$2" && cd "$2"
outcome=$3
shift 3
spin -a "$@" "$model"
cc -O2 -DSAFETY -DCOLLAPSE -DVECTORSZ=2048 -o pan pan.c
./pan -m1000000 >report
cat report
if [ "$outcome" = fails ]; then
	grep -q "errors: [1-9]" report
	exit
fi
grep -q "errors: 0" report
if grep -q "max search depth too small" report; then
	exit 1
fi
