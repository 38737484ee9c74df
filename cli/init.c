/* odmcfg init: makes the root's directories, the repository with the device classes, the types. */
#include <errno.h>
#include <getopt.h>
#include <glob.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/paths.h"
#include "cfgmethods/machine.h"
#include "cfgmethods/schema.h"
#include "commands.h"
#include "device_command.h"

static bool make_directory(enum root_directory directory)
{
	AUTO_FREE char *path = root_path(directory, NULL);

	if (path != NULL && make_directories(path) == 0)
		return true;
	message("%s can't be made: %s", path != NULL ? path : "the root", strerror(errno));
	return false;
}

static bool make_classes(void)
{
	if (odm_open_class(CuDv_CLASS) != ODM_FAILED) {
		printf("the repository exists: customized data is kept\n");
		return true;
	}
	AUTO_FREE char *file = install_path(INSTALL_SCHEMAS, "cfgodm.cre");
	if (file == NULL || odm_compile_file(file, 0, ODM_MAKE_CLASSES, ".", stderr) < 0) {
		message("the device classes can't be created: %s", odm_error_text(odmerrno));
		return false;
	}
	return true;
}

static bool load_schemas(void)
{
	AUTO_FREE char *pattern = install_path(INSTALL_SCHEMAS, "*.cfg");
	AUTO(globfree) glob_t files = {0};

	if (pattern == NULL || glob(pattern, 0, NULL, &files) != 0) {
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

/* The rule that cfgmgr starts from. */
static bool enter_rule(void)
{
	char program[] = "/usr/lib/methods/defsys";
	struct Config_Rules rule = {.phase = 2, .seq = 1, .rule = program}, other;

	int found = find_object(Config_Rules_CLASS, &other, "phase = 2 AND rule = %s", program);
	if (found == 1)
		odm_free_members(Config_Rules_CLASS, &other);
	if (found == 1 || (found == 0 && odm_add_obj(Config_Rules_CLASS, &rule) >= 0))
		return true;
	message("Config_Rules can't be written: %s", odm_error_text(odmerrno));
	return false;
}

static bool describe_machine(void)
{
	AUTO(machine_release) struct machine machine = {0};
	AUTO_FREE char *path = root_path(ROOT_ETC, "machine.cfg");

	if (path == NULL || (access(path, F_OK) < 0 && machine_write_default(path) < 0)) {
		message("%s can't be written: %s", path != NULL ? path : "machine.cfg",
			strerror(errno));
		return false;
	}
	AUTO_FREE char *mistake = machine_read(&machine);
	if (mistake != NULL)
		message("%s", mistake);
	return mistake == NULL;
}

int init_main(int argc, char **argv)
{
	static const char usage[] = "odmcfg init";
	static const enum root_directory directories[] = {
		ROOT_OBJREPOS, ROOT_ETC, ROOT_RUN, ROOT_DEV, ROOT_LOG};

	if (getopt(argc, argv, "") != -1 || !no_operands(argc, argv))
		return usage_error(usage);
	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++)
		if (!make_directory(directories[i]))
			return EXIT_FAILED;
	if (configuration_lock() < 0) {
		message("the configuration lock can't be taken: %s", odm_error_text(odmerrno));
		return EXIT_FAILED;
	}
	return make_classes() && load_schemas() && enter_rule() && describe_machine() ? 0
										      : EXIT_FAILED;
}
