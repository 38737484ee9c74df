/* chdev: changes attributes of devices, or where they are connected; of several, all or none. */
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "change_plan.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/interrupt.h"
#include "cli/shared/listing.h"
#include "commands.h"

static const char usage[] =
	"chdev -l Name [-a Attribute=Value ...] [-p Parent -w Connection] [-P | -T | -U]\n"
	"             [-f File] [-q] [-h]\n"
	"       chdev --dry-run -l Name -a Attribute=Value ... [-P | -T | -U]\n"
	"             [-F Format | --json]";

struct request {
	const char *name;
	struct change_plan plan;
	bool quiet, dry_run;
	struct listing listing;
};

static void request_release(struct request *request)
{
	change_plan_release(&request->plan);
}

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;
	struct change_plan *plan = &request->plan;

	switch (option) {
	case 'l':
		request->name = option_value(value);
		return true;
	case 'a':
		argument_append(&plan->assignments, " ", value);
		return true;
	case 'p':
		plan->parent = option_value(value);
		return true;
	case 'w':
		plan->connection = option_value(value);
		return true;
	case 'P':
	case 'T':
	case 'U':
		if (plan->reach != '\0' && plan->reach != option)
			return false;
		plan->reach = (char)option;
		return true;
	case 'n':
		request->dry_run = true;
		return true;
	case 'q':
		request->quiet = true;
		return true;
	default:
		return listing_option(&request->listing, option, value);
	}
}

/* What would change, one row an attribute and device. */
static int show(const struct request *request, const struct names *names)
{
	AUTO(format_release) struct format format = {0};
	struct listing listing = request->listing;

	if (listing.form == TABLE_PLAIN && listing.format == NULL)
		listing.form = TABLE_HEADED;
	if (!listing_columns(&listing, "device attribute value new effect method", &format))
		return EXIT_FAILED;
	AUTO(table_release) struct table table = {.columns = format.count};
	for (int i = 0; i < names->count; i++)
		if (!change_plan_show(&request->plan, names->list[i], &format, &table))
			return EXIT_FAILED;
	return table_print_as(&table, &format, listing.form, stdout) ? 0 : EXIT_FAILED;
}

/* Those that were changed get their old values again. */
static void take_back(struct change_plan *plan, const struct names *names, int count)
{
	while (count-- > 0)
		if (change_plan_undo(plan, names->list[count], count))
			message("%s has its old values again", names->list[count]);
}

static int change_all(struct request *request, const struct names *names)
{
	struct change_plan *plan = &request->plan;

	if (odm_one_entry() < 0) {
		message("the history can't be read: %s", odm_error_text(odmerrno));
		return EXIT_FAILED;
	}
	/* One that can't be changed is found before the first is. */
	for (int i = 0; names->count > 1 && i < names->count; i++)
		if (!change_plan_check(plan, names->list[i]))
			return EXIT_FAILED;
	if (names->count > 1 && !change_plan_remember(plan, names))
		return EXIT_FAILED;
	for (int i = 0; i < names->count; i++)
		if (interrupt_pending() || !change_plan_apply(plan, names->list[i])) {
			take_back(plan, names, i);
			return EXIT_FAILED;
		}
	for (int i = 0; i < names->count && !request->quiet; i++)
		foreign_printf(stdout, "%s changed\n", names->list[i]);
	return 0;
}

int chdev_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"dry-run", no_argument, NULL, 'n'}, {"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {
		usage, "l:a:p:w:PTUF:Hf:qh", options, NULL, set_option};
	AUTO(request_release) struct request request = {0};
	AUTO(names_release) struct names names = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	bool moves = request.plan.parent != NULL || request.plan.connection != NULL;
	if (request.name == NULL || (request.plan.assignments.length == 0 && !moves) ||
		((request.listing.form != TABLE_PLAIN || request.listing.format != NULL) &&
			!request.dry_run) ||
		(request.dry_run && moves))
		return usage_error(usage);
	if (!device_command_begin(!request.dry_run))
		return EXIT_FAILED;
	if (!names_match(&names, request.name))
		return EXIT_FAILED;
	return request.dry_run ? show(&request, &names) : change_all(&request, &names);
}
