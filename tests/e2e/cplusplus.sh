#!/bin/bash
# Installed headers in C++: each alone, by g++ and clang++, without a warning; and a program that includes
# those of drivers and readers links with libkex and finds the host.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
PKG_CONFIG_PATH=$(dirname "$(find "$(realpath "$stage")" -name kex.pc)")
export PKG_CONFIG_PATH
flags="$(pkg-config --cflags kex cfg odm) -Wall -Wextra -Werror"
include=$stage/include/odmcfg
headers=$(cd "$include" && ls ./*.h sys/*.h)
for wanted in sys/sdi.h sys/scsi.h sys/buf.h sys/intr.h sys/tmscsi.h ./tm_reader.h ./kex.h ./cf.h ./odmi.h; do
	grep -qxF "$wanted" <<<"$headers" || fail "$wanted is not installed"
done
ran=0
for compiler in "g++ -std=c++17" "clang++ -std=c++17"; do
	command -v "${compiler%% *}" >/dev/null || continue
	for header in $headers; do
		printf '#include <%s>\n#include <%s>\nint main() { return 0; }\n' "$header" "$header" >"$work/one.cpp"
		# shellcheck disable=SC2086
		expect 0 $compiler $flags -fsyntax-only "$work/one.cpp"
	done
	ran=$((ran + 1))
done
[ $ran -gt 0 ] || fail "no C++ compiler is there"

cat >"$work/host.cpp" <<'CPPEOF'
#include <kex.h>
#include <cstdio>
#include <sys/buf.h>
#include <sys/intr.h>
#include <sys/scsi.h>
#include <sys/sdi.h>
#include <sys/tmscsi.h>
#include <tm_reader.h>

// The same layout as in C: the driver writes it.
static_assert(sizeof(KEX_ATOMIC(uint32_t)) == 4 && sizeof(KEX_ATOMIC(uint64_t)) == 8, "words");
static_assert(offsetof(tm_queue, filled) == 64 && offsetof(tm_queue, emptied) == 128 &&
		offsetof(tm_queue, entries) == 192,
	"the queue");

int main()
{
	kexd_status status = {};
	if (kexd_query(&status) < 0 || status.state != KEXD_RUNNING)
		return 1;
	kex_file *file = kex_open("tmscsi1.tm", 0);
	if (file == nullptr)
		return 2;
	tm_reader *reader = tm_reader_create(file);
	if (reader == nullptr)
		return 3;
	tm_data data;
	bool more = tm_reader_next(reader, &data);
	tm_reader_free(reader);
	kex_close(file);
	std::printf("%u devices, %s\n", status.devices > 3 ? 4 : status.devices, more ? "data" : "none");
	return 0;
}
CPPEOF
cat >"$work/layout.c" <<'CEOF'
#include <stddef.h>
#include <sys/tmscsi.h>
_Static_assert(offsetof(struct tm_queue, filled) == 64 && offsetof(struct tm_queue, emptied) == 128 &&
		offsetof(struct tm_queue, entries) == 192, "the queue");
int main(void) { return 0; }
CEOF
# shellcheck disable=SC2086
expect 0 g++ -std=c++20 $flags -fsyntax-only "$work/host.cpp"
# shellcheck disable=SC2086
expect 0 gcc -std=c17 $flags -fsyntax-only "$work/layout.c"
# The libraries' own sanitizers have to be the program's, too.
sanitizers=
nm -D "$(find "$stage" -name 'libkex.so*' | head -1)" | grep -q __asan_init && sanitizers=-fsanitize=address,undefined
configured_machine
# shellcheck disable=SC2086,SC2046
expect 0 g++ -std=c++17 $flags $sanitizers -o "$work/host" "$work/host.cpp" $(pkg-config --libs kex) \
	-Wl,-rpath,"$(dirname "$(find "$(realpath "$stage")" -name 'libkex.so*' | head -1)")"
expect 0 "$work/host"
output_is <<<"4 devices, none"
