#!/bin/bash
# Manual pages: mandoc accepts each, and every routine and command of the ODM has one.
# usage: manuals.sh SOURCE-FOLDER. Skipped (77) without mandoc.
command -v mandoc >/dev/null || exit 77
cd "$1" || exit 1
status=0
for page in docs/man/man?/*; do
	grep -q '^\.so ' "$page" && continue
	mandoc -Tlint -W warning "$page" || status=1
	grep -q '^\.Sh EXAMPLES' "$page" || { echo "$page has no example" && status=1; }
done
routines=$(grep -oh '\bodm_[a-z_]*(' odm/include/*.h | tr -d '(' | grep -v -e errno_location -e _visitor -e _notice | sort -u)
for routine in $routines; do
	[ -f "docs/man/man3/$routine.3" ] || { echo "$routine has no page" && status=1; }
done
for command in odmadd odmget odmchange odmdelete odmcreate odmdrop odmshow savebase restbase \
	odmcfg-{log,undo,diff,check,backup,restore,schema}; do
	[ -f "docs/man/man1/$command.1" ] || { echo "$command has no page" && status=1; }
done
devices="lsdev lsattr lsparent lsconn lscfg lspath chdev mkdev rmdev cfgmgr chpath mkpath rmpath rendev chdef genkex prtconf lsslot bootinfo"
host="boot kexd kexstat tmstat tmrecv tmsend devfs kexcheck watch init drift apply confirm export import getconf"
for command in $devices odmcfg-{edt,errpt,scsifault,trace,trcrpt} $(printf 'odmcfg-%s ' $host); do
	[ -f "docs/man/man1/$command.1" ] || { echo "$command has no page" && status=1; }
done
# Each command of the table has a page, and is in that of the program.
for entry in $(sed -nE 's/^\t\{"([a-z]+)", .*COMMAND_(AIX|OWN),.*/\1:\2/p; s/^\t\{"([a-z]+)", .*COMMAND_(AIX|OWN),$/\1:\2/p' cli/commands.c | sort -u); do
	name=${entry%:*}
	[ "${entry#*:}" = AIX ] || name=odmcfg-$name
	[ -f "docs/man/man1/$name.1" ] || { echo "$name has no page" && status=1; }
	grep -q "^\.It Xr $name 1" docs/man/man1/odmcfg.1 || { echo "odmcfg(1) does not name $name" && status=1; }
done
# man -k finds what a newcomer looks for, and each page: where man-db is installed by its own reading of the NAME sections.
found=$(mktemp -d)
cp -r docs/man "$found" && makewhatis "$found/man" && for page in "odmcfg(1)" "odmcfg(7)" "odmcfg-tmstat(1)"; do
	mapropos -M "$found/man" odmcfg | grep -qF "$page" || { echo "man -k odmcfg: no $page" && status=1; }
done
rm -r "$found"
if command -v lexgrog >/dev/null; then
	for page in docs/man/man?/*; do
		lexgrog "$page" >/dev/null || { echo "$page: man -k does not find it" && status=1; }
	done
fi
# Every option that a usage names is in the page.
for command in $devices $host; do
	page=docs/man/man1/$command.1
	[ -f "$page" ] || page=docs/man/man1/odmcfg-$command.1
	for option in $(sed -n '/char usage\[\]/,/;/p' cli/*/"$command.c" | grep -oE -- '[[{| ]--?[a-zA-Z-]+' | tr -d '[{| ' | sort -u); do
		grep -qE "(Fl|\|) ([a-zA-Z] \| )*$(sed 's/^-//; s/^h$/./' <<<"$option")\b" "$page" ||
			{ echo "$command $option is not in its page" && status=1; }
	done
done
for routine in $(grep -oE '\b[a-z]+\(' cfgmethods/include/cf.h | tr -d '(' | grep -v -e odm_ -e kex_ -e cf_error | sort -u); do
	[ -f "docs/man/man3/$routine.3" ] || { echo "$routine has no page" && status=1; }
done
for link in $(grep -l '^\.so ' docs/man/man?/*); do
	[ -f "docs/man/$(sed 's/^\.so //' "$link")" ] || { echo "$link leads nowhere" && status=1; }
done
exit $status
