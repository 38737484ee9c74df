#!/bin/bash
# What odmcreate writes compiles without a warning as C and C++, and runs with the installed library.
. "$(dirname "$0")/lib.sh"
mkdir "$work/repository" && cd "$work" || exit 1
export ODMDIR=$work/repository PKG_CONFIG_PATH
PKG_CONFIG_PATH=$(dirname "$(find "$stage" -name odm.pc)")
flags="$(pkg-config --cflags odm) -Wall -Wextra -Wshadow -Wpedantic -Werror"
# A library with sanitizers wants a program with them.
if nm -D "$stage"/lib*/*/libodm.so.0 "$stage"/lib*/libodm.so.0 2>/dev/null | grep -q __asan; then
	flags="$flags -fsanitize=address,undefined"
fi

cat >classes.cre <<'END'
/* Both head keywords, a tail with and without semicolon, every type, both forms of a link. */
#define NAME 24
struct Make {
	char name[NAME];
	short class;
	vchar new[100];
}
class Car {
	char plate[NAME];
	longchar story[200];
	vchar owner[64];
	short doors;
	long kilometres;
	long64 metres;
	int64 template;
	ODM_LONG_LONG atoms;
	binary serial[4];
	method start;
	link Make Make name make;
	link Make Make name previous[32];
};
index Car (plate);
END
expect 1 odmcreate classes
error_has "classes.cre:4: a size from 1 to 65536 expected, not 'NAME'"
expect 0 odmcreate -p classes
no_output
[ -f classes.h ] && [ -f classes.c ] || fail "no source"
expect 0 odmshow Car
output_has "link Make Make name make[24];"
output_has "link Make Make name previous[32];"
output_has "/* offset: 0x18 ( 24) */"

cat >program.c <<'END'
#include "classes.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
#define MEMBER(name) ____##name
#else
#define MEMBER(name) name
#endif
#define FAILED ((void *)-1)

int main(void)
{
	struct Make make;
	struct Car car, *list;
	struct listinfo info;
	char owner[] = "Anna", any[] = "", crit[] = "plate = 'AB 1'", path[] = ".";
	char *message;

	if (odm_initialize() < 0)
		return 1;
	memset(&make, 0, sizeof(make));
	memset(&car, 0, sizeof(car));
	strcpy(make.name, "Trabant");
	make.MEMBER(class) = 7;
	strcpy(car.plate, "AB 1");
	strcpy(car.make_Lvalue, "Trabant");
	car.owner = owner;
	car.atoms = 1LL << 60;
	car.MEMBER(template) = -1;
	memcpy(car.serial, "\0\1\2\3", 4);
	if (odm_add_obj(Make_CLASS, &make) < 1 || odm_add_obj(Car_CLASS, &car) < 1)
		return 2;
	list = get_Car_list(Car_CLASS, crit, &info, 1, 2);
	if (list == (struct Car *)FAILED || info.num != 1 || strcmp(info.classname, "Car") != 0)
		return 3;
	if (list->make == NULL || list->make_info->num != 1 || list->make->MEMBER(class) != 7 ||
		list->previous != NULL || memcmp(list->serial, "\0\1\2\3", 4) != 0)
		return 4;
	printf("%s %s %lld %s\n", list->plate, list->owner, list->atoms, list->make->name);
	if (odm_free_list((struct Car *)list, &info) < 0)
		return 5;
	if (odm_rm_obj(Car_CLASS, any) != 1 || odm_rm_obj(Make_CLASS, any) != 1)
		return 6;
	if (odm_get_by_id(Car_CLASS, 99, &car) != FAILED || odmerrno != ODMI_NO_OBJECT ||
		odm_err_msg(odmerrno, &message) < 0)
		return 7;
	printf("%s", message);
	if (odm_lock(path, ODM_NOWAIT) < 1)
		return 8;
	return odm_terminate() < 0 ? 9 : 0;
}
END
libraries="$(pkg-config --libs odm) -Wl,-rpath,$(dirname "$(find "$stage" -name libodm.so.0)")"
ran=0
for compiler in "gcc -std=c17" "gcc -std=gnu89 -Wno-pedantic -Wno-long-long" "clang -std=c17" \
	"g++ -x c++ -std=c++17" "clang++ -x c++ -std=c++17"; do
	command -v "${compiler%% *}" >/dev/null || continue
	expect 0 $compiler $flags -fsyntax-only program.c classes.c
	# Its sanitizers are not the library's.
	[ "${compiler#clang}" = "$compiler" ] || [ "${flags%sanitize*}" = "$flags" ] || continue
	expect 0 $compiler $flags -o program program.c classes.c $libraries
	expect 0 ./program
	output_is <<-'END'
		AB 1 Anna 1152921504606846976 Trabant
		0519-003 libodm: no object has that identifier.
	END
	ran=$((ran + 1))
done
[ $ran -ge 2 ] || fail "no compilers"

# Mistakes are found with their line, and nothing is made.
mistake() {
	printf '%s\n' "$2" >wrong.cre
	expect 1 odmcreate wrong.cre
	error_has "$1"
	[ ! -e wrong.h ] || fail "source of a mistake"
}
mistake "wrong.cre:1: the class has a descriptor A already" "class A { char a[3]; short A; };"
mistake "wrong.cre:1: the class has a descriptor _id already" "class A { long _id; };"
mistake "wrong.cre:1: odm_x can't be a class" "class odm_x { long a; };"
mistake "a name that is no keyword of C expected, not 'int'" "class A { long int; };"
mistake "';' expected, not '}'" "class A { long a }"
mistake "class, struct or index expected, not 'union'" "union A { long a; };"
mistake "a descriptor of the class expected, not ')'" "class A { long a; }; index A (b);"
expect 1 odmcreate nosuch
error_has "nosuch.cre: No such file or directory"
expect 2 odmcreate -c -h classes
