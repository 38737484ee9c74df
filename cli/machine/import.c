/* odmcfg import: values for devices, from a file, from the kernel, from tuned, from udev's rules.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/file_check.h"
#include "commands.h"
#include "import_sources.h"

static const char usage[] =
	"odmcfg import File [-P] [--force] [--dry-run [-F Format | --json]] [-q] [-h]\n"
	"       odmcfg import --now [-l Name] [--where Attribute=Value ...]\n"
	"             [-a Attribute ...] [--dry-run [-F Format | --json]] [-q]\n"
	"       odmcfg import {--tuned | --udev} File [-l Name] [--where Attribute=Value ...]\n"
	"             [-P] [--force] [--dry-run [-F Format | --json]] [-q]";

struct request {
	const char *name;
	struct where where;
	struct text attributes; /* joined by blanks */
	bool now;
	const char *tuned, *udev;
	struct wish_options options;
};

static void request_release(struct request *request)
{
	where_release(&request->where);
	text_release(&request->attributes);
}

static const struct argument stored[] = {ARGUMENT_TEXT('l', struct request, name),
	ARGUMENT_FLAG('P', struct request, options.database_only),
	ARGUMENT_FLAG('q', struct request, options.quiet),
	ARGUMENT_FLAG('n', struct request, options.dry_run),
	ARGUMENT_FLAG('f', struct request, options.force), ARGUMENT_FLAG('N', struct request, now),
	ARGUMENT_TEXT('t', struct request, tuned), ARGUMENT_TEXT('u', struct request, udev), {0}};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	if (option == 'w')
		return where_add(&request->where, option_value(value));
	if (option == 'a') {
		argument_append(&request->attributes, " ", value);
		return true;
	}
	return listing_option(&request->options.listing, option, value);
}

bool import_read_text(const char *path, struct text *text)
{
	AUTO_CLOSE int fd = strcmp(path, "-") == 0 ? fcntl(0, F_DUPFD_CLOEXEC, 3)
						   : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || text_append_file(text, fd) < 0) {
		message("%s can't be read: %s", path, strerror(errno));
		return false;
	}
	text_append(text, "");
	if (!text->failed && strlen(text->data) == text->length)
		return true;
	message("%s: %s", path, text->failed ? "there is not enough memory" : "this is no text");
	return false;
}

int import_set(struct wishes *wishes, const struct inventory_device *device, const char *path,
	const char *value)
{
	const char *attribute = inventory_attribute(device, path);

	if (attribute == NULL)
		return 0;
	return wishes_set(wishes, device->kernel.name, attribute, value) ? 1 : -1;
}

/* Gathers what is to be imported. False with a message. */
static bool gather(const struct request *request, const char *file, struct wishes *wishes)
{
	AUTO(inventory_release) struct inventory inventory = {0};

	if (file != NULL)
		return import_values(file, wishes);
	if (!inventory_read(&inventory, request->name, &request->where))
		return false;
	if (request->tuned != NULL)
		return import_tuned(request->tuned, &inventory, wishes);
	if (request->udev != NULL)
		return import_udev(request->udev, &inventory, wishes);
	return import_now(&inventory,
		request->attributes.length > 0 ? request->attributes.data : NULL, wishes);
}

/* What is wrong with what is asked for together; NULL: nothing. */
static const char *contradiction(const struct request *request, int files)
{
	const struct wish_options *options = &request->options;
	bool chosen = request->name != NULL || request->where.conditions.count > 0;
	bool listed = options->listing.form != TABLE_PLAIN || options->listing.format != NULL;

	if (files + request->now + (request->tuned != NULL) + (request->udev != NULL) != 1)
		return "one of a file, --now, --tuned and --udev is wanted";
	/* What the kernel has is not pending, and can't be dangerous. */
	if (request->now && (options->database_only || options->force))
		return "--now takes what the kernel has already: not with -P or --force";
	if (!request->now && request->attributes.length > 0)
		return "-a is for --now";
	if (files > 0 && chosen)
		return "a file names its devices: not with -l or --where";
	return listed && !options->dry_run ? "-F, -H and --json are for --dry-run" : NULL;
}

int import_main(int argc, char **argv)
{
	static const struct option options[] = {{"dry-run", no_argument, NULL, 'n'},
		{"json", no_argument, NULL, 'j'}, {"force", no_argument, NULL, 'f'},
		{"now", no_argument, NULL, 'N'}, {"tuned", required_argument, NULL, 't'},
		{"udev", required_argument, NULL, 'u'}, {"where", required_argument, NULL, 'w'},
		{0}};
	static const struct syntax syntax = {usage, "l:a:F:PHqh", options, stored, set_option};
	static const struct operands one = {"a file", 0, 1};
	AUTO(request_release) struct request request = {0};
	AUTO(wishes_release) struct wishes wishes = {0};

	int status = arguments_read_operands(argc, argv, &syntax, &request, &one);
	if (status >= 0)
		return status;
	const char *mistake = contradiction(&request, argc - optind);
	if (mistake != NULL)
		return usage_mistake(usage, "%s", mistake);
	/* What the kernel has already does no harm. */
	request.options.force = request.options.force || request.now;
	if ((optind < argc && !file_is_there(argv[optind])) ||
		(request.udev != NULL && !file_is_there(request.udev)))
		return EXIT_FAILED;
	if (!device_command_begin(!request.options.dry_run))
		return EXIT_FAILED;
	if (!gather(&request, optind < argc ? argv[optind] : NULL, &wishes) ||
		wishes_carry_out(&wishes, &request.options) < 0)
		return EXIT_FAILED;
	return wishes.left == 0 ? 0 : EXIT_FAILED;
}
