/* The list of loaded extensions, and loads and unloads in workers. */
#include "kexd/extensions.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "kexd/configured.h"
#include "kexd/restore.h"

/* In kmid order; under the configuration mutex. */
static struct extension *extensions;
static mid_t last_kmid;
static atomic_uint total;

unsigned extension_total(void)
{
	return atomic_load(&total);
}

struct extension *extension_first(void)
{
	return extensions;
}

struct extension *extension_find(mid_t kmid)
{
	struct extension *extension = extensions;

	while (extension != NULL && extension->kmid != kmid)
		extension = extension->next;
	return extension;
}

/* The last of several copies. */
static struct extension *find_path(const char *path)
{
	struct extension *found = NULL;

	for (struct extension *extension = extensions; extension != NULL;
		extension = extension->next)
		if (strcmp(extension->path, path) == 0)
			found = extension;
	return found;
}

/* One load, query or unload in a worker's own table. */
static int ask(
	struct worker *worker, int command, const char *path, mid_t *kmid, struct wire_reply *reply)
{
	AUTO_FREE struct wire_request *request = calloc(1, sizeof(*request));

	if (request == NULL)
		return ENOMEM;
	request->magic = WIRE_MAGIC;
	request->operation = WIRE_SYSCONFIG_LOAD;
	request->command = command;
	request->value = *kmid;
	request->payload_length = (uint32_t)strlen(path);
	memcpy(request->payload, path, request->payload_length);
	int error = worker_call(worker, request, reply);
	if (error != 0)
		return error;
	*kmid = reply->value;
	return reply->error;
}

void extension_uncount(mid_t kmid)
{
	struct extension *extension = extension_find(kmid);

	if (extension != NULL && extension->loads > 1)
		extension->loads--;
}

int extension_enter(struct worker *worker, mid_t kmid, mid_t *local, struct wire_reply *reply)
{
	const struct extension *extension = extension_find(kmid);

	*local = 0;
	if (extension == NULL)
		return ENODEV;
	return ask(worker, SYS_SINGLELOAD, extension->path, local, reply);
}

void extension_leave(struct worker *worker, mid_t kmid)
{
	const struct extension *extension = extension_find(kmid);
	AUTO_FREE struct wire_reply *reply = malloc(sizeof(*reply));
	mid_t local = 0;

	if (extension == NULL || reply == NULL ||
		ask(worker, SYS_QUERYLOAD, extension->path, &local, reply) != 0 || local == 0)
		return;
	ask(worker, SYS_KULOAD, "", &local, reply);
}

static void release(struct extension **extension)
{
	if (*extension != NULL)
		free((*extension)->path);
	free(*extension);
}

static int load_new(const char *path, struct wire_reply *reply)
{
	AUTO(release) struct extension *extension = calloc(1, sizeof(*extension));
	struct extension **end = &extensions;
	mid_t local = 0;

	if (extension == NULL || (extension->path = strdup(path)) == NULL)
		return ENOMEM;
	int error = restore_now(COMMON_WORKER, NULL, NULL);
	if (error == 0)
		error = ask(COMMON_WORKER, SYS_SINGLELOAD, path, &local, reply);
	if (error != 0)
		return error;
	extension->kmid = ++last_kmid;
	extension->loads = 1;
	reply->value = extension->kmid;
	while (*end != NULL)
		end = &(*end)->next;
	*end = TAKE(extension);
	atomic_fetch_add(&total, 1);
	return 0;
}

static int unload(mid_t kmid, struct wire_reply *reply)
{
	struct extension **link = &extensions;

	while (*link != NULL && (*link)->kmid != kmid)
		link = &(*link)->next;
	if (*link == NULL) {
		snprintf(reply->reason, WIRE_REASON, "kmid %llu is not loaded",
			(unsigned long long)kmid);
		return ENODEV;
	}
	if ((*link)->loads == 1 && configured_uses(kmid)) {
		const char *base = strrchr((*link)->path, '/');
		snprintf(reply->reason, WIRE_REASON,
			"extension %.100s still has configured devices",
			base != NULL ? base + 1 : (*link)->path);
		return EBUSY;
	}
	if (--(*link)->loads > 0)
		return 0;
	extension_leave(COMMON_WORKER, kmid);
	AUTO(release) struct extension *gone = *link;
	*link = gone->next;
	atomic_fetch_sub(&total, 1);
	return 0;
}

int extension_load(const struct wire_request *request, struct wire_reply *reply)
{
	if (request->payload_length >= PATH_MAX)
		return ENAMETOOLONG;
	AUTO_FREE char *path = strndup(request->payload, request->payload_length);
	if (path == NULL)
		return ENOMEM;
	struct extension *loaded = find_path(path);
	reply->value = loaded != NULL ? loaded->kmid : 0;

	switch (request->command) {
	case SYS_SINGLELOAD:
		if (loaded != NULL) {
			loaded->loads++;
			return 0;
		}
		return load_new(path, reply);
	case SYS_KLOAD:
		return load_new(path, reply);
	case SYS_QUERYLOAD:
		return 0;
	case SYS_KULOAD:
		reply->value = request->value;
		return unload(request->value, reply);
	default:
		return EINVAL;
	}
}
