/* odmshow Class: prints a class as odmcreate reads it, with sizes and population. */
#include <getopt.h>

#include "base/foreign.h"
#include "commands.h"
#include "odm_common.h"

static const char *keyword(int type)
{
	static const char *const words[] = {[ODM_CHAR] = "char",
		[ODM_LONGCHAR] = "longchar",
		[ODM_VCHAR] = "vchar",
		[ODM_SHORT] = "short",
		[ODM_LONG] = "long",
		[ODM_LONG_LONG] = "long64",
		[ODM_BINARY] = "binary",
		[ODM_METHOD] = "method"};

	return words[type];
}

static void print_descriptor(const struct ClassElem *elem)
{
	char text[256];

	if (elem->type == ODM_LINK)
		snprintf(text, sizeof(text), "link %s %s %s %s[%d];", elem->linked_class,
			elem->linked_class, elem->linked_column, elem->elemname, elem->size);
	else if (elem->size > 0 && elem->type != ODM_METHOD)
		snprintf(text, sizeof(text), "%s %s[%d];", keyword(elem->type), elem->elemname,
			elem->size);
	else
		snprintf(text, sizeof(text), "%s %s;", keyword(elem->type), elem->elemname);
	foreign_printf(stdout, "\t%-50s /* offset: 0x%x (%3d) */\n", text, (unsigned)elem->offset,
		elem->offset);
}

int odmshow_main(int argc, char **argv)
{
	static const char usage[] = "odmshow Class";
	long active, deleted;

	if (getopt(argc, argv, "") != -1 || argc - optind != 1)
		return usage_error(usage);
	CLASS_SYMBOL symbol = odm_command_open(argv[optind], false);
	if (symbol == NULL)
		return EXIT_FAILED;
	if (odm_population(symbol, &active, &deleted) < 0)
		return odm_command_fails("602", "%s can't be read.", argv[optind]);

	foreign_printf(stdout, "class %s {\n", symbol->classname);
	for (int i = 0; i < symbol->nelem; i++)
		print_descriptor(&symbol->elem[i]);
	printf("};\n/*\n\tdescriptors:      %d\n", symbol->nelem);
	printf("\tstructure size:   0x%x (%d) bytes\n", (unsigned)symbol->structsize,
		symbol->structsize);
	printf("\tdata offset:      0x%x\n", (unsigned)(3 * sizeof(long)));
	printf("\tpopulation:       %ld objects (%ld active, %ld deleted)\n*/\n", active + deleted,
		active, deleted);
	return 0;
}
