/*
 * odmcfg kexcheck: loads an extension in a host of its own, beside a simulated adapter, makes it do
 * all that a driver has to do, and reports what it did wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <kex.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/device.h>
#include <sys/scsi_buf.h>
#include <sys/sysmacros.h>
#include <sys/text_dds.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arguments.h"
#include "base/message.h"
#include "base/paths.h"
#include "base/text.h"
#include "commands.h"
#include "tm_command.h"

static const char usage[] =
	"odmcfg kexcheck [-a Attribute=Value] ... [--dds File] [-h] Extension.so";

#define EXIT_FAILED 1
#define DEVNO makedev(240, 0)
#define ADAPTER "scsi0"

struct check {
	struct text text; /* the attributes, a line each */
	const char *dds_file;
	char path[PATH_MAX]; /* the extension's */
	char name[32]; /* the extension's */
	char *root; /* the scratch host's */
	char *dds; /* what CFG_INIT is given */
	size_t dds_length;
	mid_t kmid;
	struct kex_device adapter;
	int findings;
};

static void check_release(struct check *check)
{
	text_release(&check->text);
	free(check->root);
	free(check->dds);
}

static void finding(struct check *check, const char *format, ...) PRINTF_LIKE(2, 3);
static void finding(struct check *check, const char *format, ...)
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
	if (find_device(ADAPTER, &check->adapter))
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
	strcpy(dds->parent, ADAPTER);
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
	char bytes[49152];

	check->dds_length = file != NULL ? fread(bytes, 1, sizeof(bytes), file) : 0;
	if (file == NULL || ferror(file) || check->dds_length == 0 || !feof(file)) {
		message("%s: %s", check->dds_file,
			file == NULL || ferror(file) ? strerror(errno) : "not 1 to 49151 bytes");
		return false;
	}
	check->dds = malloc(check->dds_length);
	if (check->dds != NULL)
		memcpy(check->dds, bytes, check->dds_length);
	return check->dds != NULL;
}

static int call(const struct check *check, int cmd, char *dds, size_t length)
{
	struct cfg_dd parameter = {.kmid = check->kmid,
		.devno = DEVNO,
		.cmd = cmd,
		.ddsptr = dds,
		.ddslen = (int)length};

	kex_place(DEVNO, check->adapter.devno);
	return sysconfig(SYS_CFGDD, &parameter, sizeof(parameter));
}

static bool configure(struct check *check)
{
	if (call(check, CFG_INIT, check->dds, check->dds_length) == 0)
		return true;
	finding(check, "CFG_INIT is refused: %s", tm_reason());
	return false;
}

static void unconfigure(struct check *check)
{
	if (call(check, CFG_TERM, NULL, 0) < 0)
		finding(check, "CFG_TERM is refused: %s", tm_reason());
}

static void raise_event(const struct check *check, uint32_t event)
{
	struct kex_file *adapter = kex_open(ADAPTER, O_RDWR);
	struct scsi_fault fault = {.event = event};

	/* The adapter's process may have ended by then: the log tells. */
	if (adapter != NULL)
		kex_ioctl(adapter, SCIOFAULT, &fault);
	kex_close(adapter);
	usleep(50000);
	(void)check;
}

static void interrupt(int number)
{
	(void)number;
}

/* A call that a driver lets wait for ever although it should not is ended by a signal. */
static void use(struct check *check, struct kex_file *file, const char *name, int oflag)
{
	char data[4096] = "";
	short revents;

	alarm(2);
	kex_poll(file, POLLIN | POLLPRI, &revents, 0);
	if ((oflag & O_ACCMODE) == O_RDONLY && kex_read(file, data, sizeof(data)) < 0 &&
		errno == EINTR)
		finding(check, "%s: a read that was not to wait waited", name);
	alarm(0);
	if (kex_ioctl(file, _IO('?', 255), NULL) == 0)
		finding(check, "%s: it accepts an ioctl that nobody has defined", name);
}

/* In whatever direction the driver allows. */
static struct kex_file *open_device(const char *name, int *oflag)
{
	static const int directions[] = {O_RDONLY, O_WRONLY, O_RDWR};

	for (size_t i = 0; i < sizeof(directions) / sizeof(*directions); i++) {
		*oflag = directions[i] | O_NONBLOCK;
		struct kex_file *file = kex_open(name, *oflag);
		if (file != NULL || (errno != EINVAL && errno != EACCES))
			return file;
	}
	return NULL;
}

/* Opens it and lets events come; with `last_event` the one that ends the session. */
static void exercise(struct check *check, const struct kex_device *device, uint32_t last_event)
{
	int oflag;

	if (special_file_make(device->name, device->devno, 0600) < 0)
		return;
	struct kex_file *file = open_device(device->name, &oflag);
	if (file == NULL) {
		if (errno != ENODEV)
			finding(check, "%s can't be opened: %s", device->name, tm_reason());
		return;
	}
	use(check, file, device->name, oflag);
	raise_event(check, SCSI_RESET_EVENT);
	raise_event(check, SCSI_ADAP_CMD_FAILED);
	if (last_event != 0)
		raise_event(check, last_event);
	use(check, file, device->name, oflag);
	if (last_event == 0 && call(check, CFG_TERM, NULL, 0) == 0)
		finding(check, "CFG_TERM succeeds while %s is open", device->name);
	kex_close(file);
	/* The close is the host's, a moment later. */
	struct kex_device now;
	for (int tries = 0; tries < 100 && kex_device(device->devno, &now) == 1 && now.opens > 0;
		tries++)
		usleep(10000);
}

/* What the extension published, used one after the other. */
static void exercise_all(struct check *check, uint32_t last_event)
{
	AUTO_FREE struct kex_device *list = NULL;
	ssize_t count = kex_devices(&list);
	int published = 0;

	for (ssize_t i = 0; i < count; i++)
		if (strcmp(list[i].extension, check->name) == 0) {
			exercise(check, &list[i], last_event);
			published++;
		}
	if (published == 0)
		finding(check, "it publishes no device");
}

static void look_for_rests(struct check *check)
{
	AUTO_FREE struct kex_device *list = NULL;
	ssize_t count = kex_devices(&list);

	for (ssize_t i = 0; i < count; i++)
		if (strcmp(list[i].extension, check->name) == 0)
			finding(check, "%s is still published after CFG_TERM", list[i].name);
}

static void check_refusals(struct check *check)
{
	if (call(check, CFG_INIT, NULL, 0) == 0) {
		finding(check, "CFG_INIT succeeds without a DDS");
		unconfigure(check);
	}
	if (call(check, 0x7777, NULL, 0) == 0)
		finding(check, "it accepts a configuration command that nobody has defined");
}

/* Twice: what one life leaves behind hinders the next. The second ends with the adapter's failure.
 */
static void live(struct check *check)
{
	check_refusals(check);
	for (int life = 0; life < 2; life++) {
		if (!configure(check))
			return;
		if (life == 0 && call(check, CFG_INIT, check->dds, check->dds_length) == 0)
			finding(check, "CFG_INIT succeeds for a device that is configured");
		exercise_all(check, life == 0 ? 0 : SCSI_FATAL_HDW_ERR);
		unconfigure(check);
		look_for_rests(check);
	}
}

static bool load(struct check *check)
{
	struct cfg_load parameter = {.path = check->path};

	if (sysconfig(SYS_SINGLELOAD, &parameter, sizeof(parameter)) < 0) {
		finding(check, "it can't be loaded: %s", tm_reason());
		return false;
	}
	check->kmid = parameter.kmid;
	return true;
}

static void unload(struct check *check)
{
	struct cfg_load parameter = {.kmid = check->kmid};

	if (sysconfig(SYS_KULOAD, &parameter, sizeof(parameter)) < 0)
		finding(check, "it can't be unloaded: %s", tm_reason());
}

/* What the host has logged of the extension. */
static void read_log(struct check *check)
{
	static const char *const labels[] = {"KEX_ENVIRONMENT", "KEX_EVENT_INFO", "KEX_CRASH",
		"KEX_LOOP", "KEX_LEAK", "KEX_HEAP", "KEX_OVERSTAY"};
	char line[512], time[64], label[64], resource[64];
	AUTO_FREE char *path = root_path(ROOT_LOG, "kexd.log");
	AUTO_FCLOSE FILE *log = path != NULL ? fopen(path, "re") : NULL;
	int place;

	while (log != NULL && fgets(line, sizeof(line), log) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%63s %63s %63s %n", time, label, resource, &place) != 3)
			continue;
		for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
			if (strcmp(label, labels[i]) == 0)
				finding(check, "%s: %s", label, line + place);
	}
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

static bool set_option(void *closure, int option, const char *value)
{
	struct check *check = closure;

	if (option == 'd') {
		check->dds_file = value;
		return true;
	}
	if (option != 'a' || strchr(value, '=') == NULL || strchr(value, '\n') != NULL)
		return false;
	text_printf(&check->text, "%s\n", value);
	return true;
}

static bool find_extension(struct check *check, const char *file)
{
	if (realpath(file, check->path) == NULL) {
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
	const struct sigaction action = {.sa_handler = interrupt};
	AUTO(check_release) struct check check = {0};

	int status = arguments_read_some(argc, argv, &syntax, &check);
	if (status >= 0)
		return status;
	if (optind != argc - 1)
		return usage_error(usage);
	sigaction(SIGALRM, &action, NULL);
	if (!find_extension(&check, argv[optind]))
		return EXIT_FAILED;
	bool ready = prepare_host(&check) &&
		     (check.dds_file != NULL ? read_dds(&check) : build_text_dds(&check));
	if (ready && load(&check)) {
		live(&check);
		unload(&check);
	}
	end_host(&check);
	if (ready && check.findings == 0)
		printf("%s: nothing was found\n", check.name);
	return ready && check.findings == 0 ? 0 : EXIT_FAILED;
}
