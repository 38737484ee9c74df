/* odmcfg errpt: the extension host's error log, with what the database knows of the devices. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/errids.h>
#include <sys/utsname.h>
#include <time.h>

#include "base/foreign.h"
#include "base/message.h"
#include "base/root_file.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/json_output.h"
#include "cli/shared/vpd_print.h"
#include "commands.h"

static const char usage[] =
	"odmcfg errpt [-a | --json] [-d Class] [-T Type] [-j Identifier] [-J Label]\n"
	"             [-N Resource] [-h]";

struct request {
	bool detailed, json;
	const char *class, *type, *identifier, *label, *resource;
};

/* A line of the log. */
struct entry {
	time_t when;
	int sequence;
	char label[40], resource[40];
	char *text;
};

struct entries {
	struct entry *list;
	int count;
};

static void entries_release(struct entries *entries)
{
	for (int i = 0; i < entries->count; i++)
		free(entries->list[i].text);
	free(entries->list);
}

static const struct argument stored[] = {
	ARGUMENT_FLAG('a', struct request, detailed),
	ARGUMENT_FLAG('O', struct request, json),
	ARGUMENT_TEXT('d', struct request, class),
	ARGUMENT_TEXT('T', struct request, type),
	ARGUMENT_TEXT('j', struct request, identifier),
	ARGUMENT_TEXT('J', struct request, label),
	ARGUMENT_TEXT('N', struct request, resource),
	{0},
};

/* What a label stands for: T is the type's first letter, C the class. */
struct template
{
	const char *label;
	const char *type, *class, *description;
};

static const struct template *find_template(const char *label)
{
	static const struct template templates[] = {
		{"SCSI_ERR1", "PERM", "H", "ADAPTER FAILED"},
		{"SCSI_ERR2", "TEMP", "H", "ADAPTER COMMAND FAILED"},
		{"SCSI_RESET", "INFO", "H", "SCSI BUS RESET"},
		{"ISCSI_SESSION", "TEMP", "H", "STATE OF A SESSION WITH A TARGET"},
		{"ISCSI_LUNS", "INFO", "H", "LOGICAL UNITS CHANGED"},
		{"DISK_ERR4", "PERM", "H", "DISK OPERATION ERROR"},
		{"SDI_FAULT", "INFO", "H", "ASYNCHRONOUS EVENT"},
		{"KEX_START", "INFO", "S", "EXTENSION HOST STARTED"},
		{"KEX_STOP", "INFO", "S", "EXTENSION HOST STOPPED"},
		{"KEX_ENVIRONMENT", "PERM", "S", "KERNEL SERVICE CALLED WHERE IT MAY NOT BE"},
		{"KEX_CRASH", "PERM", "S", "PROCESS OF AN ADAPTER ENDED BY A FAULT"},
		{"KEX_HANG", "PERM", "S", "DRIVER DOES NOT ANSWER"},
		{"KEX_LOOP", "PERM", "S", "INTERRUPT HANDLER DOES NOT END"},
		{"KEX_RESTORE", "INFO", "S", "DEVICES CONFIGURED AGAIN"},
		{"KEX_EVENT_INFO", "PERM", "S", "EVENT HANDLER MODIFIED THE EVENT STRUCTURE"},
		{"KEX_TERM", "PERM", "S", "DEVICE NOT UNCONFIGURED"},
		{"KEX_THREAD", "PERM", "S", "THREAD NOT STARTED"},
		{"KEX_WATCH", "PERM", "S", "EVENT NOT WATCHED"},
		{"KEX_CLIENTS", "TEMP", "S", "CLIENTS REFUSED"},
		{"KEX_LOG", "TEMP", "S", "ERROR LOG NOT CHANGED FOR A NEW ONE"},
		{"KEX_WIRE", "TEMP", "S", "MALFORMED REQUEST"},
	};
	static const struct template other = {"", "UNKN", "U", "UNKNOWN ERROR"};

	for (size_t i = 0; i < sizeof(templates) / sizeof(*templates); i++)
		if (strcmp(templates[i].label, label) == 0)
			return &templates[i];
	return &other;
}

static uint32_t identifier_of(const char *label)
{
	uint32_t number;

	/* One that the host knew by its number only. */
	return sscanf(label, "ERRID_%8" SCNx32, &number) == 1 ? number : errid(label);
}

static bool wanted(const struct request *request, const struct entry *entry)
{
	const struct template *template = find_template(entry->label);
	char identifier[16];

	snprintf(identifier, sizeof(identifier), "%08X", identifier_of(entry->label));
	return (request->class == NULL || strstr(request->class, template->class) != NULL) &&
	       (request->type == NULL || strstr(request->type, template->type) != NULL) &&
	       (request->identifier == NULL || strcasecmp(request->identifier, identifier) == 0) &&
	       (request->label == NULL || strcmp(request->label, entry->label) == 0) &&
	       (request->resource == NULL || name_matches(request->resource, entry->resource));
}

/* A line as error_log writes it; what libraries wrote there is no entry. */
static bool read_line(char *line, struct entry *entry)
{
	struct tm tm = {0};
	int text = 0;
	char *rest = strptime(line, "%Y-%m-%dT%H:%M:%SZ ", &tm);

	if (rest == NULL ||
		sscanf(rest, "%39s %39s %n", entry->label, entry->resource, &text) != 2 ||
		text == 0)
		return false;
	rest[strcspn(rest, "\n")] = '\0';
	entry->when = timegm(&tm);
	entry->text = strdup(rest + text);
	return entry->text != NULL;
}

static bool add(struct entries *entries, const struct entry *entry)
{
	struct entry *longer =
		realloc(entries->list, (size_t)(entries->count + 1) * sizeof(*longer));

	if (longer == NULL)
		return false;
	entries->list = longer;
	longer[entries->count++] = *entry;
	return true;
}

static bool read_file(
	const struct request *request, const char *name, struct entries *entries, int *sequence)
{
	AUTO_FCLOSE FILE *log = root_file_read(ROOT_LOG, name);
	AUTO_FREE char *line = NULL;
	size_t room = 0;

	if (log == NULL && errno != ENOENT) {
		message("%s", root_file_reason());
		return false;
	}
	while (log != NULL && getline(&line, &room, log) >= 0) {
		struct entry entry = {.sequence = ++*sequence};
		if (!read_line(line, &entry))
			continue;
		if (wanted(request, &entry) && add(entries, &entry))
			continue;
		free(entry.text);
	}
	return true;
}

/* The log, after the one that was full before it. */
static bool read_log(const struct request *request, struct entries *entries)
{
	int sequence = 0;

	return read_file(request, "kexd.log.1", entries, &sequence) &&
	       read_file(request, "kexd.log", entries, &sequence);
}

static void print_summary(const struct entries *entries)
{
	char when[16];
	struct tm local;

	for (int i = entries->count - 1; i >= 0; i--) {
		const struct entry *entry = &entries->list[i];
		const struct template *template = find_template(entry->label);
		if (i == entries->count - 1)
			printf("IDENTIFIER TIMESTAMP  T C RESOURCE_NAME  DESCRIPTION\n");
		strftime(when, sizeof(when), "%m%d%H%M%y", localtime_r(&entry->when, &local));
		foreign_printf(stdout, "%08X   %s %c %s %-14s %s\n", identifier_of(entry->label),
			when, template->type[0], template->class, entry->resource,
			template->description);
	}
}

/* What the database knows of the resource, when it is a device. */
static void print_device(const char *resource)
{
	AUTO(device_release) struct device device = {0};
	AUTO(method_output_release) struct method_output output = {0};
	char name[16];

	/* A special file is its device's. */
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(resource, "."), resource);
	bool known = device_find(name, &device, &output) == E_OK;
	foreign_printf(stdout,
		"Resource Class:  %s\nResource Type:   %s\nLocation:        %s\nVPD:\n",
		known ? device.pddv.class : "NONE", known ? device.pddv.type : "NONE",
		known ? device.cudv.location : "");
	if (known)
		vpd_print(name);
}

static void print_detailed(const struct entry *entry)
{
	const struct template *template = find_template(entry->label);
	struct utsname machine = {0};
	struct tm local;
	char when[64];

	uname(&machine);
	strftime(when, sizeof(when), "%a %b %e %H:%M:%S %Z %Y", localtime_r(&entry->when, &local));
	printf("-----------------------------------------------------------------------------\n");
	foreign_printf(stdout, "LABEL:           %s\nIDENTIFIER:      %08X\n\n", entry->label,
		identifier_of(entry->label));
	printf("Date/Time:       %s\nSequence Number: %d\n", when, entry->sequence);
	foreign_printf(stdout, "Machine Id:      %s\nNode Id:         %s\n", machine.machine,
		machine.nodename);
	foreign_printf(stdout, "Class:           %s\nType:            %s\n", template->class,
		template->type);
	foreign_printf(stdout, "Resource Name:   %s\n", entry->resource);
	print_device(entry->resource);
	foreign_printf(stdout, "\nDescription\n%s\n\nDetail Data\n%s\n", template->description,
		entry->text);
}

/* NULL without memory. */
static json_t *entry_json(const struct entry *entry)
{
	const struct template *template = find_template(entry->label);
	AUTO(json_release) json_t *object = json_object();
	char identifier[16];

	snprintf(identifier, sizeof(identifier), "%08X", identifier_of(entry->label));
	bool ok = json_set(object, "identifier", json_string(identifier)) &&
		  json_set(object, "label", json_text(entry->label)) &&
		  json_set(object, "time", json_time(entry->when)) &&
		  json_set(object, "sequence", json_integer(entry->sequence)) &&
		  json_set(object, "type", json_string(template->type)) &&
		  json_set(object, "class", json_string(template->class)) &&
		  json_set(object, "resource", json_text(entry->resource)) &&
		  json_set(object, "description", json_string(template->description)) &&
		  json_set(object, "detail", json_text(entry->text));
	return ok ? json_incref(object) : NULL;
}

/* The newest first, as in the summary. */
static bool print_json(const struct entries *entries)
{
	AUTO(json_release) json_t *array = json_array();
	bool ok = array != NULL;

	for (int i = entries->count - 1; i >= 0 && ok; i--)
		ok = json_array_append_new(array, entry_json(&entries->list[i])) == 0;
	return json_output(ok ? array : NULL);
}

int errpt_main(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'O'}, {0}};
	static const struct syntax syntax = {usage, "ad:T:j:J:N:h", options, stored, NULL};
	AUTO(entries_release) struct entries entries = {0};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (request.json && request.detailed)
		return usage_mistake(usage, "-a and --json exclude each other");
	if (!device_command_begin(false) || !read_log(&request, &entries))
		return EXIT_FAILED;
	if (request.json)
		return print_json(&entries) ? 0 : EXIT_FAILED;
	if (!request.detailed)
		print_summary(&entries);
	for (int i = entries.count - 1; request.detailed && i >= 0; i--)
		print_detailed(&entries.list[i]);
	return fflush(stdout) == 0 ? 0 : EXIT_FAILED;
}
