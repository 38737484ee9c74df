/* Lists that all workers' answers are put together for, a page at a time. */
#include "kexd/lists.h"

#include <errno.h>
#include <kex.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "kexd/configured.h"
#include "kexd/extensions.h"

/* Entries of one size, collected from all workers. */
struct collection {
	char *entries;
	size_t length, entry_size;
	const struct worker *silent; /* one that did not answer, NULL for none */
};

static void release(struct collection *collection)
{
	free(collection->entries);
}

static int append(struct collection *collection, const struct wire_reply *reply)
{
	char *longer = realloc(collection->entries, collection->length + reply->payload_length);

	if (longer == NULL)
		return ENOMEM;
	memcpy(longer + collection->length, reply->payload, reply->payload_length);
	collection->entries = longer;
	collection->length += reply->payload_length;
	return 0;
}

/* One page of a worker. One whose process ended has nothing to say. */
static int collect_from(struct collection *collection, struct worker *worker,
	const struct wire_request *request, struct wire_reply *reply)
{
	if (atomic_load(&worker->state) != WORKER_UP)
		return 0;
	int error = worker_ask(worker, request, reply);
	if (error == ETIMEDOUT)
		collection->silent = worker;
	return error == 0 && reply->payload_length > 0 ? append(collection, reply) : 0;
}

static int collect_page(
	struct collection *collection, const struct wire_request *request, struct wire_reply *reply)
{
	int error = 0;

	for (int slot = 0; slot < WORKER_SLOTS && error == 0; slot++)
		error = collect_from(collection, &workers[slot], request, reply);
	return error;
}

/* The first of the sorted entries, as many as a message holds. */
static void send_page(const struct collection *collection, size_t from, struct wire_reply *reply)
{
	size_t start = from * collection->entry_size;
	size_t left = start < collection->length ? collection->length - start : 0;
	size_t room = WIRE_PAYLOAD / collection->entry_size * collection->entry_size;

	memset(reply, 0, WIRE_REPLY_HEAD);
	reply->magic = WIRE_MAGIC;
	reply->payload_length = (uint32_t)(left < room ? left : room);
	if (reply->payload_length > 0)
		memcpy(reply->payload, collection->entries + start, reply->payload_length);
	if (collection->silent != NULL)
		worker_explain(collection->silent, reply);
}

static int compare_devices(const void *one, const void *other)
{
	dev_t first = ((const struct kex_device *)one)->devno;
	dev_t second = ((const struct kex_device *)other)->devno;

	return (first > second) - (first < second);
}

/* The one device that is asked for: nobody else's process is waited for. */
static int list_device(const struct wire_request *request, struct wire_reply *reply)
{
	AUTO(release) struct collection found = {.entry_size = sizeof(struct kex_device)};
	struct worker *worker = configured_holder((dev_t)request->device);
	int error = worker != NULL ? collect_from(&found, worker, request, reply) : 0;

	send_page(&found, 0, reply);
	return found.silent != NULL ? ETIMEDOUT : error;
}

/* Each worker's page begins at the same number, so the first of all are among them. */
int list_devices(const struct wire_request *request, struct wire_reply *reply)
{
	if (request->command == WIRE_ONE_DEVICE)
		return list_device(request, reply);
	AUTO(release) struct collection all = {.entry_size = sizeof(struct kex_device)};
	int error = collect_page(&all, request, reply);

	if (error == 0 && all.length > 0)
		qsort(all.entries, all.length / all.entry_size, all.entry_size, compare_devices);
	send_page(&all, 0, reply);
	return error;
}

/* Workers' words: their numbers may be any. */
static int compare_numbers(int first, int second)
{
	return (first > second) - (first < second);
}

static int compare_edt(const void *one, const void *other)
{
	const struct kex_edt *first = one, *second = other;
	int order = compare_numbers(first->hba, second->hba);

	if (order == 0)
		order = compare_numbers(first->bus, second->bus);
	if (order == 0)
		order = compare_numbers(first->target, second->target);
	return order != 0 ? order : compare_numbers(first->lun, second->lun);
}

int list_edt(const struct wire_request *request, struct wire_reply *reply)
{
	AUTO(release) struct collection all = {.entry_size = sizeof(struct kex_edt)};
	AUTO_FREE struct wire_request *from = wire_request_create(WIRE_EDT);
	size_t length;
	int error;

	if (from == NULL)
		return ENOMEM;
	/* A process has few entries: until there are no more. */
	do {
		length = all.length;
		error = collect_page(&all, from, reply);
		from->value += WIRE_PAYLOAD / sizeof(struct kex_edt);
	} while (error == 0 && all.length > length);
	if (all.length > 0)
		qsort(all.entries, all.length / all.entry_size, all.entry_size, compare_edt);
	for (size_t i = 0; i < all.length / all.entry_size; i++)
		((struct kex_edt *)(void *)all.entries)[i].index = i;
	send_page(&all, request->value, reply);
	return error;
}

/* Where the common worker has an extension. */
static void find_address(
	struct kex_extension *extension, const char *path, const struct wire_reply *reply)
{
	const struct kex_extension *local =
		(const struct kex_extension *)(const void *)reply->payload;
	size_t count = reply->payload_length / sizeof(*local);

	snprintf(extension->path, sizeof(extension->path), "%s", path);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(local[i].path, extension->path) != 0)
			continue;
		memcpy(extension->name, local[i].name, sizeof(extension->name));
		extension->address = local[i].address;
		extension->size = local[i].size;
	}
}

int list_extensions(const struct wire_request *request, struct wire_reply *reply)
{
	AUTO_FREE struct wire_request *everything = wire_request_create(WIRE_EXTENSIONS);
	size_t room = WIRE_PAYLOAD / sizeof(struct kex_extension), count = 0;
	AUTO_FREE struct kex_extension *list = calloc(room, sizeof(*list));

	if (list == NULL || everything == NULL)
		return ENOMEM;
	if (worker_ask(COMMON_WORKER, everything, reply) != 0)
		reply->payload_length = 0;
	for (const struct extension *extension = extension_first();
		extension != NULL && count < room; extension = extension->next) {
		if (extension->kmid < request->value)
			continue;
		list[count].kmid = extension->kmid;
		list[count].loads = extension->loads;
		find_address(&list[count++], extension->path, reply);
	}
	reply->payload_length = (uint32_t)(count * sizeof(*list));
	memcpy(reply->payload, list, reply->payload_length);
	return 0;
}

unsigned count_open(void)
{
	AUTO_FREE struct wire_request *request = wire_request_create(WIRE_STATUS);
	AUTO_FREE struct wire_reply *reply = malloc(sizeof(*reply));
	struct wire_status status;
	unsigned open = 0;

	if (request == NULL || reply == NULL)
		return 0;
	for (int slot = 0; slot < WORKER_SLOTS; slot++)
		if (atomic_load(&workers[slot].state) == WORKER_UP &&
			worker_ask(&workers[slot], request, reply) == 0 &&
			reply->payload_length == sizeof(status)) {
			memcpy(&status, reply->payload, sizeof(status));
			open += status.open;
		}
	return open;
}
