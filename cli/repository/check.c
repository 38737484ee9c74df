/* odmcfg check [--repair]: whether the repository is sound, and the database makes sense. */
#include "cfgmethods/check.h"

#include <getopt.h>
#include <odmx.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cli/shared/device_command.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "history_common.h"

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

int check_main(int argc, char **argv)
{
	static const char usage[] = "odmcfg check [--repair]";
	static const struct option options[] = {{"repair", no_argument, NULL, 'r'}, {0}};
	bool repair = false;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'r')
			return usage_error(usage);
		repair = true;
	}
	if (!no_operands(argc, argv))
		return usage_error(usage);
	if (!repository_version_fits(repair))
		return EXIT_FAILED;
	if (repair && !history_lock())
		return EXIT_FAILED;
	return check(repair, stdout, stdout);
}
