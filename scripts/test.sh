#!/bin/sh
# Installs what is missing, builds with AddressSanitizer and UndefinedBehaviorSanitizer, runs all
# tests. BUILD names the build folder, build-test by default.
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh

ensure_packages check util-linux
build=${BUILD:-build-test}
cmake -S . -B "$build" -DODMCFG_SANITIZE=ON -DODMCFG_TESTS=ON
cmake --build "$build" -j "$(nproc)"
ctest --test-dir "$build" --output-on-failure -j "$(nproc)"
