#!/bin/bash
# The version of the device classes and types rises when one of them changes: roots that are there
# are upgraded then. usage: contents_version.sh SOURCE-FOLDER
#
# tests/contents_versions has a line for each version: its number, and the sum of the files.
cd "$1" || exit 1
number=$(sed -n 's/^#define CONTENTS_VERSION //p' cfgmethods/contents.h)
# Comments and blank lines are nothing to a root.
sum=$(cat schemas/*.cre schemas/*.cfg schemas/linux/*.cfg schemas/linux/tunables/*.cfg | sed -E 's/^[[:space:]]*#.*//' | grep -v '^[[:space:]]*$' | sha256sum | cut -c1-16)
[ "$(tail -n 1 tests/contents_versions)" = "$number $sum" ] && exit 0
echo "schemas/ is not what version $number was when it was entered: raise CONTENTS_VERSION in" >&2
echo "cfgmethods/contents.h and append its line to tests/contents_versions:" >&2
echo "$((number + 1)) $sum" >&2
exit 1
