/* The list of configured devices. */
#include "kexd/configured.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* What it guards: configured.h. */
pthread_mutex_t configuration_mutex = PTHREAD_MUTEX_INITIALIZER;

/* Guards the list for those who read it without configuration_mutex: configured.h. */
static pthread_mutex_t list_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct configured *list;

struct configured *configured_first(void)
{
	return list;
}

bool configured_keep_dds(struct configured *device, const char *dds, uint32_t length)
{
	char *copy = malloc(length > 0 ? length : 1);

	if (copy == NULL)
		return false;
	memcpy(copy, dds, length);
	free(device->dds);
	device->dds = copy;
	device->dds_length = length;
	return true;
}

struct configured *configured_add(
	dev_t devno, mid_t kmid, struct worker *worker, const char *dds, uint32_t length)
{
	AUTO_FREE struct configured *device = calloc(1, sizeof(*device));
	struct configured **end = &list;

	if (device == NULL || !configured_keep_dds(device, dds, length))
		return NULL;
	device->devno = devno;
	device->kmid = kmid;
	device->worker = worker;
	worker->devices++;
	pthread_mutex_lock(&list_mutex);
	while (*end != NULL)
		end = &(*end)->next;
	*end = device;
	pthread_mutex_unlock(&list_mutex);
	return TAKE(device);
}

void configured_remove(struct configured *device)
{
	struct configured **link = &list;

	pthread_mutex_lock(&list_mutex);
	while (*link != device)
		link = &(*link)->next;
	*link = device->next;
	pthread_mutex_unlock(&list_mutex);
	device->worker->devices--;
	free(device->dds);
	free(device);
}

void configured_publish(
	struct configured *device, const struct wire_published *published, unsigned count)
{
	pthread_mutex_lock(&list_mutex);
	device->published_count = count < PUBLISHED_MOST ? count : PUBLISHED_MOST;
	memcpy(device->published, published, device->published_count * sizeof(*published));
	for (unsigned i = 0; i < device->published_count; i++)
		device->published[i].name[sizeof(published->name) - 1] = '\0';
	pthread_mutex_unlock(&list_mutex);
}

static bool has_number(const struct configured *device, dev_t devno)
{
	for (unsigned i = 0; i < device->published_count; i++)
		if (device->published[i].devno == devno)
			return true;
	return device->devno == devno;
}

struct configured *configured_find(dev_t devno)
{
	struct configured *device = list;

	while (device != NULL && !has_number(device, devno))
		device = device->next;
	return device;
}

static bool is_published(const struct configured *device, dev_t devno, const char *name)
{
	for (unsigned i = 0; i < device->published_count; i++)
		if (device->published[i].devno == devno &&
			strcmp(device->published[i].name, name) == 0)
			return true;
	return false;
}

struct worker *configured_worker(dev_t devno, const char *name)
{
	pthread_mutex_lock(&list_mutex);
	const struct configured *device = list;
	while (device != NULL && !is_published(device, devno, name))
		device = device->next;
	struct worker *worker = device != NULL ? device->worker : NULL;
	pthread_mutex_unlock(&list_mutex);
	return worker;
}

struct worker *configured_holder(dev_t devno)
{
	pthread_mutex_lock(&list_mutex);
	const struct configured *device = configured_find(devno);
	struct worker *worker = device != NULL ? device->worker : NULL;
	pthread_mutex_unlock(&list_mutex);
	return worker;
}

bool configured_has_children(const struct configured *device)
{
	for (const struct configured *other = list; other != NULL; other = other->next)
		if (other != device && other->worker == device->worker && other->process_of != 0 &&
			has_number(device, other->process_of))
			return true;
	return false;
}

bool configured_uses(mid_t kmid)
{
	for (const struct configured *device = list; device != NULL; device = device->next)
		if (device->kmid == kmid)
			return true;
	return false;
}

unsigned configured_total(void)
{
	unsigned total = 0;

	pthread_mutex_lock(&list_mutex);
	for (const struct configured *device = list; device != NULL; device = device->next)
		total += device->published_count;
	pthread_mutex_unlock(&list_mutex);
	return total;
}
