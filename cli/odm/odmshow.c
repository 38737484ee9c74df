/* odmshow Class: prints a class as odmcreate reads it, with sizes and population. */
#include "base/foreign.h"
#include "cli/shared/arguments.h"
#include "cli/shared/json_output.h"
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

/* NULL without memory. */
static json_t *descriptor_json(const struct ClassElem *elem)
{
	AUTO(json_release) json_t *object = json_object();
	bool is_link = elem->type == ODM_LINK;

	bool ok = json_set(object, "name", json_text(elem->elemname)) &&
		  json_set(object, "type", json_string(is_link ? "link" : keyword(elem->type))) &&
		  json_set(object, "size", json_integer(elem->size)) &&
		  json_set(object, "offset", json_integer(elem->offset));
	if (ok && is_link)
		ok = json_set(object, "linked_class", json_text(elem->linked_class)) &&
		     json_set(object, "linked_descriptor", json_text(elem->linked_column));
	return ok ? json_incref(object) : NULL;
}

static bool print_json(CLASS_SYMBOL symbol, long active, long deleted)
{
	AUTO(json_release) json_t *object = json_object();
	AUTO(json_release) json_t *descriptors = json_array();
	bool ok = json_set(object, "class", json_text(symbol->classname)) &&
		  json_set(object, "structure_size", json_integer(symbol->structsize)) &&
		  json_set(object, "active", json_integer(active)) &&
		  json_set(object, "deleted", json_integer(deleted));

	for (int i = 0; i < symbol->nelem && ok; i++)
		ok = json_array_append_new(descriptors, descriptor_json(&symbol->elem[i])) == 0;
	ok = ok && json_set(object, "descriptors", json_incref(descriptors));
	return json_output(ok ? object : NULL);
}

struct request {
	bool json;
};

static const struct argument stored[] = {ARGUMENT_FLAG('j', struct request, json), {0}};

int odmshow_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {"odmshow [--json] Class", "h", options, stored, NULL};
	static const struct operands class_name = {"the class", 1, 1};
	struct request request = {0};
	long active, deleted;

	int status = arguments_read_operands(argc, argv, &syntax, &request, &class_name);
	if (status >= 0)
		return status;
	CLASS_SYMBOL symbol = odm_command_open(argv[optind], false);
	if (symbol == NULL)
		return EXIT_FAILED;
	if (odm_population(symbol, &active, &deleted) < 0)
		return odm_command_fails("602", "%s can't be read.", argv[optind]);

	if (request.json)
		return print_json(symbol, active, deleted) ? 0 : EXIT_FAILED;
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
