/* odm_lock: advisory locks, a locked file for each path, inherited by child processes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "storage/opening.h"
#include "storage/thread.h"

/* The paths that an ancestor or this process holds, each between colons. */
#define HELD_VARIABLE "ODMLOCKS"

struct lock {
	int id;
	char *path;
	int fd; /* -1: an ancestor holds it */
	int count;
	unsigned long thread; /* the holder; other threads wait as other processes do */
	struct lock *next;
};

/* Under the library's lock. */
static struct lock *locks;
static int last_id;

/*
 * Whoever may open the file can lock it, for reading is enough: it is its owner's. What an older
 * version made for all to read is closed; a mode that lets only a group in was set on purpose.
 */
static int deny_others(int fd)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return -1;
	if (!S_ISREG(status.st_mode) || status.st_size > 0 || (status.st_mode & 07) == 0 ||
		status.st_uid != geteuid())
		return 0;
	return fchmod(fd, 0600);
}

/* A directory is locked by a file inside it; any other path by itself. */
static int open_lock_file(const char *path)
{
	struct stat status;
	AUTO_FREE char *inside = NULL;

	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
		if (asprintf(&inside, "%s/.odm_lock", path) < 0)
			return odm_fail(ODMI_MALLOC_ERR);
		path = inside;
	}
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0 && deny_others(fd) == 0)
		return fd;
	int error = errno;
	if (fd >= 0)
		close(fd);
	return odm_fail_errno(error, ODMI_BAD_TOKEN);
}

static int acquire(int fd, const char *path, int time_out)
{
	struct timespec pause = {0, 10000000};
	int64_t start = clock_nanoseconds();

	for (;;) {
		if ((time_out == ODM_WAIT ? wait_for_lock(fd, path)
					  : flock(fd, LOCK_EX | LOCK_NB)) == 0)
			return 0;
		if (errno != EINTR && errno != EWOULDBLOCK)
			return odm_fail(ODMI_BAD_LOCK);
		if (time_out != ODM_WAIT && clock_nanoseconds() - start >= time_out * CLOCK_SECOND)
			return odm_fail(ODMI_LOCK_BLOCKED);
		if (time_out != ODM_WAIT)
			nanosleep(&pause, NULL);
	}
}

/* Whether the variable has ":path:". */
static const char *find_held(const char *held, const char *path)
{
	AUTO_FREE char *entry = NULL;

	if (held == NULL || asprintf(&entry, ":%s:", path) < 0)
		return NULL;
	return strstr(held, entry);
}

static int note_held(const char *path)
{
	const char *held = getenv(HELD_VARIABLE);
	AUTO_FREE char *longer = NULL;

	if (asprintf(&longer, "%s%s:", held != NULL ? held : ":", path) < 0 ||
		setenv(HELD_VARIABLE, longer, 1) < 0)
		return odm_fail(ODMI_LOCK_ENV);
	return 0;
}

static void forget_held(const char *path)
{
	AUTO_FREE char *held = strdup(getenv(HELD_VARIABLE) ? getenv(HELD_VARIABLE) : "");
	const char *entry = held != NULL ? find_held(held, path) : NULL;

	if (entry == NULL)
		return;
	char *start = held + (entry - held);
	memmove(start + 1, start + strlen(path) + 2, strlen(start + strlen(path) + 2) + 1);
	if (strcmp(held, ":") == 0)
		unsetenv(HELD_VARIABLE);
	else
		setenv(HELD_VARIABLE, held, 1);
}

static void lock_free(struct lock **lock)
{
	if (*lock == NULL)
		return;
	if ((*lock)->fd >= 0)
		close((*lock)->fd);
	free((*lock)->path);
	free(*lock);
}

/* This thread's lock of a path, NULL for none. */
static struct lock *held_by_us(const char *path)
{
	struct lock *lock = locks;

	while (lock != NULL && (lock->thread != thread_number() || strcmp(lock->path, path) != 0))
		lock = lock->next;
	return lock;
}

/* Whether a process above this one holds it: it is noted and no thread here took it. */
static bool held_by_ancestor(const char *path)
{
	for (const struct lock *lock = locks; lock != NULL; lock = lock->next)
		if (lock->fd >= 0 && strcmp(lock->path, path) == 0)
			return false;
	return find_held(getenv(HELD_VARIABLE), path) != NULL;
}

static int enter(struct lock *lock)
{
	LIBRARY_LOCKED;
	if (lock->fd >= 0 && note_held(lock->path) < 0)
		return -1;
	lock->id = ++last_id;
	lock->next = locks;
	locks = lock;
	return lock->id;
}

/* The lock of this thread or an ancestor again: its id; 0 when it has to be acquired. */
static int take_again(const char *path, bool *ancestor)
{
	LIBRARY_LOCKED;
	struct lock *mine = held_by_us(path);

	*ancestor = mine == NULL && held_by_ancestor(path);
	if (mine == NULL)
		return 0;
	mine->count++;
	return mine->id;
}

/* Without the library's lock while it waits: who gives this lock back may be another thread. */
LIBODM_API int odm_lock(char *lock_path, int time_out)
{
	AUTO(lock_free) struct lock *lock = NULL;
	bool ancestor;

	if (lock_path == NULL || *lock_path == '\0')
		return odm_fail(ODMI_PARAMS);
	if (time_out < 0 && time_out != ODM_WAIT)
		return odm_fail(ODMI_BAD_TIMEOUT);
	int id = take_again(lock_path, &ancestor);
	if (id > 0)
		return id;

	lock = calloc(1, sizeof(*lock));
	if (lock == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	lock->fd = -1;
	lock->path = strdup(lock_path);
	if (lock->path == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	lock->count = 1;
	lock->thread = thread_number();
	if (!ancestor) {
		lock->fd = open_lock_file(lock_path);
		if (lock->fd < 0 || acquire(lock->fd, lock_path, time_out) < 0)
			return -1;
	}
	id = enter(lock);
	if (id > 0)
		lock = NULL;
	return id;
}

static void release(struct lock **link)
{
	struct lock *gone = *link;

	*link = gone->next;
	if (gone->fd >= 0)
		forget_held(gone->path);
	lock_free(&gone);
}

LIBODM_API int odm_unlock(int lock_id)
{
	LIBRARY_LOCKED;
	struct lock **link = &locks;

	while (*link != NULL && (*link)->id != lock_id)
		link = &(*link)->next;
	if (*link == NULL)
		return odm_fail(ODMI_LOCK_ID);
	if (--(*link)->count == 0)
		release(link);
	return 0;
}

void lock_release_all(void)
{
	while (locks != NULL)
		release(&locks);
}

void lock_end_thread(unsigned long thread)
{
	struct lock **link = &locks;

	while (*link != NULL)
		if ((*link)->thread == thread)
			release(link);
		else
			link = &(*link)->next;
}
