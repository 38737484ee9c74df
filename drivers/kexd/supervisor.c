/* The process supervisor: one thread starts workers' processes and reaps them. */
#include "kexd/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/errids.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/paths.h"

extern char **environ;

/* Seconds that a worker that does not end is given. */
#define END_SECONDS 10

/* Guards the start that is asked for, and each worker's pidfd; `changed` tells of both. */
static pthread_mutex_t supervisor_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct worker *to_start; /* NULL: nobody asks */
static int start_error; /* of the last one: an errno */
static int start_fd = -1; /* an eventfd: there is one to start */

/* What all workers share. */
static struct worker_shared *shared;
static int shared_fd = -1;

/* The signals that kexd itself blocks are not for its workers to inherit. */
static int spawn(const char *program, const char *slot, int control, int report, pid_t *pid)
{
	char *const arguments[] = {(char *)(uintptr_t) "kexworker", (char *)(uintptr_t)slot, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none;
	int error = posix_spawn_file_actions_init(&files);

	if (error != 0)
		return error;
	sigemptyset(&none);
	error = posix_spawnattr_init(&attributes);
	if (error == 0) {
		posix_spawnattr_setsigmask(&attributes, &none);
		posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
		/* All are above the targets, so that none is overwritten. */
		posix_spawn_file_actions_adddup2(&files, control, WORKER_CONTROL_FD);
		posix_spawn_file_actions_adddup2(&files, report, WORKER_CRASH_FD);
		posix_spawn_file_actions_adddup2(&files, shared_fd, WORKER_SHARED_FD);
		error = posix_spawn(pid, program, &files, &attributes, arguments, environ);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&files);
	return error;
}

/* A descriptor's copy above those that a worker is started with. */
static int move_up(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, WORKER_SHARED_FD + 1);

	close(fd);
	return moved;
}

/* New memory for sharing, and its descriptor; NULL and errno. */
static void *make_memory(const char *name, size_t size, int *fd)
{
	AUTO_CLOSE int made = memfd_create(name, MFD_CLOEXEC);

	if (made < 0 || ftruncate(made, (off_t)size) < 0)
		return NULL;
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, made, 0);
	if (memory == MAP_FAILED)
		return NULL;
	*fd = fcntl(made, F_DUPFD_CLOEXEC, WORKER_SHARED_FD + 1);
	return memory;
}

static int start_process(struct worker *worker)
{
	int pair[2];
	char slot[16];
	AUTO_FREE char *program = install_path(INSTALL_KEXD, "kexworker");
	AUTO_CLOSE int their_report = -1;
	struct crash_report *report = make_memory("crash", sizeof(*report), &their_report);

	if (program == NULL || report == NULL ||
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return errno;
	AUTO_CLOSE int theirs = move_up(pair[1]);
	snprintf(slot, sizeof(slot), "%d", worker->slot);
	int error = spawn(program, slot, theirs, their_report, &worker->pid);
	if (error != 0) {
		close(pair[0]);
		munmap(report, sizeof(*report));
		return error;
	}
	worker->pidfd = (int)syscall(SYS_pidfd_open, worker->pid, 0);
	worker->report = report;
	worker->started = clock_nanoseconds();
	worker->generation++;
	wire_limit_sends(pair[0]);
	pthread_mutex_lock(&worker->call_mutex);
	worker->control = pair[0];
	worker->owed = 0;
	pthread_mutex_unlock(&worker->call_mutex);
	atomic_store(&worker->state, WORKER_UP);
	return 0;
}

/* Says how a process ended; one that kexd wanted to end says nothing. */
static void log_end(const struct worker *worker, int status)
{
	const struct crash_report *report = worker->report;
	const char *name = worker_name(worker);

	if (report->signal != 0 && report->offset != 0)
		error_log("KEX_CRASH", report->owner,
			"%s at %s.so+0x%llx, address 0x%llx; the process of %s (%d) ended",
			strsignal(report->signal), report->owner,
			(unsigned long long)report->offset, (unsigned long long)report->address,
			name, (int)worker->pid);
	else if (report->signal != 0)
		error_log("KEX_CRASH", report->owner, "%s in a call; the process of %s (%d) ended",
			strsignal(report->signal), name, (int)worker->pid);
	else if (WIFSIGNALED(status))
		error_log("KEX_CRASH", "kexd", "the process of %s (%d) was ended by signal %d, %s",
			name, (int)worker->pid, WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		error_log("KEX_CRASH", "kexd", "the process of %s (%d) ended with status %d", name,
			(int)worker->pid, WEXITSTATUS(status));
}

static void free_numbers(const struct worker *worker)
{
	for (int number = 0; number < WORKER_HBAS; number++)
		if (atomic_load(&shared->hba_owners[number]) == worker->slot + 1)
			atomic_store(&shared->hba_owners[number], 0);
}

/* Reaps a process that has ended. */
static void reap(struct worker *worker)
{
	int status = 0;
	bool wanted = atomic_load(&worker->state) == WORKER_ENDING;

	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (!wanted)
		log_end(worker, status);
	munmap(worker->report, sizeof(*worker->report));
	worker->report = NULL;
	free_numbers(worker);
	/* Who waits for an answer has got the end instead by now. */
	pthread_mutex_lock(&worker->call_mutex);
	close(worker->control);
	worker->control = -1;
	pthread_mutex_unlock(&worker->call_mutex);

	pthread_mutex_lock(&supervisor_mutex);
	close(worker->pidfd);
	worker->pidfd = -1;
	atomic_store(&worker->state, WORKER_DOWN);
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&supervisor_mutex);
	if (!wanted)
		worker_died(worker);
}

static void start_wanted(void)
{
	uint64_t count;

	if (read(start_fd, &count, sizeof(count)) < 0)
		return;
	pthread_mutex_lock(&supervisor_mutex);
	if (to_start != NULL) {
		start_error = start_process(to_start);
		to_start = NULL;
		pthread_cond_broadcast(&changed);
	}
	pthread_mutex_unlock(&supervisor_mutex);
}

struct trace_memory *supervisor_trace(void)
{
	return &shared->trace;
}

int supervisor_shared_fd(void)
{
	return shared_fd;
}

static void *run(void *argument)
{
	(void)argument;
	for (;;) {
		struct pollfd watched[WORKER_SLOTS + 1];
		for (int slot = 0; slot < WORKER_SLOTS; slot++)
			watched[slot] =
				(struct pollfd){.fd = workers[slot].pidfd, .events = POLLIN};
		watched[WORKER_SLOTS] = (struct pollfd){.fd = start_fd, .events = POLLIN};
		if (poll(watched, WORKER_SLOTS + 1, -1) < 0)
			continue;
		for (int slot = 0; slot < WORKER_SLOTS; slot++)
			if (watched[slot].fd >= 0 && (watched[slot].revents & POLLIN))
				reap(&workers[slot]);
		if (watched[WORKER_SLOTS].revents & POLLIN)
			start_wanted();
	}
	return NULL;
}

int supervisor_begin(void)
{
	pthread_t thread;

	start_fd = eventfd(0, EFD_CLOEXEC);
	shared = make_memory("workers", sizeof(*shared), &shared_fd);
	if (start_fd < 0 || shared == NULL)
		return errno;
	int error = pthread_create(&thread, NULL, run, NULL);
	if (error == 0)
		pthread_detach(thread);
	return error;
}

/* The configuration mutex, which the callers hold, makes it one start at a time. */
int supervisor_start(struct worker *worker)
{
	uint64_t one = 1;

	pthread_mutex_lock(&supervisor_mutex);
	while (atomic_load(&worker->state) == WORKER_ENDING)
		pthread_cond_wait(&changed, &supervisor_mutex);
	to_start = worker;
	if (write(start_fd, &one, sizeof(one)) < 0)
		error_log("KEX_START", "kexd", "eventfd: %s", strerror(errno));
	while (to_start != NULL)
		pthread_cond_wait(&changed, &supervisor_mutex);
	int error = start_error;
	pthread_mutex_unlock(&supervisor_mutex);
	return error;
}

void supervisor_expect_end(struct worker *worker)
{
	int up = WORKER_UP;

	atomic_compare_exchange_strong(&worker->state, &up, WORKER_ENDING);
}

/* With the mutex held: by the descriptor, as the number may be another process's by now. */
static void kill_now(const struct worker *worker)
{
	if (worker->pidfd >= 0)
		syscall(SYS_pidfd_send_signal, worker->pidfd, SIGKILL, NULL, 0);
}

void supervisor_kill(struct worker *worker)
{
	struct timespec until = clock_deadline(END_SECONDS * CLOCK_SECOND);

	pthread_mutex_lock(&supervisor_mutex);
	kill_now(worker);
	/* What the caller does next depends on whether there is a process. */
	while (atomic_load(&worker->state) != WORKER_DOWN &&
		pthread_cond_clockwait(&changed, &supervisor_mutex, CLOCK_MONOTONIC, &until) == 0)
		continue;
	pthread_mutex_unlock(&supervisor_mutex);
}

static void *kill_later(void *argument)
{
	const struct timespec pause = {(time_t)(uintptr_t)argument, 0};

	nanosleep(&pause, NULL);
	pthread_mutex_lock(&supervisor_mutex);
	for (int slot = 0; slot < WORKER_SLOTS; slot++)
		if (workers[slot].pidfd >= 0) {
			error_log("KEX_STOP", "kexd", "the process of %s does not answer: killed",
				worker_name(&workers[slot]));
			kill_now(&workers[slot]);
		}
	pthread_mutex_unlock(&supervisor_mutex);
	return NULL;
}

void supervisor_kill_after(unsigned seconds)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, kill_later, (void *)(uintptr_t)seconds) == 0)
		pthread_detach(thread);
}

void supervisor_await_end(struct worker *worker)
{
	struct timespec until = clock_deadline(END_SECONDS * CLOCK_SECOND);

	pthread_mutex_lock(&supervisor_mutex);
	while (atomic_load(&worker->state) == WORKER_ENDING)
		if (pthread_cond_clockwait(&changed, &supervisor_mutex, CLOCK_MONOTONIC, &until) ==
			ETIMEDOUT) {
			error_log("KEX_STOP", "kexd", "the process of %s (%d) does not end: killed",
				worker->name, (int)worker->pid);
			kill_now(worker);
			until.tv_sec += END_SECONDS;
		}
	pthread_mutex_unlock(&supervisor_mutex);
}
