/* The worker table, and conversations with a worker: one request at a time, with a deadline. */
#include "kexd/worker.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/errids.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "kexd/supervisor.h"

/* Seconds for one call of a driver. */
#define PATIENCE 30
#define MOST_PATIENCE 3600

/* Nanoseconds for an answer from memory. */
#define ASK_PATIENCE CLOCK_SECOND

struct worker workers[WORKER_SLOTS];

void workers_prepare(void)
{
	for (int slot = 0; slot < WORKER_SLOTS; slot++) {
		workers[slot].slot = slot;
		workers[slot].control = workers[slot].pidfd = -1;
		pthread_mutex_init(&workers[slot].call_mutex, NULL);
	}
}

const char *worker_name(const struct worker *worker)
{
	return worker->name[0] != '\0' ? worker->name : "common";
}

unsigned worker_patience(void)
{
	const char *named = getenv("ODMCFG_KEXD_PATIENCE");
	long seconds = named != NULL ? strtol(named, NULL, 10) : 0;

	return seconds > 0 && seconds <= MOST_PATIENCE ? (unsigned)seconds : PATIENCE;
}

/* The next answer before a moment of CLOCK_MONOTONIC: 0, EIO or ETIMEDOUT. */
static int take_answer(struct worker *worker, struct wire_reply *reply, int64_t end)
{
	struct pollfd news = {.fd = worker->control, .events = POLLIN};
	int fds[WIRE_FDS], ready;
	ssize_t length;

	do {
		int64_t left = (end - clock_nanoseconds()) / CLOCK_MILLISECOND;
		ready = poll(&news, 1, left > 0 ? (int)left : 0);
	} while (ready < 0 && errno == EINTR);
	if (ready <= 0)
		return ready == 0 ? ETIMEDOUT : EIO;
	do
		length = wire_receive(worker->control, reply, sizeof(*reply), fds);
	while (length < 0 && errno == EINTR);
	if (length > 0)
		wire_close(fds);
	return wire_is_reply(reply, length) ? 0 : EIO;
}

/* With the connection: one answer a request, in their order. */
static int converse(struct worker *worker, const struct wire_request *request,
	struct wire_reply *reply, int64_t end)
{
	int error = worker->control < 0 ? EIO : 0;

	for (; error == 0 && worker->owed > 0; worker->owed -= error == 0)
		error = take_answer(worker, reply, end);
	if (error != 0)
		return error;
	if (wire_send(worker->control, request, WIRE_REQUEST_HEAD + request->payload_length, NULL,
		    0) < 0)
		return errno == EAGAIN ? ETIMEDOUT : EIO;
	error = take_answer(worker, reply, end);
	worker->owed += error == ETIMEDOUT;
	return error;
}

static int call_until(struct worker *worker, const struct wire_request *request,
	struct wire_reply *reply, int64_t end)
{
	const struct timespec moment = clock_timespec(end);
	int error = ETIMEDOUT;

	if (pthread_mutex_clocklock(&worker->call_mutex, CLOCK_MONOTONIC, &moment) == 0) {
		error = converse(worker, request, reply, end);
		pthread_mutex_unlock(&worker->call_mutex);
	}
	/* What came instead of an answer isn't passed on: its length may be anything. */
	if (error != 0)
		memset(reply, 0, WIRE_REPLY_HEAD);
	reply->magic = WIRE_MAGIC;
	return error;
}

int worker_ask(struct worker *worker, const struct wire_request *request, struct wire_reply *reply)
{
	return call_until(worker, request, reply, clock_nanoseconds() + ASK_PATIENCE);
}

int worker_call(struct worker *worker, const struct wire_request *request, struct wire_reply *reply)
{
	unsigned seconds = worker_patience();
	int error =
		call_until(worker, request, reply, clock_nanoseconds() + seconds * CLOCK_SECOND);

	if (error != ETIMEDOUT)
		return error;
	error_log("KEX_HANG", worker_name(worker),
		"its process (%d) has not answered a call for %u seconds: killed", (int)worker->pid,
		seconds);
	supervisor_kill(worker);
	return error;
}

void worker_explain(const struct worker *worker, struct wire_reply *reply)
{
	snprintf(reply->reason, WIRE_REASON,
		"the process of %s (%d) does not answer; it may be stopped, or busy for another",
		worker->name[0] != '\0' ? worker->name : "devices without one of their own",
		(int)worker->pid);
}

int worker_hand_over(struct worker *worker, const struct wire_request *request, int client)
{
	pthread_mutex_lock(&worker->call_mutex);
	int result = worker->control >= 0
			     ? wire_send(worker->control, request,
				       WIRE_REQUEST_HEAD + request->payload_length, &client, 1)
			     : -1;
	pthread_mutex_unlock(&worker->call_mutex);
	return result < 0 ? EIO : 0;
}

int worker_start(struct worker *worker)
{
	if (atomic_load(&worker->state) == WORKER_UP)
		return 0;
	return supervisor_start(worker);
}

void worker_end(struct worker *worker)
{
	AUTO_FREE struct wire_request *request = calloc(1, sizeof(*request));
	AUTO_FREE struct wire_reply *reply = malloc(sizeof(*reply));

	if (atomic_load(&worker->state) != WORKER_UP)
		return;
	supervisor_expect_end(worker);
	if (request != NULL && reply != NULL) {
		request->magic = WIRE_MAGIC;
		request->operation = WIRE_STOP;
		worker_call(worker, request, reply);
	}
	supervisor_await_end(worker);
}

struct worker *worker_take(void)
{
	for (int slot = 1; slot < WORKER_SLOTS; slot++)
		if (workers[slot].devices == 0 &&
			atomic_load(&workers[slot].state) == WORKER_DOWN) {
			workers[slot].deaths = 0;
			return &workers[slot];
		}
	return NULL;
}
