/* odmcfg export: stored values of devices, for other machines and for the start of this one. */
#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/file_check.h"
#include "cli/shared/where.h"
#include "commands.h"
#include "export_forms.h"

static const char usage[] =
	"odmcfg export File [-l Name ...] [--where Attribute=Value ...] [-h]\n"
	"       odmcfg export --udev Directory [-l Name ...] [--where Attribute=Value ...]\n"
	"       odmcfg export --boot File";

struct request {
	struct text patterns; /* -l, joined by line ends */
	struct where where;
	const char *udev, *boot;
};

static void request_release(struct request *request)
{
	text_release(&request->patterns);
	where_release(&request->where);
}

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	switch (option) {
	case 'l':
		argument_append(&request->patterns, "\n", value);
		return true;
	case 'w':
		return where_add(&request->where, option_value(value));
	case 'u':
		request->udev = option_value(value);
		return true;
	default:
		request->boot = option_value(value);
		return true;
	}
}

/* Those of all the patterns, each once. */
static bool choose(const struct request *request, struct names *chosen)
{
	AUTO_FREE char *patterns = NULL;

	if (request->patterns.length == 0)
		return where_names(&request->where, NULL, chosen);
	patterns = strdup(request->patterns.data);
	char *rest = patterns;
	for (char *pattern = strsep(&rest, "\n"); pattern != NULL; pattern = strsep(&rest, "\n")) {
		AUTO(names_release) struct names names = {0};
		if (!where_names(&request->where, pattern, &names))
			return false;
		for (int i = 0; i < names.count; i++) {
			bool there = false;
			for (int k = 0; k < chosen->count && !there; k++)
				there = strcmp(chosen->list[k], names.list[i]) == 0;
			if (!there && !names_add(chosen, names.list[i]))
				return false;
		}
	}
	return patterns != NULL;
}

static int write_chosen(const struct request *request, const char *file)
{
	AUTO(names_release) struct names names = {0};
	int count;

	if (!choose(request, &names))
		return EXIT_FAILED;
	struct stored_device *devices = stored_devices_read(&names, &count);
	if (devices == NULL)
		return EXIT_FAILED;
	if (count == 0)
		message("nothing is stored of these devices that a user sets");
	bool ok = request->udev != NULL ? export_udev(request->udev, devices, count)
					: export_values(file, devices, count);
	stored_devices_free(devices, count);
	return ok ? 0 : EXIT_FAILED;
}

int export_main(int argc, char **argv)
{
	static const struct option options[] = {{"where", required_argument, NULL, 'w'},
		{"udev", required_argument, NULL, 'u'}, {"boot", required_argument, NULL, 'b'},
		{0}};
	static const struct syntax syntax = {usage, "l:h", options, NULL, set_option};
	static const struct operands one = {"a file", 0, 1};
	AUTO(request_release) struct request request = {0};

	int status = arguments_read_operands(argc, argv, &syntax, &request, &one);
	if (status >= 0)
		return status;
	int files = argc - optind;
	bool chosen = request.patterns.length > 0 || request.where.conditions.count > 0;
	if (files + (request.udev != NULL) + (request.boot != NULL) != 1)
		return usage_mistake(usage, "one of a file, --udev and --boot is wanted");
	if (request.boot != NULL && chosen)
		return usage_mistake(usage, "--boot writes all devices: not with -l or --where");
	const char *place = files > 0              ? argv[optind]
			    : request.udev != NULL ? request.udev
						   : request.boot;
	if (!file_has_place(place) || !device_command_begin(false))
		return EXIT_FAILED;
	if (request.boot != NULL)
		return export_boot(request.boot) ? 0 : EXIT_FAILED;
	return write_chosen(&request, files > 0 ? argv[optind] : NULL);
}
