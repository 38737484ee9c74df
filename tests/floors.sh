#!/bin/bash
# Dependencies point down only: what each folder may include, of the others and of public headers.
# usage: floors.sh SOURCE-FOLDER
cd "$1" || exit 1
status=0

# may FOLDER "FOLDERS" "PUBLIC HEADERS THAT IT MAY NOT"
may() {
	local line
	while read -r line; do
		echo "$line: $1 may include ${2:-nothing} beside itself" >&2
		status=1
	done < <(grep -rnE --include='*.[ch]' '^#include "[a-z_.]+/' "$1" |
		grep -vE "#include \"($(basename "$1")${2:+|${2// /|}})/")
	while read -r line; do
		echo "$line: $1 is below that" >&2
		status=1
	done < <(grep -rnE --include='*.[ch]' "^#include <($3)>" "$1")
}

database="odmi\.h|odmx\.h|cf\.h|sys/cfgdb\.h|sys/cfgodm\.h"
may base "" "$database|kex\.h"
no_device="kex\.h|cf\.h|sys/cfg.*"
may odm/include "" "$no_device"
may odm/storage "base" "$no_device"
may odm/catalogue "base storage" "$no_device"
may odm/objects "base storage catalogue" "$no_device"
may odm/transactions "base storage catalogue objects" "$no_device"
may odm/writing "base storage catalogue objects transactions" "$no_device"
may odm/history "base storage catalogue objects transactions" "$no_device"
may odm/tools "base storage catalogue objects transactions writing" "$no_device"
may cfgmethods "base sysfs ethtool" "none"
may cli "base cfgmethods" "none"
may cli/shared "base cfgmethods" "none"
families="devices configure paths odm repository host machine target_mode watch"
for family in $families; do
	may cli/$family "base cfgmethods cli/shared" "none"
done
# What the commands share goes in one direction: no file of it needs, by others, itself.
grep -roE '^#include "[a-z_]+\.h"' cli/shared | sed -E 's|.*/(.*)\.[ch]:.*"(.*)\.h"|\1 \2|' |
	tsort >/dev/null || status=1
may drivers/wire "base" "$database"
may drivers/processor "base" "$database"
may drivers/services "base wire processor" "$database"
may drivers/scsi "base processor services" "$database"
may drivers/skeleton "services" "$database"
may drivers/worker "base wire processor services scsi" "$database"
may drivers/kexd "base wire" "$database"
may drivers/client "base wire" "$database"
may drivers/devfs "base" "$database"
may drivers/bus "base" "$database"
may drivers/sysfs "base" "$database|kex\.h"
may drivers/ethtool "base" "$database|kex\.h"
may drivers/adapter "" "$database|kex\.h"
for extension in vbus vscsi iscsi tmscsi scdisk sdidisk; do
	may drivers/$extension "adapter base bus dds" "$database|kex\.h"
done
# A new folder has to find its floor.
for file in odm/*.[ch]; do
	[ ! -e "$file" ] || { echo "$file is on no floor" >&2 && status=1; }
done
for folder in odm/*/; do
	grep -q "^may ${folder%/} " tests/floors.sh || { echo "$folder has no floor" >&2 && status=1; }
done
for folder in drivers/*/; do
	folder=$(basename "$folder")
	[ "$folder" = include ] || [ "$folder" = dds ] || [[ " vbus vscsi iscsi tmscsi scdisk sdidisk " == *" $folder "* ]] ||
		grep -q "^may drivers/$folder " tests/floors.sh || { echo "drivers/$folder has no floor" >&2 && status=1; }
done
for folder in cli/*/; do
	folder=$(basename "$folder")
	[[ " $families shared completion " == *" $folder "* ]] ||
		{ echo "cli/$folder has no floor" >&2 && status=1; }
done
exit $status
