/* odmcfg schema check | load FILE ..., odmcfg schema dump UNIQUETYPE: device types as files. */
#include "cfgmethods/schema.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/file_check.h"
#include "cli/shared/suggestion.h"
#include "commands.h"
#include "schema_json.h"

static const char usage[] = "odmcfg schema check [--json] File ...\n"
			    "       odmcfg schema load File ...\n"
			    "       odmcfg schema dump [--json] Uniquetype";

struct request {
	bool json;
	char *const *operands;
	size_t count;
};

static const struct argument stored[] = {ARGUMENT_FLAG('j', struct request, json), {0}};

/* Every mistake is a line of its own. */
static int report(char *mistakes)
{
	AUTO_FREE char *lines = mistakes;
	char *rest = lines;

	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n"))
		message("%s", line);
	return mistakes != NULL ? EXIT_FAILED : 0;
}

static int load(const struct request *request)
{
	char *mistakes = schema_load(request->operands, request->count);

	if (mistakes == NULL)
		printf("%zu device types loaded\n", request->count);
	return report(mistakes);
}

static int check(const struct request *request)
{
	char *mistakes = schema_check(request->operands, request->count);

	if (!request->json)
		return report(mistakes);
	AUTO_FREE char *lines = mistakes;
	if (!schema_print_mistakes(lines, request->operands, request->count))
		return EXIT_FAILED;
	return lines != NULL ? EXIT_FAILED : 0;
}

static int dump(const struct request *request)
{
	if (!request->json)
		return report(schema_dump(request->operands[0], stdout));
	AUTO_FREE char *text = NULL;
	size_t length;
	FILE *memory = open_memstream(&text, &length);
	if (memory == NULL) {
		message("there is not enough memory");
		return EXIT_FAILED;
	}
	char *mistakes = schema_dump(request->operands[0], memory);
	fclose(memory);
	if (mistakes != NULL)
		return report(mistakes);
	return schema_print_type(text) ? 0 : EXIT_FAILED;
}

struct action {
	const char *name;
	int (*function)(const struct request *request);
	bool of_files, changes;
};

static const struct action *find_action(const char *name)
{
	static const struct action actions[] = {{"check", check, true, false},
		{"load", load, true, true}, {"dump", dump, false, false}};
	struct suggestion suggestion = {.word = name};

	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++) {
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
		suggestion_consider(&suggestion, actions[i].name);
	}
	if (suggestion.nearest != NULL)
		message("schema does not know '%s'; did you mean %s?", name, suggestion.nearest);
	else
		message("schema does not know '%s': it checks, loads or dumps", name);
	return NULL;
}

/* A file that is not there is told before the repository is asked for; of several, with the others.
 */
static bool file_there(const struct request *request)
{
	return request->count > 1 || file_is_there(request->operands[0]);
}

int schema_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {usage, "h", options, stored, NULL};
	static const struct operands words = {"check, load or dump", 1, -1};
	struct request request = {0};

	int status = arguments_read_operands(argc, argv, &syntax, &request, &words);
	if (status >= 0)
		return status;
	const struct action *action = find_action(argv[optind]);
	if (action == NULL)
		return usage_error(usage);
	request.operands = argv + optind + 1;
	request.count = (size_t)(argc - optind - 1);
	if (request.count == 0)
		return usage_mistake(usage, "%s is missing",
			action->of_files ? "a file" : "the uniquetype, Class/Subclass/Type");
	if (!action->of_files && request.count > 1)
		return usage_mistake(usage, "'%s' is one word too many", request.operands[1]);
	if (request.json && action->changes)
		return usage_mistake(usage, "load lists nothing: it has no --json");
	if (action->of_files && !file_there(&request))
		return EXIT_FAILED;
	return device_command_begin(action->changes) ? action->function(&request) : EXIT_FAILED;
}
