/* At build time: makes the C source of a class-definition file, as odmcreate -h does. */
#include <odmx.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: genclasses FILE.cre DIRECTORY\n");
		return 2;
	}
	return odm_compile_file(argv[1], 0, ODM_MAKE_SOURCE, argv[2], stderr) < 0;
}
