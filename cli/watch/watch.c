/*
 * odmcfg watch, a program of its own: libudev has no archive to link the commands with. It is
 * started by that command.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/holder.h"
#include "base/message.h"
#include "base/process.h"
#include "base/root_file.h"
#include "cfgmethods/host_devices.h"
#include "cli/shared/arguments.h"
#include "cli/shared/command.h"
#include "cli/shared/device_command.h"
#include "cli/shared/repository_trouble.h"
#include "detect.h"
#include "work.h"

static const char usage[] = "odmcfg watch [--once] [--buffer Kilobytes] [-h]";

#define BUFFER (128 * 1024) /* kilobytes: 100,000 events, which take no memory before they come */
#define LARGEST_BUFFER (1024 * 1024)

struct request {
	bool once;
	int buffer; /* kilobytes */
};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;
	long long number;

	if (option == 'o') {
		request->once = true;
		return true;
	}
	if (!parse_number(option_value(value), &number) || number < 1 || number > LARGEST_BUFFER)
		return option_refused("--buffer", value, "kilobytes from 1 to 1048576");
	request->buffer = (int)number;
	return true;
}

static void tell_who_watches(int fd)
{
	struct stat status;
	char process[192] = "another process";
	pid_t holder = fstat(fd, &status) == 0 ? lock_holder(&status, -1) : 0;

	if (holder > 0)
		process_description(holder, process, sizeof(process));
	message("process %s watches the devices of this root already", process);
}

/* The file with its lock, which tells that this root is watched: -1 with a message. */
static int take_pid_file(void)
{
	char text[32];
	AUTO_CLOSE int fd = root_file_open(ROOT_RUN, "watch.pid", O_RDWR | O_CREAT, 0600);

	if (fd < 0) {
		message("%s", root_file_reason());
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		tell_who_watches(fd);
		return -1;
	}
	int length = snprintf(text, sizeof(text), "%d\n", (int)getpid());
	if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)length, 0) != length) {
		message("watch.pid can't be written: %s", strerror(errno));
		return -1;
	}
	int taken = fd;
	fd = -1;
	return taken;
}

static int hold_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &signals, NULL) < 0)
		return -1;
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* False when one says that the watch ends. */
static bool take_signals(int fd, struct work *work)
{
	struct signalfd_siginfo signal;

	while (read(fd, &signal, sizeof(signal)) == (ssize_t)sizeof(signal)) {
		if (signal.ssi_signo != SIGHUP)
			return false;
		work_rescan(work);
	}
	return true;
}

/* Milliseconds for poll, rounded up. */
static int wait_until(int64_t due)
{
	int64_t left = due - clock_nanoseconds();

	if (due == NEVER)
		return -1;
	return left <= 0 ? 0 : (int)(left / 1000000 + 1);
}

/* Until a signal ends it, or it can't go on. */
static void serve(struct work *work, struct events *events, int signals)
{
	bool told = false;

	do {
		int sources[EVENT_SOURCES];
		if (!events_read(events, work_take_event, work)) {
			message("events may have been lost: all devices are looked at");
			work_rescan(work);
		}
		int64_t due = work_do(work);
		if (!told && (!work->detection || work->failures > 0)) {
			sd_notifyf(0, "READY=1\nSTATUS=Watching %d devices", work->directory.count);
			told = true;
		}
		events_descriptors(events, sources);
		struct pollfd polled[EVENT_SOURCES + 1] = {{.fd = signals, .events = POLLIN}};
		for (int i = 0; i < EVENT_SOURCES; i++)
			polled[i + 1] = (struct pollfd){.fd = sources[i], .events = POLLIN};
		if (!work->broken && poll(polled, EVENT_SOURCES + 1, wait_until(due)) < 0 &&
			errno != EINTR) {
			message("poll: %s", strerror(errno));
			work->broken = true;
		}
	} while (!work->broken && take_signals(signals, work));
}

static int watch(const struct request *request, bool has_events)
{
	AUTO(work_release) struct work work = {0};
	AUTO(events_close) struct events events = {.links = -1};
	AUTO_CLOSE int pid_file = take_pid_file();
	AUTO_CLOSE int signals = pid_file >= 0 ? hold_signals() : -1;

	if (signals < 0)
		return EXIT_FAILED;
	/* Before the first look: nothing comes between. A tree that is a copy has no events. */
	if (has_events && events_open(&events, request->buffer * 1024) < 0)
		return EXIT_FAILED;
	work_rescan(&work);
	serve(&work, &events, signals);
	sd_notify(0, "STOPPING=1");
	if (ftruncate(pid_file, 0) < 0)
		message("watch.pid can't be written: %s", strerror(errno));
	return work.broken ? EXIT_FAILED : 0;
}

/* Values that are refused are told, and keep nothing from starting. */
static int look_once(void)
{
	AUTO(work_release) struct work work = {0};

	if (!lock_configuration())
		return EXIT_FAILED;
	work_rescan(&work);
	work_do(&work);
	return work.broken || work.detection ? EXIT_FAILED : 0;
}

static int run(const struct request *request)
{
	char *mistake = NULL;

	if (!device_command_begin(false) || !repository_version_fits(true))
		return EXIT_FAILED;
	const struct sysfs_tree *tree = host_tree(&mistake);
	AUTO_FREE char *owned = mistake;
	if (tree == NULL) {
		message("%s", owned != NULL ? owned : "there is not enough memory");
		return EXIT_FAILED;
	}
	if (request->once)
		return look_once();
	char *other = NULL;
	const struct machine *machine = machine_get(&other);
	free(other);
	return watch(request, machine != NULL && strcmp(machine->host, "/sys") == 0);
}

/* argv is "odmcfg watch ...": what the history shows. */
int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"once", no_argument, NULL, 'o'}, {"buffer", required_argument, NULL, 'b'}, {0}};
	static const struct syntax syntax = {usage, "h", options, NULL, set_option};
	struct request request = {.buffer = BUFFER};

	command_describe(
		"watch", "configure what comes, and keep the stored values", "odmcfg-watch");
	if (argc < 2)
		return usage_error(usage);
	int status = arguments_read(argc - 1, argv + 1, &syntax, &request);
	if (status >= 0)
		return status;
	status = run(&request);
	odm_terminate();
	return status;
}
