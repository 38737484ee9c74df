/*
 * kexworker, a process of the extension host: kexd starts one for each adapter with its children.
 * The main thread notices hang-ups, interrupts and the wish to stop; kexd's requests have a thread,
 * and so has every process that opened a device.
 *
 * kexworker SLOT, with the descriptors of wire/worker.h. It does not outlive kexd.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/errids.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "processor/environment.h"
#include "processor/processor.h"
#include "scsi/sdi.h"
#include "services/device.h"
#include "services/trace.h"
#include "services/watchdog.h"
#include "wire/errlog.h"
#include "wire/log_file.h"
#include "wire/worker.h"
#include "worker/connection.h"
#include "worker/control.h"
#include "worker/crash.h"

/* What an epoll event is about: a connection's id shifted left, or the wish to stop. */
enum watched { WATCH_STOP, WATCH_FIRST_ID };
#define WATCH_INTERRUPT 1u

/* Nanoseconds that a handler may take when the checker looks. */
#define HANDLER_LIMIT 100000

static int epoll_fd = -1, stop_fd = -1;

static int refuse_start(const char *what, int error)
{
	error_log("KEX_START", "kexworker", "%s: %s", what, strerror(error));
	return 1;
}

static void watch(int fd, uint32_t events, uint64_t about)
{
	struct epoll_event event = {.events = events, .data.u64 = about};

	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		error_log("KEX_WATCH", "kexworker", "epoll_ctl: %s", strerror(errno));
}

void watch_socket(uint64_t id, int socket)
{
	watch(socket, EPOLLRDHUP | EPOLLET, (id << 1) + WATCH_FIRST_ID);
}

void watch_interrupt(uint64_t id, int fd)
{
	watch(fd, EPOLLIN | EPOLLET, (id << 1 | WATCH_INTERRUPT) + WATCH_FIRST_ID);
}

void request_stop(void)
{
	uint64_t one = 1;

	if (write(stop_fd, &one, sizeof(one)) < 0)
		error_log("KEX_STOP", "kexworker", "eventfd: %s", strerror(errno));
}

static void dispatch(uint64_t about)
{
	uint64_t id = (about - WATCH_FIRST_ID) >> 1;

	if ((about - WATCH_FIRST_ID) & WATCH_INTERRUPT)
		connection_interrupted(id);
	else
		connection_hung_up(id);
}

/* Until kexd wants the process to end. Now and then it looks after the log. */
static void serve(void)
{
	for (;;) {
		struct epoll_event events[16];
		int count = epoll_wait(epoll_fd, events, 16, LOG_FILE_PERIOD);
		log_file_follow();
		for (int i = 0; i < count; i++) {
			if (events[i].data.u64 == WATCH_STOP)
				return;
			dispatch(events[i].data.u64);
		}
	}
}

/* Unconfigures what is configured, the last first, and unloads the extensions. */
static void unconfigure_all(void)
{
	struct kern_thread thread = {0};
	char reason[WIRE_REASON];
	struct module *module;
	dev_t devno;

	kern_thread_enter(&thread);
	pthread_mutex_lock(&configuration_mutex);
	while (device_last(&devno, &module)) {
		int error = module_call(module, devno, CFG_TERM, NULL, 0, reason);
		if (error != 0)
			error_log("KEX_TERM", module->name, "CFG_TERM at stop: %s %s",
				strerror(error), reason);
		device_withdraw(devno);
	}
	while (module_first() != NULL && !module_in_use(module_first()))
		if (module_unload(module_first()->kmid, reason) != 0)
			break;
	pthread_mutex_unlock(&configuration_mutex);
	kern_thread_leave();
}

/* kexd's signals are kexd's; a terminal's Ctrl-C reaches this process too. */
static int prepare_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	signal(SIGPIPE, SIG_IGN);
	return pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

int main(int argc, char **argv)
{
	int slot = argc == 2 ? atoi(argv[1]) : -1;

	if (slot < 0 || slot >= WORKER_SLOTS) {
		fprintf(stderr, "kexworker is a part of kexd, which starts it\n");
		return 2;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getenv("ODMCFG_KEXD_STRICT") != NULL)
		environment_be_strict();
	if (getenv("ODMCFG_KEXD_CHECK") != NULL)
		processor_watch_time(HANDLER_LIMIT);
	struct worker_shared *shared = mmap(
		NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, WORKER_SHARED_FD, 0);
	if (shared == MAP_FAILED)
		return refuse_start("shared memory", errno);
	trace_attach(&shared->trace);
	sdi_share_numbers(shared->hba_owners, (uint8_t)(slot + 1));
	int error = crash_prepare(WORKER_CRASH_FD);
	if (error != 0)
		return refuse_start("crash report", error);
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	stop_fd = eventfd(0, EFD_CLOEXEC);
	if (prepare_signals() != 0 || epoll_fd < 0 || stop_fd < 0)
		return refuse_start("prepare", errno);
	watch(stop_fd, EPOLLIN, WATCH_STOP);
	error = watchdog_start();
	if (error == 0)
		error = control_start(WORKER_CONTROL_FD);
	if (error != 0)
		return refuse_start("threads", error);

	serve();
	connections_end();
	unconfigure_all();
	error_log_settle();
	/* The descriptors stay: the thread of kexd's requests may still be writing to one. */
	return 0;
}
