/* Many devices at once: reading is quick, and a write may wait until a device's queue is empty. */
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "sysfs/tunable_step.h"

#define WORKERS 32

/* So long may reading take before another worker goes on with the next device. */
#define PATIENCE_MS 50

struct work {
	const struct sysfs_tree *tree;
	struct tunable_device *devices;
	size_t count;

	pthread_mutex_t mutex; /* guards what follows */
	pthread_cond_t all_taken;
	size_t next; /* device that nobody has taken yet */
	unsigned readers; /* workers that write nothing now */
	unsigned workers; /* all that were started */
	pthread_t threads[WORKERS];
};

static void *run(void *argument);

/* With the mutex held. Signals are for the caller's thread. */
static bool start_worker(struct work *work)
{
	sigset_t all, before;

	sigfillset(&all);
	if (work->next == work->count || work->workers == WORKERS ||
		pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
		return false;
	bool started = pthread_create(&work->threads[work->workers], NULL, run, work) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	work->workers += started;
	work->readers += started;
	return started;
}

/* The last one that reads sees to it that somebody goes on before it writes. */
static void stop_reading(struct work *work)
{
	pthread_mutex_lock(&work->mutex);
	work->readers--;
	if (work->readers == 0)
		start_worker(work);
	pthread_mutex_unlock(&work->mutex);
}

static struct tunable_device *take_device(struct work *work)
{
	if (work->next == work->count)
		return NULL;
	struct tunable_device *device = &work->devices[work->next++];
	if (work->next == work->count)
		pthread_cond_signal(&work->all_taken);
	return device;
}

static void *run(void *argument)
{
	struct work *work = argument;
	struct tunable_device *device;

	pthread_mutex_lock(&work->mutex);
	while ((device = take_device(work)) != NULL) {
		pthread_mutex_unlock(&work->mutex);
		device->succeeded = tunables_are_there(
			work->tree, device->device, device->changes, device->count);
		bool writes = !device->succeeded;
		if (writes) {
			stop_reading(work);
			device->succeeded = tunables_write_lacking(
				work->tree, device->device, device->changes, device->count);
		}
		pthread_mutex_lock(&work->mutex);
		work->readers += writes;
	}
	work->readers--;
	pthread_mutex_unlock(&work->mutex);
	return NULL;
}

/* Waits until each device has its worker; starts another one when those that read get nowhere. */
static void wait_for_work(struct work *work)
{
	size_t seen = 0;
	struct timespec end;

	while (work->next < work->count) {
		clock_gettime(CLOCK_MONOTONIC, &end);
		end.tv_nsec += PATIENCE_MS * 1000000L;
		end.tv_sec += end.tv_nsec / 1000000000L;
		end.tv_nsec %= 1000000000L;
		pthread_cond_clockwait(&work->all_taken, &work->mutex, CLOCK_MONOTONIC, &end);
		if (work->next == seen)
			start_worker(work);
		seen = work->next;
	}
}

void tunables_write_all(const struct sysfs_tree *tree, struct tunable_device *devices, size_t count)
{
	struct work work = {.tree = tree,
		.devices = devices,
		.count = count,
		.mutex = PTHREAD_MUTEX_INITIALIZER,
		.all_taken = PTHREAD_COND_INITIALIZER};

	pthread_mutex_lock(&work.mutex);
	bool started = start_worker(&work);
	if (started)
		wait_for_work(&work);
	else
		work.readers++;
	pthread_mutex_unlock(&work.mutex);
	/* Without a thread it is done here. */
	if (!started)
		run(&work);
	for (unsigned i = 0; i < work.workers; i++)
		pthread_join(work.threads[i], NULL);
	pthread_cond_destroy(&work.all_taken);
	pthread_mutex_destroy(&work.mutex);
}
