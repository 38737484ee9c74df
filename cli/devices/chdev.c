/* chdev: changes attributes of devices, or where they are connected; of several, all or none. */
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/kernel.h"
#include "change_plan.h"
#include "cli/shared/arguments.h"
#include "cli/shared/confirmation.h"
#include "cli/shared/device_command.h"
#include "cli/shared/initial_disk.h"
#include "cli/shared/interrupt.h"
#include "cli/shared/listing.h"
#include "cli/shared/where.h"
#include "commands.h"

static const char usage[] =
	"chdev {-l Name | --where Attribute=Value} [-a Attribute=Value ...]\n"
	"             [-p Parent -w Connection] [-P | -T | -U]\n"
	"             [--force | --confirm Seconds] [-g] [-f File] [-q] [-h]\n"
	"       chdev --dry-run {-l Name | --where Attribute=Value} -a Attribute=Value ...\n"
	"             [-P | -T | -U]\n"
	"             [-F Format | --json]";

struct request {
	const char *name;
	struct where where;
	struct change_plan plan;
	bool quiet, dry_run, force;
	int confirm; /* seconds until it goes back by itself; 0: never */
	struct listing listing;
};

static void request_release(struct request *request)
{
	change_plan_release(&request->plan);
	where_release(&request->where);
}

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;
	struct change_plan *plan = &request->plan;
	long long seconds;

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
		if (plan->reach != '\0' && plan->reach != option) {
			message("-%c and -%c exclude each other", plan->reach, option);
			return false;
		}
		plan->reach = (char)option;
		return true;
	case 'n':
		request->dry_run = true;
		return true;
	case 'q':
		request->quiet = true;
		return true;
	case 'g': /* also a locked device: none is locked */
		return true;
	case 'W' + 256:
		return where_add(&request->where, option_value(value));
	case 'F' + 256:
		request->force = true;
		return true;
	case 'C' + 256:
		if (!parse_number(option_value(value), &seconds) || seconds < 1 || seconds > 86400)
			return option_refused("--confirm", value, "seconds from 1 to 86400");
		request->confirm = (int)seconds;
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

/* What could cut the machine off has to be wanted. False with a message. */
static bool harmless(const struct change_plan *plan, const struct names *names)
{
	AUTO(attribute_changes_release) struct attribute_changes changes = {0};
	AUTO(text_release) struct text danger = {0};
	struct CuDv device;

	if (plan->assignments.data == NULL || plan->reach == 'P' ||
		!attribute_changes_read(plan->assignments.data, &changes))
		return true;
	for (int i = 0; i < names->count; i++)
		if (find_object(CuDv_CLASS, &device, "name = %s", names->list[i]) == 1 &&
			kernel_guarded(&device, &changes, &danger)) {
			message("%s: %s; --confirm Seconds changes it and takes it back unless "
				"odmcfg confirm follows, --force changes it for good",
				names->list[i], danger.data != NULL ? danger.data : "");
			return false;
		}
	return true;
}

/* With --confirm: what the device has now is noted, and somebody waits to put it back. */
static bool confirmed_later(const struct request *request, const char *name)
{
	return request->confirm == 0 ||
	       confirmation_begin(name, request->plan.assignments.data, request->confirm);
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
	if (!request->force && request->confirm == 0 && !harmless(plan, names))
		return EXIT_FAILED;
	for (int i = 0; i < names->count; i++)
		if (interrupt_pending() || !confirmed_later(request, names->list[i]) ||
			!change_plan_apply(plan, names->list[i])) {
			take_back(plan, names, i);
			return EXIT_FAILED;
		}
	for (int i = 0; i < names->count && !request->quiet; i++)
		foreign_printf(stdout, "%s changed\n", names->list[i]);
	if (plan->reach != 'T' && !request->quiet)
		initial_disk_remind(names);
	return 0;
}

/* What is wrong with what is asked for together; NULL: nothing. */
static const char *contradiction(const struct request *request)
{
	bool moves = request->plan.parent != NULL || request->plan.connection != NULL;
	bool listed = request->listing.form != TABLE_PLAIN || request->listing.format != NULL;

	if (request->name == NULL && request->where.conditions.count == 0)
		return "the device is missing: -l Name, or --where Attribute=Value";
	if (request->plan.assignments.length == 0 && !moves)
		return "nothing is to be changed: -a Attribute=Value is missing";
	if (listed && !request->dry_run)
		return "-F, -H and --json are for --dry-run";
	if (request->dry_run && moves)
		return "--dry-run shows attributes: not with -p or -w";
	if (request->confirm == 0)
		return NULL;
	if (moves)
		return "--confirm is for attributes: not with -p or -w";
	if (request->plan.reach != '\0')
		return "--confirm changes for a time: not with -P, -T or -U";
	return request->force ? "--confirm and --force exclude each other" : NULL;
}

int chdev_main(int argc, char **argv)
{
	static const struct option options[] = {{"dry-run", no_argument, NULL, 'n'},
		{"json", no_argument, NULL, 'j'}, {"force", no_argument, NULL, 'F' + 256},
		{"confirm", required_argument, NULL, 'C' + 256},
		{"where", required_argument, NULL, 'W' + 256}, {0}};
	static const struct syntax syntax = {
		usage, "l:a:p:w:PTUgF:Hf:qh", options, NULL, set_option};
	AUTO(request_release) struct request request = {0};
	AUTO(names_release) struct names names = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	const char *mistake = contradiction(&request);
	if (mistake != NULL)
		return usage_mistake(usage, "%s", mistake);
	/* Nothing is stored before it is confirmed: a machine that is started again has it not. */
	if (request.confirm > 0)
		request.plan.reach = 'T';
	if (!device_command_begin(!request.dry_run))
		return EXIT_FAILED;
	if (!where_names(&request.where, request.name, &names))
		return EXIT_FAILED;
	return request.dry_run ? show(&request, &names) : change_all(&request, &names);
}
