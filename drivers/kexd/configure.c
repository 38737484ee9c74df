/* Configuration calls: which worker, the extension loaded there, and what is noted afterwards. */
#include "kexd/configure.h"

#include <errno.h>
#include <kex.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/device.h>

#include "base/cleanup.h"
#include "kexd/extensions.h"
#include "kexd/restore.h"

/* Sends a call on, with the kmid that the extension has in the worker. */
static int pass_on(struct worker *worker, const struct wire_request *request, mid_t local,
	struct wire_reply *reply)
{
	AUTO_FREE struct wire_request *copy = malloc(sizeof(*copy));

	if (copy == NULL)
		return ENOMEM;
	memcpy(copy, request, WIRE_REQUEST_HEAD + request->payload_length);
	copy->value = local;
	int error = worker_call(worker, copy, reply);
	if (error == 0)
		return reply->error;
	if (error == ETIMEDOUT)
		snprintf(reply->reason, WIRE_REASON,
			"its driver did not answer for %u seconds, and its process was ended",
			worker_patience());
	else
		snprintf(reply->reason, WIRE_REASON,
			"the process of its driver ended; odmcfg errpt tells why");
	reply->payload_length = 0;
	return EIO;
}

/* The worker for a device not yet configured; NULL with the reason. */
static struct worker *choose_worker(const struct wire_request *request, struct wire_reply *reply)
{
	if (request->process_of == WIRE_SHARED_PROCESS)
		return COMMON_WORKER;
	const struct configured *parent = request->process_of == WIRE_OWN_PROCESS
						  ? NULL
						  : configured_find((dev_t)request->process_of);
	if (parent != NULL)
		return parent->worker;
	if (request->process_of != WIRE_OWN_PROCESS) {
		snprintf(reply->reason, WIRE_REASON, "the device above it is not configured");
		return NULL;
	}
	struct worker *worker = worker_take();
	if (worker == NULL)
		snprintf(reply->reason, WIRE_REASON, "%d processes are in use, which are all",
			WORKER_SLOTS);
	return worker;
}

/* A worker is named after the first device in it, in messages. */
static void remember_published(struct configured *device, const struct wire_reply *reply)
{
	struct worker *worker = device->worker;
	unsigned count = reply->payload_length / sizeof(device->published[0]);

	configured_publish(
		device, (const struct wire_published *)(const void *)reply->payload, count);
	if (worker != COMMON_WORKER && worker->devices == 1 && count > 0)
		memcpy(worker->name, device->published[0].name, sizeof(worker->name));
}

/* The common worker is there for what is no device's, too. */
static bool is_empty(const struct worker *worker)
{
	return worker->devices == 0 && worker != COMMON_WORKER;
}

/* Loads the extension in the worker for as long as the device is there, and asks it. */
static int initialise_in(struct worker *worker, const struct wire_request *request, mid_t kmid,
	mid_t *local, struct wire_reply *reply)
{
	int error = extension_enter(worker, kmid, local, reply);

	if (error != 0)
		return error;
	error = pass_on(worker, request, *local, reply);
	if (error != 0)
		extension_leave(worker, kmid);
	return error;
}

/* Of a process that ended: the device as it is wanted now, the others as they were. */
static int initialise_again(
	struct configured *known, const struct wire_request *request, struct wire_reply *reply)
{
	if (!configured_keep_dds(known, request->payload, request->payload_length))
		return ENOMEM;
	/* The load that the caller made for it was made before. */
	if (known->kmid == request->value)
		extension_uncount(known->kmid);
	known->kmid = request->value;
	int error = restore_now(known->worker, known, reply);
	reply->payload_length = 0;
	return error;
}

static int initialise_new(const struct wire_request *request, struct wire_reply *reply)
{
	struct worker *worker = choose_worker(request, reply);

	if (worker == NULL)
		return ENODEV;
	int error = restore_now(worker, NULL, NULL);
	if (error != 0)
		return error;
	struct configured *new = configured_add((dev_t)request->device, request->value, worker,
		request->payload, request->payload_length);
	if (new == NULL)
		error = ENOMEM;
	else
		error = initialise_in(worker, request, request->value, &new->local, reply);
	if (new != NULL && request->process_of != WIRE_SHARED_PROCESS &&
		request->process_of != WIRE_OWN_PROCESS)
		new->process_of = (dev_t)request->process_of;
	if (error == 0)
		remember_published(new, reply);
	else if (new != NULL)
		configured_remove(new);
	reply->payload_length = 0;
	if (is_empty(worker))
		worker_end(worker);
	return error;
}

static int initialise(const struct wire_request *request, struct wire_reply *reply)
{
	struct configured *known = configured_find((dev_t)request->device);

	if (known == NULL)
		return initialise_new(request, reply);
	if (atomic_load(&known->worker->state) != WORKER_UP)
		return initialise_again(known, request, reply);
	/* The driver is asked, and says why not. */
	int error = pass_on(known->worker, request, known->local, reply);
	reply->payload_length = 0;
	return error;
}

static void forget(struct configured *device)
{
	struct worker *worker = device->worker;
	mid_t kmid = device->kmid;

	configured_remove(device);
	if (is_empty(worker))
		worker_end(worker);
	else
		extension_leave(worker, kmid);
}

static void remember_stop(struct configured *device, dev_t devno, bool stopped)
{
	for (unsigned i = 0; i < device->published_count; i++)
		if (device->published[i].devno == devno)
			device->stopped =
				stopped ? device->stopped | 1u << i : device->stopped & ~(1u << i);
}

/*
 * A call about a device that is configured. What hangs on one needs it: an adapter that came back
 * alone would be in a process of its own.
 */
static int call_device(
	struct configured *device, const struct wire_request *request, struct wire_reply *reply)
{
	struct worker *worker = device->worker;

	if (request->command == CFG_TERM && configured_has_children(device)) {
		snprintf(reply->reason, WIRE_REASON, "devices that hang on it are configured");
		return EBUSY;
	}
	/* With its process the configuration ended. */
	if (atomic_load(&worker->state) == WORKER_DOWN && request->command == CFG_TERM) {
		configured_remove(device);
		return 0;
	}
	int error = pass_on(worker, request, device->local, reply);
	if (error != 0)
		return error;
	switch (request->command) {
	case CFG_TERM:
		forget(device);
		return 0;
	case CFG_CHANGE:
		return configured_keep_dds(device, request->payload, request->payload_length)
			       ? 0
			       : ENOMEM;
	case CFG_STOP:
	case CFG_START:
		remember_stop(device, (dev_t)request->device, request->command == CFG_STOP);
		return 0;
	default:
		return 0;
	}
}

/* A call about no device: the extension's own business, in the common worker. */
static int call_extension(const struct wire_request *request, struct wire_reply *reply)
{
	mid_t local = 0;
	int error = request->value != 0 ? restore_now(COMMON_WORKER, NULL, NULL) : ENODEV;

	if (error == 0)
		error = extension_enter(COMMON_WORKER, request->value, &local, reply);
	if (error != 0)
		return error;
	error = pass_on(COMMON_WORKER, request, local, reply);
	extension_leave(COMMON_WORKER, request->value);
	return error;
}

int configure(const struct wire_request *request, struct wire_reply *reply)
{
	struct configured *device = configured_find((dev_t)request->device);

	if (request->command == CFG_INIT && request->device != 0)
		return initialise(request, reply);
	if (device == NULL)
		return call_extension(request, reply);
	return call_device(device, request, reply);
}

static int stop_again(struct configured *device, struct wire_reply *reply)
{
	AUTO_FREE struct wire_request *request = wire_request_create(WIRE_SYSCONFIG_CALL);
	int error = request != NULL ? 0 : ENOMEM;

	for (unsigned i = 0; i < device->published_count && error == 0; i++) {
		request->command = CFG_STOP;
		request->device = device->published[i].devno;
		if (device->stopped & (1u << i))
			error = pass_on(device->worker, request, device->local, reply);
	}
	return error;
}

int configure_again(struct configured *device, struct wire_reply *reply)
{
	AUTO_FREE struct wire_request *request = calloc(1, sizeof(*request));

	if (request == NULL)
		return ENOMEM;
	request->magic = WIRE_MAGIC;
	request->operation = WIRE_SYSCONFIG_CALL;
	request->command = CFG_INIT;
	request->device = device->devno;
	request->payload_length = device->dds_length;
	memcpy(request->payload, device->dds, device->dds_length);
	int error = initialise_in(device->worker, request, device->kmid, &device->local, reply);
	if (error != 0)
		return error;
	remember_published(device, reply);
	return stop_again(device, reply);
}

int query_switch(const struct wire_request *request, struct wire_reply *reply)
{
	for (int slot = 0; slot < WORKER_SLOTS; slot++)
		if (worker_ask(&workers[slot], request, reply) == 0 &&
			reply->value != DSW_UNDEFINED)
			return 0;
	reply->value = DSW_UNDEFINED;
	return 0;
}
