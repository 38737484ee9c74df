/* What the host has loaded and configured. */
#include <errno.h>
#include <string.h>

#include "client/client.h"

/* One message of entries from kmid or devno `from` on: its bytes, 0 for none, or -1. */
static ssize_t fetch(
	enum wire_operation operation, int command, uint64_t from, struct wire_reply *reply)
{
	int fds[WIRE_FDS];
	AUTO_CLOSE int socket = host_connect();
	if (socket < 0) {
		if (errno != EHOSTDOWN)
			return -1;
		clear_reason();
		return 0;
	}
	AUTO_FREE struct wire_request *request = wire_request_create(operation);
	if (request == NULL)
		return fail(ENOMEM, "out of memory");
	request->command = command;
	request->value = from;
	request->device = from;
	if (host_call(socket, request, reply, -1, fds, -1) < 0)
		return -1;
	return (ssize_t)reply->payload_length;
}

static uint64_t after_extension(const void *last)
{
	return ((const struct kex_extension *)last)->kmid + 1;
}

static uint64_t after_device(const void *last)
{
	return ((const struct kex_device *)last)->devno + 1;
}

/* Fetches messages until there are no more. Returns the number of entries, or -1. */
static ssize_t fetch_all(enum wire_operation operation, size_t entry_size,
	uint64_t (*after)(const void *last), void **list)
{
	AUTO_FREE struct wire_reply *reply = malloc(sizeof(*reply));
	AUTO_FREE char *all = NULL;
	size_t length = 0;
	uint64_t from = 0;

	if (reply == NULL)
		return fail(ENOMEM, "out of memory");
	for (;;) {
		ssize_t bytes = fetch(operation, 0, from, reply);
		if (bytes < 0)
			return -1;
		if (bytes == 0)
			break;
		char *longer = realloc(all, length + (size_t)bytes);
		if (longer == NULL)
			return fail(ENOMEM, "out of memory");
		all = longer;
		memcpy(all + length, reply->payload, (size_t)bytes);
		length += (size_t)bytes;
		from = after(all + length - entry_size);
	}
	*list = TAKE(all);
	return (ssize_t)(length / entry_size);
}

LIBKEX_API ssize_t kex_extensions(struct kex_extension **list)
{
	void *all = NULL;
	ssize_t count =
		fetch_all(WIRE_EXTENSIONS, sizeof(struct kex_extension), after_extension, &all);

	*list = all;
	return count;
}

LIBKEX_API ssize_t kex_devices(struct kex_device **list)
{
	void *all = NULL;
	ssize_t count = fetch_all(WIRE_DEVICES, sizeof(struct kex_device), after_device, &all);

	*list = all;
	return count;
}

static uint64_t after_entry(const void *last)
{
	return ((const struct kex_edt *)last)->index + 1;
}

LIBKEX_API ssize_t kex_edt(struct kex_edt **list)
{
	void *all = NULL;
	ssize_t count = fetch_all(WIRE_EDT, sizeof(struct kex_edt), after_entry, &all);

	*list = all;
	return count;
}

LIBKEX_API int kex_device(dev_t devno, struct kex_device *device)
{
	AUTO_FREE struct wire_reply *reply = malloc(sizeof(*reply));
	if (reply == NULL)
		return fail(ENOMEM, "out of memory");

	ssize_t bytes = fetch(WIRE_DEVICES, WIRE_ONE_DEVICE, devno, reply);
	if (bytes < 0)
		return -1;
	if ((size_t)bytes < sizeof(*device))
		return 0;
	memcpy(device, reply->payload, sizeof(*device));
	return device->devno == devno;
}
