/* odmcfg init: makes the root's directories, the repository with the device classes, the types. */
#include <glob.h>
#include <stdint.h>
#include <string.h>

#include "base/message.h"
#include "base/root_file.h"
#include "cfgmethods/contents.h"
#include "cfgmethods/machine.h"
#include "cfgmethods/schema.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/repository_trouble.h"
#include "commands.h"
#include "machine_file.h"

static bool make_directory(enum root_directory directory)
{
	AUTO_CLOSE int fd = root_directory_open(directory, true);

	if (fd < 0)
		message("%s", root_file_reason());
	return fd >= 0;
}

static bool make_classes(void)
{
	AUTO_FREE char *file = install_path(INSTALL_SCHEMAS, "cfgodm.cre");

	if (file != NULL &&
		odm_compile_file(file, 0, ODM_MAKE_CLASSES | ODM_UPGRADE_CLASSES, ".", stderr) == 0)
		return true;
	message("the device classes can't be created: %s", odm_error_text(odmerrno));
	return false;
}

static bool load_schemas(void)
{
	AUTO_FREE char *pattern = install_path(INSTALL_SCHEMAS, "*.cfg");
	AUTO_FREE char *linux_pattern = install_path(INSTALL_SCHEMAS, "linux/*.cfg");
	AUTO(globfree) glob_t files = {0};

	if (pattern == NULL || linux_pattern == NULL || glob(pattern, 0, NULL, &files) != 0 ||
		glob(linux_pattern, GLOB_APPEND, NULL, &files) != 0) {
		message("no schemas are installed: %s", pattern != NULL ? pattern : "");
		return false;
	}
	AUTO_FREE char *mistake = schema_load(files.gl_pathv, files.gl_pathc);
	if (mistake != NULL) {
		message("%s", mistake);
		return false;
	}
	printf("%zu device types loaded\n", files.gl_pathc);
	return true;
}

/* The rules that cfgmgr starts from; those that are there are kept as they are. */
static bool enter_rule(short phase, short seq, const char *program)
{
	/* The library does not write to it. */
	struct Config_Rules rule = {.phase = phase, .seq = seq, .rule = (char *)(uintptr_t)program};
	struct Config_Rules other;

	int found =
		find_object(Config_Rules_CLASS, &other, "phase = %d AND rule = %s", phase, program);
	if (found == 1)
		odm_free_members(Config_Rules_CLASS, &other);
	if (found == 1 || (found == 0 && odm_add_obj(Config_Rules_CLASS, &rule) >= 0))
		return true;
	message("Config_Rules can't be written: %s", odm_error_text(odmerrno));
	return false;
}

static bool enter_rules(void)
{
	return enter_rule(1, 1, "/usr/lib/methods/defsys") &&
	       enter_rule(2, 1, "/usr/lib/methods/defsys") &&
	       enter_rule(2, 10, "/usr/lib/methods/defif") &&
	       enter_rule(3, 1, "/usr/lib/methods/defsys");
}

/* Classes, types and rules, and then what customized objects have copies of. */
static bool fill_repository(bool upgrades)
{
	if (!make_classes() || !load_schemas() || !enter_rules())
		return false;
	if ((!upgrades || contents_renew() == 0) && odm_set_contents_version(CONTENTS_VERSION) == 0)
		return true;
	message("the repository can't be written: %s", odm_error_text(odmerrno));
	return false;
}

/* In one transaction: the repository has all of it or none, after a crash, too. */
static bool fill_at_once(bool upgrades)
{
	if (odm_begin() < 0) {
		message("the repository can't be written: %s", odm_error_text(odmerrno));
		return false;
	}
	if (!fill_repository(upgrades)) {
		odm_rollback();
		return false;
	}
	if (odm_commit() == 0)
		return true;
	message("the repository can't be written: %s", odm_error_text(odmerrno));
	return false;
}

/* Undo does not go back to an older version: odmcfg restore of this file does. */
static bool keep_older(void)
{
	AUTO_FREE char *file = root_path(ROOT_OBJREPOS, "before-upgrade.db");

	return file != NULL && odm_backup(file, stderr) == 0;
}

/* An upgrade is no entry of the history: undo is for what users changed. */
static bool upgrade(int version)
{
	if (!keep_older())
		return false;
	int before = odm_pause_history(true);
	bool upgraded = fill_at_once(true);
	odm_pause_history(before);
	if (upgraded)
		printf("the repository was upgraded from version %d to %d: customized data is "
		       "kept\n",
			version, CONTENTS_VERSION);
	return upgraded;
}

static bool make_repository(void)
{
	int version;

	switch (contents_look(&version)) {
	case CONTENTS_NONE:
		return fill_at_once(false);
	case CONTENTS_OLDER:
		return upgrade(version);
	case CONTENTS_PRESENT:
		printf("the repository exists: customized data is kept\n");
		return fill_at_once(false);
	case CONTENTS_NEWER:
		odmerrno = ODMI_VERSION_ERROR;
		break;
	/* A repository that is there and can't be read is not made again. */
	case CONTENTS_UNREADABLE:
		break;
	}
	repository_trouble_message();
	return false;
}

/* The system's own root has the machine's own devices, unless another description was chosen. */
static bool is_system_root(void)
{
	const char *root = getenv("ODMCFG_ROOT");

	return root == NULL || *root == '\0';
}

/*
 * The description to be used, to be freed: the one that is named, else the one there is, else a
 * small one, or with *host an empty one, with *replaces when it is to become the root's. The first
 * one of the system's own root sets *host. NULL, with a message, when it can't be: that is known
 * before anything is made.
 */
static char *choose_machine(const char *chosen, bool *host, bool *replaces)
{
	AUTO(machine_release) struct machine machine = {0};
	bool exists;
	if (!machine_file_find(&exists))
		return NULL;

	*host = *host || (chosen == NULL && !exists && is_system_root());
	*replaces = chosen != NULL || *host || !exists;
	const char *first = *host ? "machines/host.cfg" : "machines/small.cfg";
	AUTO_FREE char *file = chosen != NULL ? strdup(chosen)
			       : *replaces    ? install_path(INSTALL_SCHEMAS, first)
					      : root_path(ROOT_ETC, "machine.cfg");
	AUTO_FREE char *mistake = file != NULL
					  ? machine_read_file(file, &machine)
					  : strdup("the machines that come with it are not found");
	if (mistake == NULL)
		return TAKE(file);
	message("%s", mistake);
	return NULL;
}

static const char usage[] = "odmcfg init [--host] [--machine File] [-h]";

struct request {
	const char *machine;
	bool host;
};

static const struct argument stored[] = {
	ARGUMENT_TEXT('m', struct request, machine), ARGUMENT_FLAG('o', struct request, host), {0}};

int init_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"machine", required_argument, NULL, 'm'}, {"host", no_argument, NULL, 'o'}, {0}};
	static const enum root_directory directories[] = {
		ROOT_OBJREPOS, ROOT_ETC, ROOT_RUN, ROOT_SPECIAL, ROOT_DEV, ROOT_LOG};
	static const struct syntax syntax = {usage, "h", options, stored, NULL};
	struct request request = {0};
	bool replaces;

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	AUTO_FREE char *description = choose_machine(request.machine, &request.host, &replaces);
	if (description == NULL)
		return EXIT_FAILED;
	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++)
		if (!make_directory(directories[i]))
			return EXIT_FAILED;
	if (!lock_configuration())
		return EXIT_FAILED;
	if (!make_repository() || (replaces && !machine_file_replace(description, request.host)))
		return EXIT_FAILED;
	device_command_checkpoint();
	return 0;
}
