/* The devices that drivers have published, with who has them open. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/counters.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "processor/environment.h"
#include "processor/thread.h"
#include "services/device.h"

struct published {
	dev_t devno;
	char name[32];
	int interrupt_class;
	struct device_counters *counters;
	struct module *module;
	unsigned opens;
	bool stopped;
	pid_t openers[KEX_OPENERS]; /* one for each open, without extensions' */
	unsigned long order; /* of publication */
	struct published *next; /* in devno order */
};

/* Guards the list and its members. */
static pthread_mutex_t list_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct published *list;
static unsigned long last_order;

/* The link that holds devno or the first greater; with the mutex held. */
static struct published **link_of(dev_t devno)
{
	struct published **link = &list;

	while (*link != NULL && (*link)->devno < devno)
		link = &(*link)->next;
	return link;
}

static struct published *find(dev_t devno)
{
	struct published *found = *link_of(devno);

	return found != NULL && found->devno == devno ? found : NULL;
}

int device_publish(
	dev_t devno, const char *name, int interrupt_class, struct device_counters *counters)
{
	struct kern_thread *thread = kern_thread_current();

	if (!environment_is_process("device_publish"))
		return EPERM;
	struct published *new = calloc(1, sizeof(*new));
	if (new == NULL)
		return ENOMEM;
	new->devno = devno;
	snprintf(new->name, sizeof(new->name), "%s", name);
	new->interrupt_class = interrupt_class;
	new->counters = counters;
	new->module = thread != NULL ? thread->module : NULL;

	pthread_mutex_lock(&list_mutex);
	bool taken = find(devno) != NULL;
	if (!taken) {
		struct published **link = link_of(devno);
		new->next = *link;
		new->order = ++last_order;
		*link = new;
	}
	pthread_mutex_unlock(&list_mutex);
	if (taken)
		free(new);
	return taken ? EEXIST : 0;
}

void device_withdraw(dev_t devno)
{
	pthread_mutex_lock(&list_mutex);
	struct published **link = link_of(devno);
	struct published *gone = *link;
	if (gone != NULL && gone->devno == devno)
		*link = gone->next;
	else
		gone = NULL;
	pthread_mutex_unlock(&list_mutex);
	free(gone);
}

/* Puts a process in the place of another, the first that is found. */
static void replace_opener(struct published *device, pid_t before, pid_t after)
{
	for (int i = 0; i < KEX_OPENERS; i++)
		if (device->openers[i] == before) {
			device->openers[i] = after;
			return;
		}
}

void device_count_open(dev_t devno, pid_t pid)
{
	pthread_mutex_lock(&list_mutex);
	struct published *device = find(devno);
	if (device != NULL) {
		device->opens++;
		if (pid != 0)
			replace_opener(device, 0, pid);
	}
	pthread_mutex_unlock(&list_mutex);
}

void device_count_close(dev_t devno, pid_t pid)
{
	pthread_mutex_lock(&list_mutex);
	struct published *device = find(devno);
	if (device != NULL && device->opens > 0) {
		device->opens--;
		if (pid != 0)
			replace_opener(device, pid, 0);
	}
	pthread_mutex_unlock(&list_mutex);
}

int device_stop(dev_t devno, bool stop)
{
	int error = ENODEV;

	pthread_mutex_lock(&list_mutex);
	struct published *device = find(devno);
	if (device != NULL)
		error = stop && device->opens > 0 ? EBUSY : 0;
	if (error == 0)
		device->stopped = stop;
	pthread_mutex_unlock(&list_mutex);
	return error;
}

bool device_stopped(dev_t devno)
{
	pthread_mutex_lock(&list_mutex);
	const struct published *device = find(devno);
	bool stopped = device != NULL && device->stopped;
	pthread_mutex_unlock(&list_mutex);
	return stopped;
}

bool device_is_open(dev_t devno)
{
	pthread_mutex_lock(&list_mutex);
	const struct published *device = find(devno);
	bool open = device != NULL && device->opens > 0;
	pthread_mutex_unlock(&list_mutex);
	return open;
}

bool devsw_is_open(unsigned major_number)
{
	bool open = false;

	pthread_mutex_lock(&list_mutex);
	for (const struct published *device = list; device != NULL; device = device->next)
		if (major(device->devno) == major_number && device->opens > 0)
			open = true;
	pthread_mutex_unlock(&list_mutex);
	return open;
}

bool device_of_module(const struct module *module)
{
	bool any = false;

	pthread_mutex_lock(&list_mutex);
	for (const struct published *device = list; device != NULL; device = device->next)
		if (device->module == module)
			any = true;
	pthread_mutex_unlock(&list_mutex);
	return any;
}

unsigned device_total(void)
{
	unsigned total = 0;

	pthread_mutex_lock(&list_mutex);
	for (const struct published *device = list; device != NULL; device = device->next)
		total++;
	pthread_mutex_unlock(&list_mutex);
	return total;
}

bool device_last(dev_t *devno, struct module **module)
{
	const struct published *last = NULL;

	pthread_mutex_lock(&list_mutex);
	for (const struct published *device = list; device != NULL; device = device->next)
		if (last == NULL || device->order > last->order)
			last = device;
	if (last != NULL) {
		*devno = last->devno;
		*module = last->module;
	}
	pthread_mutex_unlock(&list_mutex);
	return last != NULL;
}

unsigned long device_last_order(void)
{
	pthread_mutex_lock(&list_mutex);
	unsigned long order = last_order;
	pthread_mutex_unlock(&list_mutex);
	return order;
}

size_t device_published_since(unsigned long order, struct wire_published *to, size_t room)
{
	size_t length = 0;

	pthread_mutex_lock(&list_mutex);
	for (const struct published *device = list; device != NULL; device = device->next)
		if (device->order > order && length + sizeof(*to) <= room) {
			to->devno = device->devno;
			memcpy(to++->name, device->name, sizeof(to->name));
			length += sizeof(*to);
		}
	pthread_mutex_unlock(&list_mutex);
	return length;
}

static void copy_counters(struct kex_device *to, struct device_counters *from)
{
	to->events_raised = atomic_load(&from->events_raised);
	to->events_delivered = atomic_load(&from->events_delivered);
	to->events_merged = atomic_load(&from->events_merged);
	to->events_masked = atomic_load(&from->events_masked);
	for (int flag = 0; flag < EVENT_FLAGS; flag++) {
		to->raised_by_flag[flag] = atomic_load(&from->raised_by_flag[flag]);
		to->merged_by_flag[flag] = atomic_load(&from->merged_by_flag[flag]);
	}
	to->last_event_time = atomic_load(&from->last_event_time);
	to->last_events = atomic_load(&from->last_events);
	to->bytes = atomic_load(&from->bytes);
	to->records = atomic_load(&from->records);
	to->sender_waits = atomic_load(&from->sender_waits);
	to->sender_wait_time = atomic_load(&from->sender_wait_time);
	to->num_bufs = atomic_load(&from->num_bufs);
	to->bufs_in_use = atomic_load(&from->bufs_in_use);
	to->bufs_peak = atomic_load(&from->bufs_peak);
	to->bufs_filled = atomic_load(&from->bufs_filled);
	to->bufs_exhausted = atomic_load(&from->bufs_exhausted);
	to->full_time = atomic_load(&from->full_time);
}

unsigned device_list(dev_t first, struct kex_device *to, unsigned room)
{
	unsigned count = 0;

	pthread_mutex_lock(&list_mutex);
	for (const struct published *device = *link_of(first); device != NULL && count < room;
		device = device->next) {
		struct kex_device *entry = &to[count++];
		*entry = (struct kex_device){.devno = device->devno,
			.interrupt_class = device->interrupt_class,
			.opens = device->opens,
			.process = getpid()};
		int openers = 0;
		for (int i = 0; i < KEX_OPENERS; i++)
			if (device->openers[i] != 0)
				entry->openers[openers++] = device->openers[i];
		memcpy(entry->name, device->name, sizeof(entry->name));
		if (device->module != NULL)
			memcpy(entry->extension, device->module->name, sizeof(entry->extension));
		if (device->counters != NULL)
			copy_counters(entry, device->counters);
	}
	pthread_mutex_unlock(&list_mutex);
	return count;
}
