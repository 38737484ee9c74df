#!/bin/bash
# The installed tree can be moved, and programs can be written against it.
. "$(dirname "$0")/lib.sh"
cp -a "$stage" "$work/odd \$x"
ln -s "$work/odd \$x" "$work/moved"
PATH=/usr/bin:/bin
eval "$("$work/odd \$x/bin/odmcfg" env)"
[ "$(command -v cfgmgr)" = "$work/odd \$x/libexec/odmcfg/cfgmgr" ] || fail "$(command -v cfgmgr)"
configured_machine
grep -q . "$ODMCFG_ROOT/log/kexd.log" || fail "no kexd"

# A relative root is that of the directory it was used in, for kexd too.
expect 0 odmcfg kexd --stop
cd "$(dirname "$ODMCFG_ROOT")" && ODMCFG_ROOT=root expect 0 cfgmgr
expect 0 odmcfg kexd --status

cat >"$work/program.c" <<'END'
#include <cf.h>
#include <kex.h>
#include <stdio.h>
int main(void)
{
	int count;
	struct CuAt *attribute = getattr("scsi1", "id", FALSE, &count);
	struct kex_device *devices;
	printf("%s %zd\n", attribute != NULL ? attribute->value : "none", kex_devices(&devices));
	return 0;
}
END
export PKG_CONFIG_PATH=$work/moved/lib/pkgconfig
# shellcheck disable=SC2046
gcc -o "$work/program" "$work/program.c" $(pkg-config --cflags --libs cfg odm kex) \
	$(objdump -p "$work/moved/lib/libcfg.so" | grep -q asan && echo -fsanitize=address,undefined) ||
	fail "the program does not compile"
ASAN_OPTIONS=detect_leaks=0 LD_LIBRARY_PATH=$work/moved/lib expect 0 "$work/program"
output_is <<<"6 8"
