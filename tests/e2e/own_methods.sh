#!/bin/bash
# Methods of other people: in C against the installed library, as the manual's examples are, in ksh
# and in Python. PdDv names them by path.
. "$(dirname "$0")/lib.sh"
mkdir "$work/methods" && cd "$work/methods" || exit 1
export PKG_CONFIG_PATH
PKG_CONFIG_PATH=$(dirname "$(find "$stage" -name odm.pc)")
flags="-Wall -Wextra -Werror"
if nm -D "$stage"/lib*/*/libodm.so.0 "$stage"/lib*/libodm.so.0 2>/dev/null | grep -q __asan; then
	flags="$flags -fsanitize=address,undefined"
fi

cat >cfgtoy.c <<'END'
#include <cf.h>
#include <odmi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *logical_name = NULL, criteria[128], *bad = NULL;
	struct CuDv device;
	struct PdDv type;
	struct CuAt *depth;
	int option, how_many, major_number, *minors;

	while ((option = getopt(argc, argv, "l:12")) != EOF)
		if (option == 'l')
			logical_name = optarg;
	if (logical_name == NULL)
		exit(E_LNAME);
	if (odm_initialize() == -1)
		exit(E_ODMINIT);
	snprintf(criteria, sizeof(criteria), "name='%s'", logical_name);
	if ((long)odm_get_first(CuDv_CLASS, criteria, &device) <= 0)
		exit(E_NOCuDv);
	if (device.status == AVAILABLE)
		exit(E_OK);
	snprintf(criteria, sizeof(criteria), "uniquetype='%s'", device.PdDvLn_Lvalue);
	if ((long)odm_get_first(PdDv_CLASS, criteria, &type) <= 0)
		exit(E_NOPdDv);
	depth = getattr(logical_name, "depth", FALSE, &how_many);
	if (depth == NULL || how_many != 1)
		exit(E_NOATTR);
	snprintf(criteria, sizeof(criteria), "depth=%s colour=red", depth->value);
	if (attrval(type.uniquetype, criteria, &bad) != 0) {
		fprintf(stderr, "not allowed: %s\n", bad);
		exit(E_BADATTR);
	}
	major_number = genmajor(device.ddins);
	minors = getminor(major_number, &how_many, logical_name);
	if (minors == NULL)
		minors = genminor(logical_name, major_number, -1, 2, 1, 2);
	if (major_number == -1 || minors == NULL || minors[0] % 2 != 0)
		exit(E_MINORNO);
	device.status = AVAILABLE;
	if (odm_change_obj(CuDv_CLASS, &device) == -1)
		exit(E_ODMUPDATE);
	odm_terminate();
	exit(E_OK);
}
END
# shellcheck disable=SC2046,SC2086
cc $flags -o cfgtoy cfgtoy.c $(pkg-config --cflags --libs odm cfg) || fail "cfgtoy.c does not compile"
export LD_LIBRARY_PATH
LD_LIBRARY_PATH=$(dirname "$(dirname "$(find "$stage" -name odm.pc)")")

cat >ucfgtoy <<'END'
#!/usr/bin/env ksh
# The name comes behind -l; printing is what odmget prints.
while getopts l: option; do
	[[ $option = l ]] && name=$OPTARG
done
[[ -n $name ]] || exit 2
typeset -i status=$(lsdev -Cl $name -F 'status:parent' | grep -c Available)
(( status )) || exit 0
print -- 'CuDv:\n\tstatus = 0' | odmchange -o CuDv -q "name=$name" || exit 20
END
cat >chgtoy <<'END'
#!/usr/bin/env python3
import getopt, subprocess, sys
flags = dict(getopt.getopt(sys.argv[1:], "l:a:p:w:PTU")[0])
name, value = flags["-a"].split("=", 1)
if not value.isdigit() or int(value) % 2:
    print(f"{name} = {value}: allowed is an even number", file=sys.stderr)
    sys.exit(7)
stanza = f'CuAt:\n\tname = {flags["-l"]}\n\tattribute = {name}\n\tvalue = "{value}"\n\tgeneric = DU\n\trep = nr\n\ttype = R\n'
subprocess.run(["odmdelete", "-o", "CuAt", "-q", f"name={flags['-l']} and attribute={name}"], stdout=subprocess.DEVNULL)
sys.exit(subprocess.run(["odmadd"], input=stanza, text=True).returncode)
END
chmod +x ucfgtoy chgtoy
expect 0 odmcfg init
expect 0 cfgmgr
odmadd <<END || fail "odmadd"
PdDv:
	type = toy
	class = toy
	subclass = sys
	prefix = toy
	DvDr = toydd
	Define = "/usr/lib/methods/define"
	Configure = "$work/methods/cfgtoy"
	Change = "$work/methods/chgtoy"
	Unconfigure = "$work/methods/ucfgtoy"
	Undefine = "/usr/lib/methods/undefine"
	uniquetype = "toy/sys/toy"

PdAt:
	uniquetype = "toy/sys/toy"
	attribute = depth
	deflt = 4
	values = "1-64,1"
	type = R
	generic = DU
	rep = nr

PdAt:
	uniquetype = "toy/sys/toy"
	attribute = colour
	deflt = red
	values = "red,green"
	type = R
	generic = D
	rep = sl
END
expect 0 mkdev -c toy
output_is <<<"toy0 Available"
expect 0 odmget -q "value3=toy0" CuDvDr
[ "$(grep -c devno "$work/out")" = 2 ] || fail "two minor numbers: $(cat "$work/out")"
expect 0 chdev -l toy0 -a depth=8
output_is <<<"toy0 changed"
expect 0 lsattr -El toy0 -a depth -F value
output_is <<<8
expect 1 chdev -l toy0 -a depth=9
error_has "Method error ($work/methods/chgtoy):"
error_has "0514-018 depth = 9: allowed is an even number"
expect 0 chdev -l toy0 -a depth=10 --dry-run
error_has "is not odmcfg's"
expect 0 rmdev -l toy0
output_is <<<"toy0 Defined"
expect 0 mkdev -l toy0
odmchange -o CuAt -q "name=toy0" <<<'CuAt:
	value = 99'
expect 0 rmdev -l toy0
expect 1 mkdev -l toy0
error_has "not allowed: depth"
expect 0 rmdev -dl toy0
expect 0 odmcfg check
