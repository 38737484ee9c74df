/*
 * kexworker, a process of the extension host: kexd starts one for each adapter with its children.
 * The main thread notices hang-ups, interrupts and when it is to stop; kexd's requests have a
 * thread, and so has every process that opened a device.
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
#include "wire/main_loop.h"
#include "wire/worker.h"
#include "worker/connection.h"
#include "worker/control.h"
#include "worker/crash.h"

/* What an event is about, apart from the stop: a connection's id shifted left. */
#define WATCH_FIRST_ID (MAIN_LOOP_STOP + 1)
#define WATCH_INTERRUPT 1u

/* Nanoseconds that a handler may take when the checker looks. */
#define HANDLER_LIMIT 100000

static int refuse_start(const char *what, int error)
{
	error_log("KEX_START", "kexworker", "%s: %s", what, strerror(error));
	return 1;
}

void watch_socket(uint64_t id, int socket)
{
	main_loop_watch(socket, EPOLLRDHUP | EPOLLET, (id << 1) + WATCH_FIRST_ID);
}

void watch_interrupt(uint64_t id, int fd)
{
	main_loop_watch(fd, EPOLLIN | EPOLLET, (id << 1 | WATCH_INTERRUPT) + WATCH_FIRST_ID);
}

static void dispatch(uint64_t about)
{
	uint64_t id = (about - WATCH_FIRST_ID) >> 1;

	if ((about - WATCH_FIRST_ID) & WATCH_INTERRUPT)
		connection_interrupted(id);
	else
		connection_hung_up(id);
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
	/* The signals that it blocks are kexd's; a terminal's Ctrl-C reaches this process too. */
	if (main_loop_prepare() < 0)
		return refuse_start("prepare", errno);
	error = watchdog_start();
	if (error == 0)
		error = control_start(WORKER_CONTROL_FD);
	if (error != 0)
		return refuse_start("threads", error);

	main_loop_run(dispatch, log_file_follow);
	connections_end();
	unconfigure_all();
	error_log_flush();
	return 0;
}
