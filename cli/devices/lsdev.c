/* lsdev: lists devices, customized (-C) or predefined (-P). */
#include <kex.h>
#include <string.h>
#include <unistd.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/schema.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/device_table.h"
#include "cli/shared/host_state.h"
#include "cli/shared/names.h"
#include "cli/shared/type_selection.h"
#include "cli/shared/where.h"
#include "commands.h"

static const char usage[] =
	"lsdev [-C] [-c Class] [-s Subclass] [-t Type] [-l {Name | -}] [-p Parent] [-S State]\n"
	"             [--where Attribute=Value] [-F Format | -r Column] [-f File]\n"
	"             [-H | --json] [-x] [-h]\n"
	"       lsdev -P [-c Class] [-s Subclass] [-t Type] [-F Format | -r Column] [-H | --json]\n"
	"             [-h]";

struct request {
	bool customized, predefined;
	struct type_selection types;
	const char *name, *parent, *column;
	int state; /* -1: any */
	struct names names; /* of standard input, or those that have the values */
	struct where where;
	struct listing listing;
};

static void request_release(struct request *request)
{
	names_release(&request->names);
	where_release(&request->where);
}

/* A state as a word, a letter or a number; -1 for none of them. */
static int read_state(const char *text)
{
	static const char *const words[] = {"defined", "available", "stopped"};

	for (int state = DEFINED; state <= STOPPED; state++)
		if ((text[0] != '\0' && strncasecmp(words[state], text, strlen(text)) == 0) ||
			(text[0] == '0' + state && text[1] == '\0'))
			return state;
	return -1;
}

static const struct argument stored[] = {
	TYPE_ARGUMENTS(struct request, types),
	ARGUMENT_TEXT('l', struct request, name),
	ARGUMENT_TEXT('p', struct request, parent),
	ARGUMENT_TEXT('r', struct request, column),
	ARGUMENT_FLAG('P', struct request, predefined),
	{0},
};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	switch (option) {
	case 'C':
		request->customized = true;
		return true;
	case 'x': /* what it leaves out there, there is not here */
		return true;
	case 'S':
		request->state = read_state(option_value(value));
		return request->state >= 0 ||
		       option_refused("-S", value, "defined, available, stopped, or 0 to 2");
	case 'W' + 256:
		return where_add(&request->where, option_value(value));
	default:
		return listing_option(&request->listing, option, value);
	}
}

static int compare_names(const void *one, const void *other)
{
	return strcmp(one, other);
}

/* -l -: the names that standard input has, sorted. */
static bool read_names(struct request *request)
{
	AUTO(text_release) struct text text = {0};

	if (text_append_file(&text, STDIN_FILENO) < 0 ||
		!names_add_words(&request->names, text.data)) {
		message("the names on standard input can't be read");
		return false;
	}
	if (request->names.count > 0)
		qsort(request->names.list, (size_t)request->names.count,
			sizeof(*request->names.list), compare_names);
	return true;
}

/* --where: the names of those that have the values, among those that -l names. */
static bool choose_by_value(struct request *request, bool from_input)
{
	if (!from_input &&
		!names_match(&request->names, request->name != NULL ? request->name : "*"))
		return false;
	if (!where_narrow(&request->where, &request->names))
		return false;
	if (request->names.count > 0)
		qsort(request->names.list, (size_t)request->names.count,
			sizeof(*request->names.list), compare_names);
	if (request->name == NULL)
		request->name = "*";
	return true;
}

static bool name_wanted(const struct request *request, const char *name)
{
	if (request->names.count > 0)
		return bsearch(name, request->names.list, (size_t)request->names.count,
			       sizeof(*request->names.list), compare_names) != NULL;
	return request->name == NULL || name_matches(request->name, name);
}

static bool device_wanted(const struct request *request, const struct device *device)
{
	return name_wanted(request, device->cudv.name) &&
	       (request->parent == NULL || strcmp(request->parent, device->cudv.parent) == 0) &&
	       (request->state < 0 || request->state == device->cudv.status) &&
	       type_selection_has(&request->types, &device->pddv);
}

/* What the database can select by itself; name patterns and types are compared afterwards. */
static char *criteria(const struct request *request)
{
	if (request->names.count == 0 && request->name != NULL &&
		strpbrk(request->name, "*?[") == NULL)
		return odm_criteria("name = %s", request->name);
	if (request->parent != NULL)
		return odm_criteria("parent = %s", request->parent);
	return strdup("");
}

/* A listing being collected. */
struct collection {
	const struct request *request;
	const struct device_columns *columns;
	struct table *table;
	struct device_types types;
	const struct PdDv *type; /* that the device has */
	struct device device;
	bool hosted; /* one that is listed has a driver and is not Defined */
};

static int collect_device(void *object, void *closure)
{
	struct collection *collection = closure;
	struct device *device = &collection->device;
	const char *description;

	device->cudv = *(const struct CuDv *)object;
	const struct PdDv *type =
		device_types_find(&collection->types, device->cudv.PdDvLn_Lvalue, &description);
	/* A device whose type was removed is listed all the same, with what is known. */
	if (type != collection->type)
		device->pddv = type != NULL ? *type : (struct PdDv){0};
	collection->type = type;
	if (!device_wanted(collection->request, device))
		return 0;
	collection->hosted = collection->hosted ||
			     (device->cudv.status != DEFINED && device->pddv.DvDr[0] != '\0');
	return device_table_add(collection->table, collection->columns, device, description) ? 0
											     : -1;
}

/* A device with a driver works only while the extension host runs, whatever its state says. */
static void warn_without_host(void)
{
	pid_t pid;

	switch (kexd_look(&pid)) {
	case KEXD_DIED:
		host_died_message(pid);
		break;
	case KEXD_STOPPED:
		message("kexd is not running: no device with a driver works; odmcfg boot "
			"configures them");
		break;
	case KEXD_RUNNING:
	case KEXD_OTHER:
		break;
	}
}

/* The descriptors that are listed or selected by; the others are not read. */
static void choose_descriptors(
	const struct request *request, const struct device_columns *columns, const char **names)
{
	int count = 0;

	names[count++] = "PdDvLn";
	if (request->name != NULL)
		names[count++] = "name";
	if (request->parent != NULL)
		names[count++] = "parent";
	names[count++] = "status";
	/* A physical location is often that of the parent, with the connection. */
	if (columns->places != NULL) {
		names[count++] = "name";
		names[count++] = "parent";
		names[count++] = "connwhere";
	}
	for (int i = 0; i < columns->count; i++)
		if (columns->list[i].customized != NULL)
			names[count++] = columns->list[i].customized->elemname;
	names[count] = NULL;
}

static bool collect_customized(
	const struct request *request, const struct device_columns *columns, struct table *table)
{
	struct collection collection = {.request = request, .columns = columns, .table = table};
	const char *names[40];
	AUTO_FREE char *crit = criteria(request);
	bool ok = crit != NULL && device_types_read(&collection.types);

	choose_descriptors(request, columns, names);
	if (ok && odm_visit(CuDv_CLASS, crit, names, collect_device, &collection) < 0) {
		message("the devices can't be read: %s", odm_error_text(odmerrno));
		ok = false;
	}
	device_types_release(&collection.types);
	if (ok && collection.hosted)
		warn_without_host();
	return ok;
}

static bool collect_predefined(
	const struct request *request, const struct device_columns *columns, struct table *table)
{
	struct listinfo info;
	struct PdDv *list = get_PdDv_list(PdDv_CLASS, NULL, &info, 64, 1);
	bool ok = list != ODM_FAILED;

	for (int i = 0; ok && i < info.num; i++) {
		struct device device = {.pddv = list[i]};
		if (type_selection_has(&request->types, &list[i]))
			ok = device_table_add(table, columns, &device, NULL);
	}
	if (list != ODM_FAILED)
		odm_free_list(list, &info);
	return ok;
}

/* -r: each value of the column once. */
static void print_distinct(const struct table *table)
{
	for (int i = 0; i < table->count; i++)
		if (i == 0 || strcmp(table->cells[i], table->cells[i - 1]) != 0)
			foreign_printf(stdout, "%s\n", table->cells[i]);
}

static bool is_device(const char *name)
{
	struct CuDv device;

	return find_object(CuDv_CLASS, &device, "name = %s", name) != 0;
}

static int list(const struct request *request)
{
	const char *text = request->predefined ? PREDEFINED_COLUMNS : CUSTOMIZED_COLUMNS;
	struct listing listing = request->listing;
	if (request->column != NULL)
		listing.format = request->column;
	AUTO(format_release) struct format format = {0};
	if (!listing_columns(&listing, text, &format))
		return usage_error(usage);
	AUTO(device_columns_release) struct device_columns columns = {0};
	if (!device_columns_read(&columns, &format, !request->predefined))
		return EXIT_FAILED;
	AUTO(table_release) struct table table = {.columns = format.count};
	bool ok = request->predefined ? collect_predefined(request, &columns, &table)
				      : collect_customized(request, &columns, &table);
	if (!ok)
		return EXIT_FAILED;

	table_sort(&table, true);
	if (request->column != NULL)
		print_distinct(&table);
	else if (!table_print_as(&table, &format, request->listing.form, stdout))
		return EXIT_FAILED;
	if (table.count == 0)
		type_selection_explain(&request->types);
	if (table.count == 0 && request->parent != NULL && !is_device(request->parent))
		message("%s is not in the customized database", request->parent);
	if (table.count == 0 && request->name != NULL && request->names.count == 0 &&
		strpbrk(request->name, "*?[") == NULL)
		message("%s is not in the customized database", request->name);
	return 0;
}

int lsdev_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'},
		{"where", required_argument, NULL, 'W' + 256}, {0}};
	AUTO(request_release) struct request request = {.state = -1};
	static const struct syntax syntax = {
		usage, "CPc:s:t:l:p:S:F:r:f:Hxh", options, stored, set_option};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	bool by_value = request.where.conditions.count > 0;
	bool customized_only =
		request.name != NULL || request.parent != NULL || request.state >= 0 || by_value;
	if (request.predefined && request.customized)
		return usage_mistake(usage, "-C and -P exclude each other");
	if (request.predefined && customized_only)
		return usage_mistake(
			usage, "-l, -p, -S and --where choose devices: -P lists types");
	if (request.listing.format != NULL && request.column != NULL)
		return usage_mistake(usage, "-F and -r exclude each other");
	bool from_input = request.name != NULL && strcmp(request.name, "-") == 0;
	if (!device_command_begin(false) || (from_input && !read_names(&request)))
		return EXIT_FAILED;
	if (by_value && !choose_by_value(&request, from_input))
		return EXIT_FAILED;
	/* No names are no devices, not all. */
	return (from_input || by_value) && request.names.count == 0 ? 0 : list(&request);
}
