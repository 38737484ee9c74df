/*
 * A process that ended by itself is started again, ever later, with its devices configured as they
 * were.
 */
#include "kexd/restore.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/errids.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "kexd/configure.h"
#include "kexd/supervisor.h"

/* Milliseconds before the first try; each death doubles it, up to a minute. */
#define FIRST_DELAY 100
#define LONGEST_DELAY 60000
#define STABLE_TIME (60 * CLOCK_SECOND) /* nanoseconds after which earlier deaths do not count */

static atomic_bool never;

void restore_never(void)
{
	atomic_store(&never, true);
}

static int64_t delay_for(unsigned deaths)
{
	int64_t delay = FIRST_DELAY;

	while (deaths-- > 1 && delay < LONGEST_DELAY)
		delay *= 2;
	return delay < LONGEST_DELAY ? delay : LONGEST_DELAY;
}

static void wait_for(int64_t milliseconds)
{
	const struct timespec step = {0, 50000000};

	for (; milliseconds > 0 && !atomic_load(&never); milliseconds -= 50)
		nanosleep(&step, NULL);
}

/* Configures all again, in the order in which they came. Stops when the process ends once more. */
static int bring_back(
	struct worker *worker, const struct configured *asked, struct wire_reply *asked_reply)
{
	AUTO_FREE struct wire_reply *reply = malloc(sizeof(*reply));
	unsigned count = 0;
	int result = reply == NULL ? ENOMEM : 0;

	for (struct configured *next, *device = configured_first(); device != NULL && reply != NULL;
		device = next) {
		next = device->next;
		if (device->worker != worker)
			continue;
		memset(reply, 0, WIRE_REPLY_HEAD);
		int error = configure_again(device, reply);
		if (device == asked) {
			result = error;
			memcpy(asked_reply, reply, WIRE_REPLY_HEAD);
		}
		if (error == EIO && atomic_load(&worker->state) != WORKER_UP)
			return EIO;
		if (error == 0) {
			count++;
			continue;
		}
		error_log("KEX_RESTORE", worker->name,
			"device %llu can't be configured again: %s %s",
			(unsigned long long)device->devno, strerror(error), reply->reason);
		configured_remove(device);
	}
	error_log("KEX_RESTORE", worker->name, "%u devices are configured again in process %d",
		count, (int)worker->pid);
	return result;
}

int restore_now(struct worker *worker, const struct configured *asked, struct wire_reply *reply)
{
	if (atomic_load(&worker->state) == WORKER_UP)
		return 0;
	int error = worker_start(worker);
	if (error != 0 || worker->devices == 0)
		return error;
	return bring_back(worker, asked, reply);
}

struct restoration {
	struct worker *worker;
	uint64_t generation; /* of the process that ended */
	unsigned deaths; /* in a row */
};

static void *restore(void *argument)
{
	AUTO_FREE struct restoration *restoration = argument;
	struct worker *worker = restoration->worker;

	wait_for(delay_for(restoration->deaths));
	pthread_mutex_lock(&configuration_mutex);
	if (!atomic_load(&never) && worker->devices > 0 &&
		worker->generation == restoration->generation) {
		int error = restore_now(worker, NULL, NULL);
		if (error != 0 && error != EIO)
			error_log("KEX_RESTORE", worker->name, "no process: %s", strerror(error));
	}
	pthread_mutex_unlock(&configuration_mutex);
	return NULL;
}

void worker_died(struct worker *worker)
{
	pthread_t thread;
	struct restoration *restoration = malloc(sizeof(*restoration));

	worker->deaths =
		clock_nanoseconds() - worker->started > STABLE_TIME ? 1 : worker->deaths + 1;
	if (restoration == NULL)
		return;
	*restoration = (struct restoration){worker, worker->generation, worker->deaths};
	if (pthread_create(&thread, NULL, restore, restoration) == 0)
		pthread_detach(thread);
	else
		free(restoration);
}
