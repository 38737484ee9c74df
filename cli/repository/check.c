/* odmcfg check [--repair]: whether the repository is sound, and the database makes sense. */
#include "cfgmethods/check.h"

#include <odmx.h>
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/json_output.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "history_common.h"

struct request {
	bool repair, json;
};

static const struct argument stored[] = {
	ARGUMENT_FLAG('r', struct request, repair), ARGUMENT_FLAG('j', struct request, json), {0}};

static void tell_damage(void)
{
	AUTO_FREE char *sentence = repository_damage();

	if (sentence != NULL)
		message("%s; odmcfg check --repair saves what can be read", sentence);
}

/* What contradicts itself behind a loss is not removed: it may be all that is left of a device. */
static int salvage(FILE *damage, FILE *contradictions)
{
	long lost = odm_salvage(damage);

	if (lost < 0) {
		tell_damage();
		return EXIT_FAILED;
	}
	int left = database_check(false, contradictions);
	device_command_checkpoint();
	return lost > 0 || left != 0 ? EXIT_FAILED : 0;
}

/* Nothing was written since the copy: putting it back loses nothing. */
static int take_copy(FILE *damage)
{
	long long time;
	AUTO_FREE char *copy = repository_newest_copy(&time);

	if (copy == NULL || odm_restore(copy, stderr) < 0)
		return EXIT_FAILED;
	device_command_checkpoint();
	foreign_printf(damage, "they are as in %s again; nothing is lost\n", copy);
	return 0;
}

/* The file itself: 0 when it is sound, EXIT_FAILED; or -1 and odmerrno when that is not known. */
static int check_file(bool repair, FILE *damage, FILE *contradictions, bool *repaired)
{
	int damaged = odm_check_integrity(false, damage);

	*repaired = false;
	if (damaged < 0 && odmerrno != ODMI_INVALID_CLASS)
		return -1;
	int differing = odm_compare_copy(damage);
	if (damaged == 0 && differing <= 0)
		return differing;
	if (!repair) {
		tell_damage();
		return EXIT_FAILED;
	}
	*repaired = true;
	return differing > 0 ? take_copy(damage) : salvage(damage, contradictions);
}

/* Writes what is wrong, a line each. Returns the exit status. */
static int check(bool repair, FILE *damage, FILE *contradictions)
{
	bool repaired;
	int status = check_file(repair, damage, contradictions, &repaired);

	if (status > 0 || repaired)
		return status;
	int left = status == 0 ? database_check(repair, contradictions) : -1;
	if (left >= 0)
		return left > 0 ? EXIT_FAILED : 0;
	repository_trouble_message();
	return EXIT_FAILED;
}

/* Adds an object for each line. False without memory. */
static bool add_lines(json_t *array, const char *kind, char *lines)
{
	for (char *line = strsep(&lines, "\n"); line != NULL; line = strsep(&lines, "\n")) {
		AUTO(json_release) json_t *object = json_object();
		if (*line == '\0')
			continue;
		if (!json_set(object, "kind", json_string(kind)) ||
			!json_set(object, "text", json_text(line)) ||
			json_array_append(array, object) < 0)
			return false;
	}
	return true;
}

static int check_as_json(bool repair)
{
	AUTO(json_release) json_t *array = json_array();
	AUTO_FREE char *damage = NULL, *contradictions = NULL;
	size_t length;
	FILE *first = open_memstream(&damage, &length);
	FILE *second = open_memstream(&contradictions, &length);
	bool opened = first != NULL && second != NULL;

	int status = opened ? check(repair, first, second) : EXIT_FAILED;
	if (first != NULL)
		fclose(first);
	if (second != NULL)
		fclose(second);
	bool added = opened && add_lines(array, "damage", damage) &&
		     add_lines(array, "contradiction", contradictions);
	return json_output(added ? array : NULL) ? status : EXIT_FAILED;
}

int check_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"repair", no_argument, NULL, 'r'}, {"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {
		"odmcfg check [--repair] [--json]", "h", options, stored, NULL};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (!repository_version_fits(request.repair))
		return EXIT_FAILED;
	if (request.repair && !history_lock())
		return EXIT_FAILED;
	return request.json ? check_as_json(request.repair) : check(request.repair, stdout, stdout);
}
