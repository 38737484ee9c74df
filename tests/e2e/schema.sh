#!/bin/bash
# Device types as files: checked, loaded, dumped.
. "$(dirname "$0")/lib.sh"
configured_machine
schemas=$stage/share/odmcfg/schemas

# What is installed is in order and loaded already: loading it again changes nothing.
expect 0 odmcfg schema check "$schemas"/*.cfg "$schemas"/linux/*.cfg
no_output
odmcfg log -n 1 >"$work/before"
expect 0 odmcfg schema load "$schemas"/*.cfg "$schemas"/linux/*.cfg
odmcfg log -n 1 | diff "$work/before" - || fail "the history has something"

# Every type is dumped so that it loads the same.
for type in $(lsdev -P -F class:subclass:type | tr : /); do
	expect 0 odmcfg schema dump "$type"
	cp "$work/out" "$work/dumped.cfg"
	expect 0 odmcfg schema check "$work/dumped.cfg"
	expect 0 odmcfg schema load "$work/dumped.cfg"
done
odmcfg log -n 1 | diff "$work/before" - || fail "a dump is not what was loaded"

# What alone says how the kernel keeps an attribute is loaded, too.
expect 0 odmcfg schema dump disk/loop/lxloop
sed '/read_ahead_kb"/,/keeps/s/keeps = 1/keeps = 0/' "$work/out" >"$work/dumped.cfg"
expect 0 odmcfg schema load "$work/dumped.cfg"
expect 0 odmget -q 'uniquetype = disk/loop/lxloop AND attribute = read_ahead_kb' PdKern
output_has "keeps = 0"
expect 0 odmcfg schema load "$schemas/linux/loop.cfg"

# An upgrade of a running database: a new default and a new attribute, customized values kept.
expect 0 chdev -l hdisk0 -P -a rw_timeout=60
sed -e 's/default = "30"/default = "45"/' -e 's/^attributes = (/&\n  { name = "colour"; default = "red"; values = "red,blue"; rep = "sl"; generic = "DU"; description = "Colour"; },/' \
	"$schemas/vdisk.cfg" >"$work/vdisk.cfg"
expect 0 odmcfg schema load "$work/vdisk.cfg"
expect 0 lsattr -El hdisk0 -a rw_timeout -F value
output_is <<<"60"
expect 0 lsattr -Dl hdisk0 -a rw_timeout -F value
output_is <<<"45"
expect 0 lsattr -El hdisk0 -a colour -F "value description"
output_is <<<"red Colour"
expect 0 odmcfg check
expect 0 lsdev -l hdisk0 -F status
output_is <<<"Available"

# Every mistake is named, and nothing of any file is loaded.
sed -e 's/default = "45"/default = "1000"/' -e 's/"blue"/"grey"/; s/rep = "sl"/rep = "q"/' \
	-e 's|/usr/lib/methods/cfgscdisk|/usr/lib/methods/nosuch|' "$work/vdisk.cfg" >"$work/bad.cfg"
expect 1 odmcfg schema check "$work/vdisk.cfg" "$work/bad.cfg"
error_has "bad.cfg:16: configure: there is no such method, /usr/lib/methods/nosuch"
sed -i 's|/usr/lib/methods/nosuch|/usr/lib/methods/cfgscdisk|' "$work/bad.cfg"
expect 1 odmcfg schema load "$work/bad.cfg" /nosuch.cfg
error_has "bad.cfg:25: colour: rep is one of"
error_has "rw_timeout = 1000: allowed is a number from 1 to 600"
error_has "/nosuch.cfg"
expect 0 lsattr -Dl hdisk0 -a rw_timeout -F value
output_is <<<"45"
for wrong in "" "check" "dump" "dump a b" "nosuch x" "load --all"; do
	expect 2 odmcfg schema $wrong
done
expect 1 odmcfg schema dump no/such/type
error_has "no/such/type: there is no such device type"

# PdAtXtd: lsattr -o lists its operations, check finds what makes no sense.
expect 0 odmadd <<'END'
PdAtXtd:
	uniquetype = "disk/scsi/vdisk"
	operation = "add_disk"
	operation_value = "mkdev -c disk"
	description = "Add a disk"
PdAtXtd:
	uniquetype = "disk/scsi/vdisk"
	attribute = "rw_timeout"
	classification = "B"
END
expect 0 odmcfg check
expect 0 lsattr -l hdisk0 -o add_disk -F "operation:operation_value"
output_is <<<"add_disk:mkdev -c disk"
expect 0 odmadd <<'END'
PdAtXtd:
	uniquetype = "disk/scsi/vdisk"
	attribute = "nosuch"
PdAtXtd:
	uniquetype = "disk/scsi/vdisk"
	attribute = "rw_timeout"
	classification = "X"
END
expect 1 odmcfg check
output_has "there is no such attribute"
output_has "the classification is none of B, A and R"
