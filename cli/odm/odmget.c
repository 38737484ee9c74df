/* odmget [-q Criteria] [--json] Class ...: prints objects as stanzas, or as JSON. */
#include <stdlib.h>

#include "cli/shared/arguments.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "odm_common.h"

/* How objects are printed. */
struct printing {
	bool json;
	bool first; /* nothing was printed yet */
};

static int print_object(struct printing *printing, CLASS_SYMBOL symbol, const void *object)
{
	if (!printing->json)
		return odm_write_stanza(symbol, object, stdout);
	fputs(printing->first ? "" : ",\n", stdout);
	printing->first = false;
	return odm_write_json(symbol, object, stdout);
}

static int print_class(const char *name, char *crit, struct printing *printing)
{
	CLASS_SYMBOL symbol = odm_command_class(name);
	if (symbol == NULL)
		return 1;
	AUTO_FREE void *object = malloc((size_t)symbol->structsize);
	if (object == NULL)
		return odm_command_fails("507", "There is not enough memory.");

	void *found = odm_get_first(symbol, crit, object);
	for (; found != NULL && found != ODM_FAILED; found = odm_get_next(symbol, object)) {
		int result = print_object(printing, symbol, object);
		odm_free_members(symbol, object);
		if (result < 0)
			return odm_command_fails("508", "Standard output can't be written.");
	}
	if (found != ODM_FAILED)
		return 0;
	odm_command_fails("507", "The objects of %s can't be retrieved.", name);
	odm_command_criteria(crit);
	return 1;
}

static const char usage[] = "odmget [-q Criteria] [--json] Class ...";

struct request {
	char *crit;
	struct printing printing;
};

static const struct argument stored[] = {ARGUMENT_TEXT('q', struct request, crit),
	ARGUMENT_FLAG('j', struct request, printing.json), {0}};

int odmget_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {usage, "q:", options, stored, NULL};
	static const struct operands classes = {"a class", 1, -1};
	struct request request = {.printing.first = true};

	int status = arguments_read_operands(argc, argv, &syntax, &request, &classes);
	if (status >= 0)
		return status;
	status = 0;
	if (!repository_version_fits(false))
		return EXIT_FAILED;
	fputs(request.printing.json ? "[" : "", stdout);
	for (int i = optind; i < argc && status == 0; i++)
		status = print_class(argv[i], request.crit, &request.printing);
	fputs(request.printing.json ? "]\n" : "", stdout);
	if (fflush(stdout) == 0 || status != 0)
		return status;
	return odm_command_fails("508", "Standard output can't be written.");
}
