/* odmchange -o Class [-q Criteria] [File]: changes what a stanza names in all that matches. */
#include <errno.h>
#include <string.h>

#include "base/message.h"
#include "cli/shared/arguments.h"
#include "commands.h"
#include "odm_common.h"

/* The stanza is read once for each object: what can't be rewound is copied first. */
static FILE *seekable(FILE *file)
{
	char bytes[2048];
	size_t length;
	FILE *copy = tmpfile();

	while (copy != NULL && (length = fread(bytes, 1, sizeof(bytes), file)) > 0)
		if (fwrite(bytes, 1, length, copy) != length)
			break;
	if (copy != NULL)
		rewind(copy);
	return copy;
}

static const char usage[] = "odmchange -o Class [-q Criteria] [File]";

struct request {
	const char *class_name;
	char *crit;
};

static const struct argument stored[] = {ARGUMENT_TEXT('o', struct request, class_name),
	ARGUMENT_TEXT('q', struct request, crit), {0}};

int odmchange_main(int argc, char **argv)
{
	static const struct syntax syntax = {usage, "o:q:", NULL, stored, NULL};
	static const struct operands files = {"a file", 0, 1};
	struct request request = {0};

	int status = arguments_read_operands(argc, argv, &syntax, &request, &files);
	if (status >= 0)
		return status;
	const char *class_name = request.class_name;
	char *crit = request.crit;
	if (class_name == NULL)
		return usage_mistake(usage, "the class is missing: -o Class");
	CLASS_SYMBOL symbol = odm_command_open(class_name, true);
	if (symbol == NULL)
		return EXIT_FAILED;

	const char *name = optind < argc ? argv[optind] : "standard input";
	AUTO_FCLOSE FILE *named = optind < argc ? fopen(name, "r") : NULL;
	if (optind < argc && named == NULL) {
		message("%s: %s", name, strerror(errno));
		return 1;
	}
	AUTO_FCLOSE FILE *file = seekable(named != NULL ? named : stdin);
	if (file == NULL) {
		message("%s: %s", name, strerror(errno));
		return 1;
	}
	if (odm_change_stanza(symbol, crit, file, name, stderr) >= 0)
		return 0;
	odm_command_fails("004", "Nothing was changed in %s.", class_name);
	if (crit != NULL)
		odm_command_criteria(crit);
	return 1;
}
