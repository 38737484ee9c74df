#!/bin/sh
# discovery.sh BENCH MAKE_TREE [DISKS]: the benchmark of the scan, with a made tree of so many disks.
set -e
bench=$1 make_tree=$2 disks=${3:-2000}
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
"$make_tree" "$tree" "$disks"
"$bench" "$tree"
