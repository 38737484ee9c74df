/* Waiting for others: for locks, and for the repository's file; and reporting it to
 * odm_on_wait's routine. */
#include <errno.h>
#include <odmx.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/holder.h"
#include "storage/opening.h"
#include "storage/thread.h"

/* After how long a wait is reported to odm_on_wait's routine. */
#define NOTICE_SECONDS 1

/* The byte of odm.db-shm that SQLite's writer locks, by its description of the log's index. */
#define WRITER_BYTE 120

/* Under the library's lock. */
static odm_wait_notice *on_wait;

LIBODM_API odm_wait_notice *odm_on_wait(odm_wait_notice *notice)
{
	LIBRARY_LOCKED;
	odm_wait_notice *before = on_wait;

	on_wait = notice;
	return before;
}

static odm_wait_notice *notice(void)
{
	LIBRARY_LOCKED;
	return on_wait;
}

/* A wait for a lock, watched by a thread that reports it when it lasts. */
struct watch {
	pthread_mutex_t mutex;
	pthread_cond_t ended;
	bool over;
	const char *path;
	const struct stat *file;
	odm_wait_notice *notice;
};

static void *watch_wait(void *closure)
{
	struct watch *watch = closure;
	const struct timespec end = clock_deadline(NOTICE_SECONDS * CLOCK_SECOND);
	int result = 0;

	pthread_mutex_lock(&watch->mutex);
	while (!watch->over && result == 0)
		result =
			pthread_cond_clockwait(&watch->ended, &watch->mutex, CLOCK_MONOTONIC, &end);
	if (!watch->over)
		watch->notice(watch->path, lock_holder(watch->file, -1));
	pthread_mutex_unlock(&watch->mutex);
	return NULL;
}

/* Signals are for the thread that waits. */
static bool start_watch(struct watch *watch, pthread_t *thread)
{
	sigset_t all, before;

	sigfillset(&all);
	if (watch->notice == NULL || pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
		return false;
	bool started = pthread_create(thread, NULL, watch_wait, watch) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

int wait_for_lock(int fd, const char *path)
{
	struct stat status;
	struct watch watch = {.mutex = PTHREAD_MUTEX_INITIALIZER,
		.ended = PTHREAD_COND_INITIALIZER,
		.path = path,
		.file = &status,
		.notice = notice()};
	pthread_t thread;

	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (fstat(fd, &status) < 0)
		return -1;
	bool watched = start_watch(&watch, &thread);
	int result = flock(fd, LOCK_EX), error = errno;
	if (watched) {
		pthread_mutex_lock(&watch.mutex);
		watch.over = true;
		pthread_cond_signal(&watch.ended);
		pthread_mutex_unlock(&watch.mutex);
		pthread_join(thread, NULL);
	}
	errno = error;
	return result;
}

static void report_writer(const struct repository *repository)
{
	AUTO_FREE char *shared = NULL, *file = NULL;
	struct stat status;

	if (on_wait == NULL || asprintf(&file, "%s/odm.db", repository->directory) < 0 ||
		asprintf(&shared, "%s-shm", file) < 0)
		return;
	on_wait(file, stat(shared, &status) == 0 ? lock_holder(&status, WRITER_BYTE) : 0);
}

/* SQLite asks before each further try: those get rarer, as with its own handler. */
static int wait_for_repository(void *closure, int tries)
{
	struct repository *repository = closure;
	int pause = tries < 10 ? tries + 1 : tries < 20 ? 20 : 50;

	if (tries == 0) {
		repository->waited = 0;
		repository->notified = false;
	}
	if (repository->waited >= BUSY_MILLISECONDS)
		return 0;
	if (repository->waited >= NOTICE_SECONDS * 1000 && !repository->notified) {
		repository->notified = true;
		report_writer(repository);
	}
	sqlite3_sleep(pause);
	repository->waited += pause;
	return 1;
}

void wait_prepare(struct repository *repository)
{
	sqlite3_busy_handler(repository->database, wait_for_repository, repository);
}
