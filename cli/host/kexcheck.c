/*
 * odmcfg kexcheck: loads an extension in a host of its own that has a simulated adapter, makes it
 * do all that a driver has to do, and reports what it did wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <kex.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/text_dds.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/message.h"
#include "base/paths.h"
#include "cli/shared/arguments.h"
#include "commands.h"
#include "kexcheck.h"

static const char usage[] =
	"odmcfg kexcheck [-a Attribute=Value] ... [--dds File] [-h] Extension.so";

/* Bytes: one more than a DDS has at the most, by which a longer one is seen. */
#define DDS_ROOM 49152

static void check_release(struct check *check)
{
	text_release(&check->text);
	free(check->path);
	free(check->root);
	free(check->dds);
}

void kexcheck_finding(struct check *check, const char *format, ...)
{
	va_list arguments;

	printf("%s: ", check->name);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	check->findings++;
}

/* This program as another of its commands, in the scratch root. */
static bool run_command(const char *command)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
		if (nothing >= 0 && dup2(nothing, STDOUT_FILENO) >= 0)
			execl("/proc/self/exe", "odmcfg", command, (char *)NULL);
		_exit(127);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (child > 0 && status == 0)
		return true;
	message("the scratch host can't be prepared: odmcfg %s failed", command);
	return false;
}

static bool find_device(const char *name, struct kex_device *device)
{
	AUTO_FREE struct kex_device *list = NULL;
	ssize_t count = kex_devices(&list);

	for (ssize_t i = 0; i < count; i++)
		if (strcmp(list[i].name, name) == 0) {
			*device = list[i];
			return true;
		}
	return false;
}

static bool prepare_host(struct check *check)
{
	const char *directory = getenv("TMPDIR");

	if (asprintf(&check->root, "%s/kexcheck-XXXXXX", directory != NULL ? directory : "/tmp") <
			0 ||
		mkdtemp(check->root) == NULL) {
		message("a scratch directory: %s", strerror(errno));
		return false;
	}
	setenv("ODMCFG_ROOT", check->root, 1);
	setenv("ODMCFG_KEXD_CHECK", "1", 1);
	unsetenv("ODMCFG_KEXD_STRICT");
	unsetenv("ODMDIR");
	unsetenv("ODMPATH");
	if (!run_command("init") || !run_command("cfgmgr"))
		return false;
	if (find_device(KEXCHECK_ADAPTER, &check->adapter))
		return true;
	message("the scratch host has no adapter");
	return false;
}

static bool build_text_dds(struct check *check)
{
	struct text_dds *dds = calloc(1, sizeof(*dds));

	text_printf(&check->text, "parent.intr_priority=%d\n", check->adapter.interrupt_class);
	if (dds == NULL || check->text.failed || check->text.length >= sizeof(dds->text)) {
		free(dds);
		message("the attributes take too much memory");
		return false;
	}
	dds->header = (struct dds_header){
		.version = TEXT_DDS_VERSION, .length = sizeof(*dds), .logical_name = "check0"};
	strcpy(dds->parent, KEXCHECK_ADAPTER);
	dds->parent_devno = check->adapter.devno;
	memcpy(dds->text, check->text.data, check->text.length);
	check->dds = (char *)dds;
	check->dds_length = sizeof(*dds);
	return true;
}

/* A DDS of the driver's own layout, as it is in a file. */
static bool read_dds(struct check *check)
{
	AUTO_FCLOSE FILE *file = fopen(check->dds_file, "re");

	check->dds = malloc(DDS_ROOM);
	if (check->dds == NULL) {
		message("there is not enough memory");
		return false;
	}
	check->dds_length = file != NULL ? fread(check->dds, 1, DDS_ROOM, file) : 0;
	if (file == NULL || ferror(file) || check->dds_length == 0 || !feof(file)) {
		message("%s: %s", check->dds_file,
			file == NULL || ferror(file) ? strerror(errno) : "not 1 to 49151 bytes");
		return false;
	}
	return true;
}

/* What the host has logged of the extension. */
static void read_log(struct check *check)
{
	static const char *const labels[] = {"KEX_ENVIRONMENT", "KEX_EVENT_INFO", "KEX_CRASH",
		"KEX_LOOP", "KEX_LEAK", "KEX_HEAP", "KEX_OVERSTAY"};
	char line[512], time[64], label[64], resource[64];
	AUTO_FREE char *path = root_path(ROOT_LOG, "kexd.log");
	AUTO_FCLOSE FILE *log = path != NULL ? fopen(path, "re") : NULL;
	int text;

	while (log != NULL && fgets(line, sizeof(line), log) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%63s %63s %63s %n", time, label, resource, &text) != 3)
			continue;
		for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
			if (strcmp(label, labels[i]) == 0)
				kexcheck_finding(check, "%s: %s", label, line + text);
	}
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *position)
{
	(void)status;
	(void)kind;
	(void)position;
	return remove(path);
}

static bool set_option(void *closure, int option, const char *value)
{
	struct check *check = closure;

	if (option == 'd') {
		check->dds_file = value;
		return true;
	}
	if (strchr(value, '=') == NULL || strchr(value, '\n') != NULL)
		return option_refused("-a", value, "Attribute=Value on one line");
	text_printf(&check->text, "%s\n", value);
	return true;
}

static bool find_extension(struct check *check, const char *file)
{
	check->path = realpath(file, NULL);
	if (check->path == NULL) {
		message("%s: %s", file, strerror(errno));
		return false;
	}
	const char *base = strrchr(check->path, '/') + 1;
	snprintf(check->name, sizeof(check->name), "%.*s", (int)strcspn(base, "."), base);
	return true;
}

static void end_host(struct check *check)
{
	kexd_stop(true);
	read_log(check);
	nftw(check->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int kexcheck_main(int argc, char **argv)
{
	static const struct option options[] = {{"dds", required_argument, NULL, 'd'}, {0}};
	static const struct syntax syntax = {usage, "a:h", options, NULL, set_option};
	static const struct operands extension = {"the extension, a file", 1, 1};
	AUTO(check_release) struct check check = {0};

	int status = arguments_read_operands(argc, argv, &syntax, &check, &extension);
	if (status >= 0)
		return status;
	if (!find_extension(&check, argv[optind]))
		return EXIT_FAILED;
	/* A file that can't be read is told before a host is made. */
	if (check.dds_file != NULL && !read_dds(&check))
		return EXIT_FAILED;
	bool ready = prepare_host(&check) && (check.dds_file != NULL || build_text_dds(&check));
	if (ready)
		kexcheck_run(&check);
	end_host(&check);
	if (ready && check.findings == 0)
		printf("%s: nothing was found\n", check.name);
	return ready && check.findings == 0 ? 0 : EXIT_FAILED;
}
