#include "kexd/worker.h"

#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

#include "kexd/nursery.h"

struct worker workers[WORKER_SLOTS];

void workers_prepare(void)
{
	for (int slot = 0; slot < WORKER_SLOTS; slot++) {
		workers[slot].slot = slot;
		workers[slot].control = workers[slot].pidfd = -1;
		pthread_mutex_init(&workers[slot].call_mutex, NULL);
	}
}

int worker_call(struct worker *worker, const struct wire_request *request, struct wire_reply *reply)
{
	int fds[WIRE_FDS], error = EIO;

	pthread_mutex_lock(&worker->call_mutex);
	if (worker->control >= 0 &&
		wire_send(worker->control, request, WIRE_REQUEST_HEAD + request->payload_length,
			NULL, 0) == 0) {
		ssize_t length;
		do
			length = wire_receive(worker->control, reply, sizeof(*reply), fds);
		while (length < 0 && errno == EINTR);
		if (length > 0)
			wire_close(fds);
		if (wire_is_reply(reply, length))
			error = 0;
	}
	pthread_mutex_unlock(&worker->call_mutex);
	return error;
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
	return nursery_start(worker);
}

void worker_end(struct worker *worker)
{
	struct wire_request request = {.magic = WIRE_MAGIC, .operation = WIRE_STOP};
	struct wire_reply reply;

	if (atomic_load(&worker->state) != WORKER_UP)
		return;
	nursery_expect_end(worker);
	worker_call(worker, &request, &reply);
	nursery_await_end(worker);
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
