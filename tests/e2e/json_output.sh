#!/bin/bash
# What each command prints with --json is valid by the installed schema file, and says the same as the
# listing. A command that takes --json and is not here fails the test. Skipped (77) without python3-jsonschema.
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
python=/usr/bin/python3
$python -c 'import jsonschema' 2>/dev/null || exit 77
schema=$stage/share/odmcfg/output.schema.json

cat >"$work/valid.py" <<'PYTHON'
# usage: valid.py SCHEMA DEFINITION <JSON
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
if sys.argv[2] not in schema["$defs"]:
    sys.exit("no definition of " + sys.argv[2])
value = json.loads(sys.stdin.read())
jsonschema.Draft202012Validator(dict(schema, **{"$ref": "#/$defs/" + sys.argv[2]})).validate(value)
print(len(value))
PYTHON

# valid STATUS DEFINITION COMMAND...: and it is remembered that the command is tested.
valid() {
	local status=$1 definition=$2
	shift 2
	expect "$status" "$@"
	$python "$work/valid.py" "$schema" "$definition" <"$work/out" >"$work/count" 2>"$work/why" ||
		fail "$*: $(tail -n 5 "$work/why") -- $(head -c 600 "$work/out")"
	[ "$1" = odmcfg ] && shift
	echo "$1" >>"$work/tested"
}
# As before, and the value is not empty.
filled() {
	valid "$@"
	[ "$(cat "$work/count")" -gt 0 ] || fail "$*: nothing is listed"
}
# has PYTHON: an expression of v, the value that the last command printed, is true.
has() {
	$python -c "import json, sys; v = json.load(sys.stdin); sys.exit(not ($1))" <"$work/out" ||
		fail "not $1: $(head -c 600 "$work/out")"
}

valid 1 kexd odmcfg kexd --status --json
has 'v == {"state": "stopped"}'

configured_machine
filled 0 lsdev lsdev --json
filled 0 lsdev lsdev -P --json
valid 0 lsdev lsdev -c tape --json
has 'v == []'
filled 0 lsparent lsparent -k scsi --json
filled 0 lsconn lsconn -p scsi0 --json
valid 0 lsslot lsslot -c pci --json
expect 0 odmcfg backup --keep
filled 0 backup odmcfg backup --list --json
has 'v[0]["good"]'
filled 0 lscfg lscfg --json
filled 0 lscfg lscfg -v -l hdisk0 --json
filled 0 lsattr lsattr -El tmscsi1 --json
filled 0 lsattr lsattr -El lo0 --json
filled 0 lsattr lsattr -E --origin -l tmscsi1 --json
valid 0 lsattr lsattr --pending -l tmscsi1 --json
filled 0 lsattr lsattr -D -c tmscsi -s scsi -t tmscsi --json
filled 0 lsattr-R lsattr -Rl tmscsi1 -a num_bufs --json
has 'v == {"attribute": "num_bufs", "lowest": "16", "highest": "4096", "step": "1"}'
expect 0 lsattr -Rl tmscsi1 -a num_bufs
output_is <<<"16...4096 (+1)"
filled 0 chdef chdef --json
filled 0 chdev chdev -l tmscsi1 -a num_bufs=512 --dry-run --json
filled 0 genkex genkex --json
valid 0 edt odmcfg edt --json
expect 0 mkdev -c disk -s scsi -t sdidisk -p scsi0 -w 0,0
filled 0 edt odmcfg edt --json
filled 0 kexstat odmcfg kexstat --json
has '{d["device"] for d in v} >= {"scsi0", "tmscsi0.im", "tmscsi1.tm"}'
filled 0 kexstat odmcfg kexstat -F "device process" --json
valid 1 kexstat odmcfg kexstat -l 'no*' --json
has 'v == []'
filled 0 tmstat odmcfg tmstat --json
valid 0 kexd odmcfg kexd --status --json
has 'v["state"] == "running" and v["devices"] > 3'

# The history: what was changed, by whom, from what to what.
expect 0 chdev -l tmscsi1 -a num_bufs=512
expect 0 odmcfg undo
filled 0 log odmcfg log --json
filled 0 log odmcfg log -n 1 --json
has 'len(v) == 1 and v[0]["undoes"] == v[0]["id"] - 1'
filled 0 log odmcfg log -l tmscsi1 -n 2 --json
has 'v[1]["command"] == "chdev -l tmscsi1 -a num_bufs=512" and "undone_by" in v[1]'
has 'any(c["class"] == "CuAt" and c["new"]["value"] == "512" for c in v[1]["changes"])'
valid 0 log odmcfg log -l nosuch0 --json
has 'v == []'
filled 0 diff odmcfg diff --json 0
expect 0 chdev -l tmscsi1 -a num_bufs=64
last=$(odmcfg log -n 1 --json | $python -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])')
expect 0 chdev -l tmscsi1 -a num_bufs=128
filled 0 diff odmcfg diff --json "$last"
has 'any(c["kind"] == "changed" and "value" in c["differs"] and c["old"]["value"] == "64" and c["new"]["value"] == "128" for c in v)'

valid 0 check odmcfg check --json
has 'v == []'
printf 'CuAt:\n\tname = "gone0"\n\tattribute = "x"\n\tvalue = "1"\n' >"$work/orphan"
expect 0 odmadd "$work/orphan"
filled 1 check odmcfg check --json
has 'v[0]["kind"] == "contradiction" and "gone0" in v[0]["text"]'
filled 0 check odmcfg check --repair --json
filled 0 odmget odmget --json CuDv CuVPD
filled 0 odmshow odmshow --json CuDv
has 'v["class"] == "CuDv" and any(d["type"] == "link" and d["linked_class"] == "PdDv" for d in v["descriptors"])'

filled 0 schema-dump odmcfg schema dump --json tmscsi/scsi/tmscsi
has 'v["class"] == "tmscsi" and any(a["name"] == "num_bufs" and a["default"] for a in v["attributes"])'
expect 0 odmcfg schema dump tmscsi/scsi/tmscsi
cp "$work/out" "$work/type.cfg"
valid 0 schema-check odmcfg schema check --json "$work/type.cfg"
has 'v == []'
sed -i 's/prefix/perfix/' "$work/type.cfg"
filled 1 schema-check odmcfg schema check --json "$work/type.cfg" /nonexistent/x
has 'v[0]["file"].endswith("/type.cfg") and v[0]["line"] > 0 and "perfix" in v[0]["text"]'
has 'v[-1]["file"] == "/nonexistent/x" and v[-1]["text"].endswith("No such file or directory")'

# The host's trace and log.
expect 0 odmcfg trace
expect 0 odmcfg scsifault -l scsi1 fatal
expect 0 odmcfg trace --stop
filled 0 trcrpt odmcfg trcrpt --json
has 'len({r["hook"] for r in v}) > 0'
valid 0 trcrpt odmcfg trcrpt -d 7ff --json
has 'v == []'
logged() { odmcfg errpt | grep -q 'ADAPTER FAILED'; }
await logged
filled 0 errpt odmcfg errpt --json
has 'any(e["label"] == "SCSI_ERR1" and e["type"] == "PERM" and e["class"] == "H" for e in v)'
valid 0 errpt odmcfg errpt -J NOSUCH --json
has 'v == []'
expect 0 odmcfg kexd --stop --force

# Paths, and lists of a described machine.
rm -r "${ODMCFG_ROOT:?}"
expect 0 odmcfg init --machine "$stage/share/odmcfg/schemas/machines/power.cfg"
expect 0 cfgmgr
filled 0 lspath lspath --json
filled 0 lspath lspath -F "name path_id path_status status" --json
filled 0 lsattr lspath -A -E -l hdisk3 -i 0 --json
filled 0 lsattr-R lspath -A -R -a priority -l hdisk3 -i 0 --json
filled 0 lsattr-R lsattr -Rl hdisk0 -a q_type --json
has 'v["values"] == ["none", "simple", "ordered"]'
filled 0 lscfg lscfg -v --json

# This machine's own: the kernel's list, drift, import.
# shellcheck source=tests/e2e/made_tree.sh
. "$(dirname "$0")/made_tree.sh"
make_tree "$work/sys"
echo "host = \"$tree\";" >"$work/machine.cfg"
rm -r "${ODMCFG_ROOT:?}"
expect 0 odmcfg init --machine "$work/machine.cfg"
expect 0 cfgmgr
filled 0 lsattr-R lsattr -Rl hdisk0 -a scheduler --json
has 'v["values"] == ["none", "mq-deadline", "kyber", "bfq"]'
expect 0 chdev -l hdisk0 -a read_ahead_kb=512
echo 128 >"$tree/block/vda/queue/read_ahead_kb"
filled 1 drift odmcfg drift --json
has 'v[0]["attribute"] == "read_ahead_kb"'
expect 0 odmcfg export "$work/values"
filled 0 import odmcfg import "$work/values" --dry-run --json

# None is forgotten. odmadd reads JSON, and lists nothing.
for command in $(odmcfg --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
	odmcfg help "$command" | grep -q -e '--json' || continue
	[ "$command" = odmadd ] || grep -qx "$command" "$work/tested" || fail "the JSON of $command is not tested"
done
for command in lsdev lsattr lscfg lsparent lsconn lspath chdef genkex odmshow odmget kexstat edt errpt log diff \
	check kexd trcrpt schema drift tmstat; do
	odmcfg help $command | grep -q -e '--json' || fail "$command has no --json"
done
