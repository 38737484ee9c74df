/* Our methods by name, their flags and answers, and the run of any method. */
#include "method.h"

#include <getopt.h>
#include <stdarg.h>

#include "base/foreign.h"
#include "base/paths.h"
#include "cfg_private.h"
#include "contents.h"
#include "method_program.h"

static const struct {
	const char *name;
	method_function *function;
} builtin[] = {
	{"defsys", method_defsys},
	{"define", method_define},
	{"undefine", method_undefine},
	{"chggen", method_change},
	{"chgsys", method_chgsys},
	{"sttgen", method_start},
	{"stpgen", method_stop},
	{"ucfggen", method_unconfigure},
	{"cfgsys", method_cfgsim},
	{"cfgvbus", method_cfgsim},
	{"cfgsim", method_cfgsim},
	{"cfgvscsi", method_cfgvscsi},
	{"cfgiscsi", method_cfgiscsi},
	{"cfgtmscsi", method_cfgleaf},
	{"cfgscdisk", method_cfgleaf},
	{"cfgleaf", method_cfgleaf},
	{"defif", method_defif},
};

method_function *method_builtin(const char *name)
{
	for (size_t i = 0; i < sizeof(builtin) / sizeof(*builtin); i++)
		if (strcmp(builtin[i].name, name) == 0)
			return builtin[i].function;
	return NULL;
}

void method_output_release(struct method_output *output)
{
	text_release(&output->names);
	text_release(&output->reason);
}

int method_fail(struct method_output *output, int code, const char *format, ...)
{
	va_list arguments;

	if (output->reason.length > 0)
		text_append_char(&output->reason, ' ');
	va_start(arguments, format);
	text_vprintf(&output->reason, format, arguments);
	va_end(arguments);
	return code;
}

void method_flags_release(struct method_flags *flags)
{
	text_release(&flags->attributes);
}

static int take_flag(int option, struct method_flags *flags)
{
	switch (option) {
	case 'l':
		flags->device = optarg;
		return 0;
	case 'c':
		flags->class = optarg;
		return 0;
	case 's':
		flags->subclass = optarg;
		return 0;
	case 't':
		flags->type = optarg;
		return 0;
	case 'p':
		flags->parent = optarg;
		return 0;
	case 'w':
		flags->connection = optarg;
		return 0;
	case 'a':
		text_printf(&flags->attributes, "%s%s", flags->attributes.length > 0 ? " " : "",
			optarg);
		return 0;
	case 'P':
		flags->database_only = true;
		return 0;
	case 'T':
		flags->device_only = true;
		return 0;
	case 'U':
		flags->live = true;
		return 0;
	case 'n':
		flags->check_only = true;
		return 0;
	case '1':
	case '2':
		if (flags->phase != 0 && flags->phase != option - '0')
			return -1;
		flags->phase = option - '0';
		return 0;
	default:
		return -1;
	}
}

int method_flags_read(int argc, char **argv, const char *allowed, struct method_flags *flags,
	struct method_output *output)
{
	int option;

	/* Methods are called one within another: getopt starts anew each time. */
	optind = 0;
	opterr = 0;
	while ((option = getopt(argc, argv, allowed)) != -1)
		if (take_flag(option, flags) < 0)
			return method_fail(output, E_ARGS,
				"%s: a flag is not known, or has no value.", argv[0]);
	if (optind < argc)
		return method_fail(
			output, E_ARGS, "%s: '%s' is not a flag.", argv[0], argv[optind]);
	return E_OK;
}

int configuration_lock(void)
{
	AUTO_FREE char *path = root_path(ROOT_OBJREPOS, "config_lock");

	return path != NULL ? odm_lock(path, ODM_WAIT) : -1;
}

/* Counts the arguments and puts the name before them, as main() has it. */
static int run_builtin(method_function *function, const char *name, const char *const *arguments,
	struct method_output *output)
{
	int argc = 1;
	while (arguments[argc - 1] != NULL)
		argc++;
	AUTO_FREE char **argv = calloc((size_t)argc + 1, sizeof(*argv));
	if (argv == NULL)
		return method_fail(output, E_MALLOC, "There is not enough memory.");

	/* getopt may permute the pointers; the strings stay as they are. */
	argv[0] = (char *)(uintptr_t)name;
	for (int i = 1; i < argc; i++)
		argv[i] = (char *)(uintptr_t)arguments[i - 1];
	return function(argc, argv, output);
}

static method_function *ours(const char *path)
{
	size_t prefix = strlen(METHODS_DIRECTORY);

	return strncmp(path, METHODS_DIRECTORY, prefix) == 0 ? method_builtin(path + prefix) : NULL;
}

bool method_is_ours(const char *path)
{
	return ours(path) != NULL;
}

/* The function to call for a path, NULL for a program. */
static method_function *inside(const char *path)
{
	return getenv("ODMCFG_EXEC_METHODS") == NULL ? ours(path) : NULL;
}

bool method_runs_inside(const char *path)
{
	return inside(path) != NULL;
}

int method_run(const char *path, const char *const *arguments, struct method_output *output)
{
	method_function *function = inside(path);
	struct method_program program;

	if (function != NULL)
		return run_builtin(function, strrchr(path, '/') + 1, arguments, output);
	int code = method_program_start(path, arguments, &program, output);
	return code == E_OK ? method_program_wait(&program, output) : code;
}

bool method_exists(const char *path)
{
	AUTO_FREE char *file = NULL;

	if (method_is_ours(path))
		return true;
	file = method_program_path(path);
	return file != NULL;
}

/* A command looks before it runs a method; here is one that is run by itself. */
static bool version_fits(void)
{
	int version;
	enum contents_age age = contents_look(&version);

	if (age != CONTENTS_OLDER && age != CONTENTS_NEWER)
		return true;
	fprintf(stderr, "The device database is of version %d, this method of version %d.%s\n",
		version, CONTENTS_VERSION,
		age == CONTENTS_OLDER ? " odmcfg init upgrades it." : "");
	return false;
}

int method_main(method_function *method, int argc, char **argv)
{
	AUTO(method_output_release) struct method_output output = {0};

	if (odm_initialize() < 0 || configuration_lock() < 0)
		return E_ODMLOCK;
	if (!version_fits())
		return E_ODMINIT;
	int code = method(argc, argv, &output);
	if (output.names.length > 0)
		fputs(output.names.data, stdout);
	if (code != E_OK && output.reason.length > 0)
		foreign_printf(stderr, "%s\n", output.reason.data);
	odm_terminate();
	return code;
}
