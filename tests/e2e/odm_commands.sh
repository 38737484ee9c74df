#!/bin/bash
# The odm commands by themselves, in a repository of their own.
. "$(dirname "$0")/lib.sh"
mkdir -p "$work/repository" && cd "$work/repository" || exit 1
export ODMDIR=$work/repository

cat >people.cre <<'END'
/* A class with every type. */
class Town { char name[32]; long population; };
struct Person {
	char name[16];
	short age;
	long64 wealth;
	vchar story[200];
	longchar notes[100];
	method hello;
	link Town Town name town;
}
index Person (name);
END
expect 0 odmcreate people
no_output
gcc -fsyntax-only -Wall -Wextra -Werror -I"$stage/include/odmcfg" people.c || fail "the source"
expect 1 odmcreate -c people.cre
error_has "the class exists already"

cat >all.add <<'END'
# A comment.
Person:
	name = "O'Neil"
	age = 42
	wealth = -9000000000
	story = "a \"quote\", a back\\slash,\ttab\nline \303\244"
	town=Cork
Person:
   name    = Ann
	age = "7"
	notes =
END
printf '\tstory = "over two\nlines"' >>all.add
expect 0 odmadd all.add
no_output
expect 0 odmget Person
cp "$work/out" first
[ "$(grep -c '^Person:' first)" = 2 ] || fail "two objects: $(cat first)"
expect 1 odmdelete -o Person </dev/null
error_has "--all"
cp -r . "$work/asked"
# On a terminal it asks. (Not every container has one to give.)
if script -qec true /dev/null >/dev/null 2>&1; then
	expect 1 script -qec "odmdelete -o Person" /dev/null <<<"n"
	output_has "Delete every object of Person? [y/N]"
	output_has "nothing was deleted"
	ODMDIR=$work/asked expect 0 script -qec "odmdelete -o Person" /dev/null <<<"y"
	output_has "0518-307 odmdelete: 2 objects deleted."
	ODMDIR=$work/asked expect 0 odmget Person
	no_output
fi
ODMCFG_STRICT_AIX=1 ODMDIR=$work/asked expect 0 odmdelete -o Town
expect 2 odmdelete -o Person -q "age=1" --all
expect 0 odmdelete -o Person --all
output_is <<<"0518-307 odmdelete: 2 objects deleted."
expect 0 odmadd first
expect 0 odmget Person
output_is <first

# query COUNT CRITERIA
query() {
	expect 0 odmget -q "$2" Person
	[ "$(grep -c '^Person:' "$work/out")" = "$1" ] || fail "not $1 objects: $2"
}
query 1 "name = Ann"
query 1 "name='O''Neil' and age=42"
query 1 "town=Cork AND wealth < 0"
query 2 "age >= '7'"
query 1 "name like A*"
query 1 "name LIKE ?nn"
query 1 "name like [!A]*"
query 0 "name = A*"
query 1 "age != 7"
expect 1 odmget -q "name = " Person
error_has "a value is missing"
expect 1 odmget -q "nosuch = 1" Person
error_has "no such descriptor"
no_output
expect 1 odmget -q "age = old" Person
error_has "the value is not"
expect 1 odmget Nosuch
error_has "the class does not exist"

printf 'Person:\n\tage = 8\n' | expect 0 odmchange -o Person -q "name=Ann"
query 1 "name=Ann and age=8 and story like over*"

# One bad stanza, and nothing of the files is added.
printf 'Town:\n\tname = Here\nTown:\n\tpopulation = many\n' >bad.add
expect 1 odmadd first bad.add
error_has "bad.add:4: population: the value is not a number"
expect 0 odmget Town
no_output
query 2 "age > 0"
printf 'Town:\n\tname = "%s"\n' "$(printf 'x%.0s' {1..32})" >long.add
expect 1 odmadd long.add
error_has "the value is too long"

expect 0 odmshow Person
output_has "link Town Town name town[32];"
grep -Eq 'population: +4 objects \(2 active, 2 deleted\)' "$work/out" || fail "population"
expect 0 odmdrop -o Person
expect 1 odmget Person

# A load leaves no long log behind, which every later command would have to read.
mkdir "$work/loaded"
cat >"$work/loaded/notes.cre" <<'END'
class Note { char name[16]; vchar text[256]; };
END
for i in $(seq 40000); do printf 'Note:\n\tname = n%d\n\ttext = %0200d\n' "$i" "$i"; done >"$work/notes.add"
export ODMDIR=$work/loaded
expect 0 odmcreate -c "$work/loaded/notes.cre"
expect 0 odmadd "$work/notes.add"
[ "$(stat -c %s "$work/loaded/odm.db-wal")" -lt 1000000 ] || fail "the log is long"
expect 0 odmget -q "name = n39999" Note
output_has 'name = "n39999"'
export ODMDIR=$work/repository

# A class that is not in ODMDIR is looked for along ODMPATH.
mkdir other
ODMDIR=$PWD/other expect 1 odmget Town
ODMDIR=$PWD/other ODMPATH=/nosuch:$PWD expect 0 odmget Town
