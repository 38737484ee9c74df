/* An open device file: calls of libkex for its requests, and polls that are told. */
#include "devfs/open_device.h"

#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <fuse_lowlevel.h>
#include <kex.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "base/cleanup.h"

struct open_device {
	struct kex_file *file;
	/*
	 * Guards the file, held over a call: libkex has one thread a file. A poll does not wait for
	 * a read.
	 */
	pthread_mutex_t call_mutex;
	/* Who waits for a poll to be worth repeating; under devices_mutex, as the list. */
	struct fuse_pollhandle *handle;
	struct open_device *next;
};

/*
 * Guards the list of open devices and their handles: a notification may come for one that is closed
 * by then.
 */
static pthread_mutex_t devices_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct open_device *devices;

/* Notifications of all open devices, armed for one at a time. */
static int epoll_fd = -1;

/* With the mutex held. */
static void tell(struct open_device *device)
{
	if (device->handle == NULL)
		return;
	fuse_notify_poll(device->handle);
	fuse_pollhandle_destroy(device->handle);
	device->handle = NULL;
}

static void tell_if_open(const struct open_device *told)
{
	pthread_mutex_lock(&devices_mutex);
	for (struct open_device *device = devices; device != NULL; device = device->next)
		if (device == told)
			tell(device);
	pthread_mutex_unlock(&devices_mutex);
}

static void *watch(void *argument)
{
	struct epoll_event event;

	(void)argument;
	for (;;)
		if (epoll_wait(epoll_fd, &event, 1, -1) == 1)
			tell_if_open(event.data.ptr);
	return NULL;
}

int open_devices_begin(void)
{
	pthread_t thread;

	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_fd < 0)
		return errno;
	int error = pthread_create(&thread, NULL, watch, NULL);
	if (error == 0)
		pthread_detach(thread);
	return error;
}

static int arm(struct open_device *device, int operation)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.ptr = device};

	return epoll_ctl(epoll_fd, operation, kex_notify_fd(device->file), &event);
}

static void release(struct open_device **device)
{
	if (*device == NULL)
		return;
	kex_close((*device)->file);
	free(*device);
}

int open_device_create(const char *name, int oflag, struct open_device **device)
{
	AUTO(release) struct open_device *new = calloc(1, sizeof(*new));

	if (new == NULL)
		return ENOMEM;
	pthread_mutex_init(&new->call_mutex, NULL);
	new->file = kex_open(name, oflag);
	if (new->file == NULL)
		return errno == EHOSTDOWN ? ENXIO : errno;
	struct epoll_event none = {.data.ptr = new};
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, kex_notify_fd(new->file), &none) < 0)
		return errno;
	pthread_mutex_lock(&devices_mutex);
	new->next = devices;
	devices = new;
	pthread_mutex_unlock(&devices_mutex);
	*device = TAKE(new);
	return 0;
}

void open_device_close(struct open_device *device)
{
	struct open_device **link = &devices;

	epoll_ctl(epoll_fd, EPOLL_CTL_DEL, kex_notify_fd(device->file), NULL);
	pthread_mutex_lock(&devices_mutex);
	tell(device);
	while (*link != device)
		link = &(*link)->next;
	*link = device->next;
	pthread_mutex_unlock(&devices_mutex);
	release(&device);
}

/* The host's end is an input/output error for a program that knows no host. */
static int result_of(ssize_t result)
{
	if (result >= 0)
		return (int)result;
	return errno == EHOSTDOWN ? -EIO : -errno;
}

int open_device_read(struct open_device *device, char *buffer, size_t size)
{
	pthread_mutex_lock(&device->call_mutex);
	int result = result_of(kex_read(device->file, buffer, size));
	pthread_mutex_unlock(&device->call_mutex);
	return result;
}

int open_device_write(struct open_device *device, const char *buffer, size_t size)
{
	pthread_mutex_lock(&device->call_mutex);
	int result = result_of(kex_write(device->file, buffer, size));
	pthread_mutex_unlock(&device->call_mutex);
	return result;
}

int open_device_ioctl(struct open_device *device, unsigned cmd, void *data, bool privileged)
{
	pthread_mutex_lock(&device->call_mutex);
	int result = result_of(privileged ? kex_ioctl(device->file, cmd, data)
					  : kex_ioctl_unprivileged(device->file, cmd, data));
	pthread_mutex_unlock(&device->call_mutex);
	return result;
}

/* In the place of one that waited before. */
static void keep_handle(struct open_device *device, struct fuse_pollhandle *handle)
{
	pthread_mutex_lock(&devices_mutex);
	if (device->handle != NULL)
		fuse_pollhandle_destroy(device->handle);
	device->handle = handle;
	pthread_mutex_unlock(&devices_mutex);
}

/* A device that is read right now has nothing for others. */
static int ask(struct open_device *device, unsigned *revents)
{
	short true_now = 0;

	*revents = 0;
	if (pthread_mutex_trylock(&device->call_mutex) != 0)
		return 0;
	int result = kex_poll(device->file, POLLIN | POLLPRI, &true_now, 0);
	/* What can't be asked about waiting can be written to at any time. */
	if (result < 0 && errno == ENODEV) {
		true_now = POLLOUT | POLLIN;
		result = 1;
	}
	pthread_mutex_unlock(&device->call_mutex);
	*revents = (unsigned)(unsigned short)true_now;
	return result < 0 ? result_of(result) : 0;
}

int open_device_poll(struct open_device *device, struct fuse_pollhandle *handle, unsigned *revents)
{
	if (handle != NULL)
		keep_handle(device, handle);
	int error = ask(device, revents);
	if (handle != NULL && error == 0 && *revents == 0)
		arm(device, EPOLL_CTL_MOD);
	return error;
}
