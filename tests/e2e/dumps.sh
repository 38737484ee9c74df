#!/bin/bash
# Dumps as AIX's odmget prints them are loaded and print back the same, and people's own ways to
# write stanzas are understood.
. "$(dirname "$0")/lib.sh"
dumps=$(cd "$(dirname "$0")/dumps" && pwd)
mkdir "$work/repository" && cd "$work/repository" || exit 1
export ODMDIR=$work/repository
expect 0 odmcreate -c "$stage/share/odmcfg/schemas/cfgodm.cre"
expect 0 odmcreate -c "$dumps/others"

for class in CuDv CuAt; do
	expect 0 odmadd "$dumps/$class.add"
	no_output
	expect 0 odmget $class
	output_is <"$dumps/$class.add"
done
expect 0 odmadd "$dumps/others.add"
expect 0 odmget CuDvDr lpp sm_cmd_opt
cmp "$work/out" "$dumps/others.add" || fail "the other classes"

# Criteria from working procedures.
found() {
	local count=$1
	shift
	expect 0 odmget "$@"
	[ "$(grep -c ':$' "$work/out")" = "$count" ] || fail "not $count: $*"
}
found 1 -q "resource='devno' and value3='hdisk0'" CuDvDr
found 1 -q "name=hdisk0 and attribute=unique_id" CuAt
found 1 -q "name = hdisk0 AND attribute = pvid" CuAt
found 1 -q "PdDvLn=disk/fcp/mpioapdisk" CuDv
found 1 -q "lpp_id=551 and name=rpm.rte and ver=4 and rel=13 and mod=0 and fix=10" lpp
found 2 -q "name like hd?" CuDv
found 1 -q "value=net,-hopcount,0,,0,192.168.1.254" CuAt
found 1 -q "status='1' and name LIKE hdisk*" CuDv
found 0 -q "name = hdisk*" CuDv

# From one repository to another, by a pipe.
mkdir "$work/other"
ODMDIR=$work/other expect 0 odmcreate -c "$stage/share/odmcfg/schemas/cfgodm.cre"
odmget CuDv CuAt | ODMDIR=$work/other odmadd || fail "the pipe"
odmget CuDv CuAt >"$work/here"
ODMDIR=$work/other expect 0 odmget CuDv CuAt
output_is <"$work/here"

# Unquoted values, an empty one, no newline at the end; a partial stanza on standard input.
printf 'CuAt:\n    name = sys0\n  attribute=syscons\n\tvalue = /dev/tty0\n\ttype= R\n\tgeneric =\n\trep=s' |
	expect 0 odmadd
expect 0 odmget -q "name=sys0" CuAt
output_has 'value = "/dev/tty0"'
output_has 'generic = ""'
output_has 'nls_index = 0'
printf 'CuAt:\n\tvalue=10' | expect 0 odmchange -o CuAt -q name=sys0
expect 0 odmget -q "name=sys0 and value=10" CuAt
output_has 'attribute = "syscons"'
# With the line ends of another system, a joined line, a number in quotes.
printf 'CuAt:\r\n\tname = "dos"\r\n\tnls_index = "6"\r\n\tvalue = one \\\r\n two\r\n' | expect 0 odmadd
expect 0 odmget -q "name=dos" CuAt
output_has 'value = "one  two"'
output_has 'nls_index = 6'
printf 'CuAt:\n\tname = "\\000"\n' | expect 1 odmadd
error_has "standard input:2: name: the value has a NUL byte"
printf 'CuAt:\n\tname = a\0b\n' | expect 1 odmadd
error_has "a NUL byte"

# JSON there and back, with bytes that are not UTF-8.
odmget --json CuDv CuAt CuDvDr lpp sm_cmd_opt >"$work/json"
python=$(command -v python3) && { "$python" -m json.tool <"$work/json" >/dev/null || fail "no JSON"; }
grep -q '"text": {"hex": "' "$work/json" || fail "8-bit text"
mkdir "$work/third"
export ODMDIR=$work/third
expect 0 odmcreate -c "$stage/share/odmcfg/schemas/cfgodm.cre"
expect 0 odmcreate -c "$dumps/others"
expect 0 odmadd --json "$work/json"
expect 0 odmget lpp sm_cmd_opt
cmp <(sed 1,6d "$dumps/others.add") "$work/out" || fail "what came back from JSON"
expect 0 odmget --json CuDv CuAt CuDvDr lpp sm_cmd_opt
output_is <"$work/json"
echo '[{"CuDv": {"name": "x"}}, {"CuDv": {"nosuch": 1}}]' >"$work/bad"
expect 1 odmadd --json "$work/bad"
error_has "bad:1: nosuch: the class has no such descriptor"
echo '[{"CuDv": {"name": "x"},}]' | expect 1 odmadd --json
error_has "standard input:1: not JSON"
expect 0 odmget -q name=x CuDv
no_output
