/* Events of this machine's devices. */
#include "events.h"

#include <errno.h>
#include <libudev.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"

/* What systemd's libudev and eudev look for, too. */
#define UDEV_DAEMON "/run/udev/control"

struct taker {
	void (*take)(const struct event *event, void *closure);
	void *closure;
};

static bool daemon_runs(void)
{
	return access(UDEV_DAEMON, F_OK) == 0;
}

static struct udev_monitor *open_monitor(struct events *events, const char *group)
{
	struct udev_monitor *monitor = udev_monitor_new_from_netlink(events->udev, group);

	if (monitor == NULL || udev_monitor_enable_receiving(monitor) < 0) {
		message("events of the group %s can't be received: %s", group, strerror(errno));
		udev_monitor_unref(monitor);
		return NULL;
	}
	/* Without the privilege it stays as large as it is: more is lost, and looked for. */
	udev_monitor_set_receive_buffer_size(monitor, events->buffer);
	return monitor;
}

/* Only when a daemon runs: before that the library opens a group that nothing is sent to. */
static bool open_processed(struct events *events)
{
	if (events->processed == NULL)
		events->processed = open_monitor(events, "udev");
	return events->processed != NULL;
}

static int open_links(const struct events *events)
{
	const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0) {
		if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &events->buffer,
			    sizeof(events->buffer)) < 0)
			setsockopt(
				fd, SOL_SOCKET, SO_RCVBUF, &events->buffer, sizeof(events->buffer));
		return fd;
	}
	message("changes of network interfaces can't be received: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

int events_open(struct events *events, int buffer)
{
	*events = (struct events){.links = -1, .buffer = buffer};
	events->udev = udev_new();
	if (events->udev == NULL) {
		message("there is not enough memory");
		return -1;
	}
	if (daemon_runs() && !open_processed(events))
		return -1;
	events->kernel = open_monitor(events, "kernel");
	events->links = open_links(events);
	return events->kernel != NULL && events->links >= 0 ? 0 : -1;
}

void events_close(struct events *events)
{
	udev_monitor_unref(events->processed);
	udev_monitor_unref(events->kernel);
	udev_unref(events->udev);
	if (events->links >= 0)
		close(events->links);
	*events = (struct events){.links = -1};
}

void events_descriptors(const struct events *events, int descriptors[EVENT_SOURCES])
{
	descriptors[0] = events->kernel != NULL ? udev_monitor_get_fd(events->kernel) : -1;
	descriptors[1] = events->processed != NULL ? udev_monitor_get_fd(events->processed) : -1;
	descriptors[2] = events->links;
}

static void take_device(struct udev_device *device, const struct taker *taker)
{
	const struct event event = {udev_device_get_action(device),
		udev_device_get_subsystem(device), udev_device_get_sysname(device)};
	const char *kind = udev_device_get_devtype(device);

	/* A partition has no values of its own. */
	if (kind != NULL && strcmp(kind, "partition") == 0)
		return;
	if (event.action != NULL && event.subsystem != NULL && event.name != NULL)
		taker->take(&event, taker->closure);
}

/* Takes what waits in a group; `taker` NULL: and forgets it. False when some were lost. */
static bool read_monitor(struct udev_monitor *monitor, const struct taker *taker)
{
	bool complete = true;

	for (;;) {
		errno = 0;
		struct udev_device *device = udev_monitor_receive_device(monitor);
		int error = errno;
		if (device == NULL && error == ENOBUFS) {
			complete = false;
			continue;
		}
		if (device == NULL)
			return complete;
		if (taker != NULL)
			take_device(device, taker);
		udev_device_unref(device);
	}
}

static void take_link(struct nlmsghdr *header, const struct taker *taker)
{
	struct ifinfomsg *link = NLMSG_DATA(header);
	const unsigned up = IFF_UP | IFF_RUNNING | IFF_LOWER_UP;

	if ((link->ifi_change & link->ifi_flags & up) == 0)
		return;
	/* What follows the header, each at a multiple of four. */
	char *place = (char *)link + NLMSG_ALIGN(sizeof(*link));
	const char *end = (const char *)header + header->nlmsg_len;
	while (end - place >= (ptrdiff_t)sizeof(struct rtattr)) {
		struct rtattr *attribute = (struct rtattr *)(void *)place;
		if (attribute->rta_len < sizeof(*attribute) || attribute->rta_len > end - place)
			return;
		if (attribute->rta_type == IFLA_IFNAME) {
			const struct event event = {"up", "net", RTA_DATA(attribute)};
			taker->take(&event, taker->closure);
		}
		place += RTA_ALIGN(attribute->rta_len);
	}
}

/* False when some were lost. */
static bool read_links(int fd, const struct taker *taker)
{
	/* The one thread's: too large for a stack. */
	static _Alignas(struct nlmsghdr) char room[32768];
	bool complete = true;

	for (;;) {
		ssize_t length = recv(fd, room, sizeof(room), 0);
		if (length < 0 && errno == ENOBUFS)
			complete = false;
		else if (length <= 0 && errno != EINTR)
			return complete;
		for (struct nlmsghdr *header = (struct nlmsghdr *)(void *)room;
			length > 0 && NLMSG_OK(header, (size_t)length);
			header = NLMSG_NEXT(header, length))
			if (header->nlmsg_type == RTM_NEWLINK &&
				header->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifinfomsg)))
				take_link(header, taker);
	}
}

bool events_read(struct events *events, void (*take)(const struct event *event, void *closure),
	void *closure)
{
	const struct taker taker = {take, closure};
	bool complete = true;

	if (events->udev == NULL)
		return true;
	/* One that was started later passes on what comes from now on. */
	bool by_daemon = daemon_runs();
	if (by_daemon && events->processed == NULL)
		complete = !open_processed(events);
	by_daemon = by_daemon && events->processed != NULL;
	complete = read_monitor(events->kernel, by_daemon ? NULL : &taker) && complete;
	if (events->processed != NULL)
		complete = read_monitor(events->processed, by_daemon ? &taker : NULL) && complete;
	return read_links(events->links, &taker) && complete;
}
