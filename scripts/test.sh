#!/bin/sh
# Installs what is missing; builds what is installed, as the README has it; builds with
# AddressSanitizer and UndefinedBehaviorSanitizer and runs all tests but the proofs, which take an
# hour (ctest -L proof); then what reads foreign input under clang's fuzzer, a minute each. BUILD
# names the build folder, build-test by default; FUZZ_SECONDS=0 leaves the fuzzer out.
set -eu
cd "$(dirname "$0")/.."
. scripts/packages.sh

ensure_packages check util-linux iproute2 g++ mandoc umockdev clang clang-tidy libclang-rt-dev ksh \
	python3 python3-jsonschema bash-completion tmux spin tgt binutils
build=${BUILD:-build-test}
cmake -S . -B "$build-release" -DODMCFG_TESTS=OFF
cmake --build "$build-release" -j "$(nproc)"
cmake -S . -B "$build" -DODMCFG_SANITIZE=ON -DODMCFG_TESTS=ON
cmake --build "$build" -j "$(nproc)"
ctest --test-dir "$build" --output-on-failure -LE proof -j "$(nproc)"

seconds=${FUZZ_SECONDS:-60}
[ "$seconds" -gt 0 ] || exit 0
cmake -S . -B "$build-fuzz" -DCMAKE_C_COMPILER=clang -DODMCFG_FUZZ=ON -DODMCFG_TESTS=OFF \
	-DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DFUZZ_SECONDS="$seconds"
cmake --build "$build-fuzz" -j "$(nproc)"
git ls-files 'base/*.c' 'odm/*.c' 'cfgmethods/*.c' 'cli/*.c' 'drivers/*.c' |
	xargs -P "$(nproc)" -n 16 clang-tidy -p "$build-fuzz" --quiet
ctest --test-dir "$build-fuzz" --output-on-failure -j "$(nproc)"
