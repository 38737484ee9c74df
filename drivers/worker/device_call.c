/* What a process can ask of the device that it opened: one function an operation. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "processor/hardware.h"
#include "services/devsw.h"
#include "worker/connection.h"
#include "worker/device_transfer.h"

/* One call being carried out. */
struct call {
	struct connection *connection;
	const struct wire_request *request;
	struct wire_reply *reply;
	int *fds;
	int *fd_count;
};

typedef int operation(struct call *call);

/* A device that could not be opened may be tried again: the mailboxes are there then. */
static int make_mailboxes(struct connection *connection)
{
	if (connection->mailboxes.address != NULL)
		return 0;
	int error = shared_segment_create(
		"mailboxes", sizeof(struct mailboxes), &connection->mailboxes);
	if (error != 0)
		return error;
	struct mailboxes *mailboxes = connection->mailboxes.address;
	wire_expect(mailboxes->requests);
	return 0;
}

static int open_device(struct call *call)
{
	struct connection *connection = call->connection;
	int flags = call->request->command & (DREAD | DWRITE | DNDELAY);
	dev_t devno = (dev_t)call->request->device;
	struct devsw entry;

	if (connection->open)
		return EINVAL;
	AUTO_CLOSE int notify = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	AUTO_CLOSE int interrupt = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int error = notify < 0 || interrupt < 0 ? EMFILE : make_mailboxes(connection);
	if (error == 0)
		error = device_open(devno, flags, connection->pid);
	if (error != 0)
		return error;
	if (devsw_lookup(devno, &entry))
		memcpy(&connection->driver, &entry.d_open, sizeof(connection->driver));
	connection_opened(connection, devno, flags, notify, interrupt);
	watch_interrupt(connection->id, interrupt);
	call->fds[WIRE_NOTIFY_FD] = notify;
	call->fds[WIRE_INTERRUPT_FD] = interrupt;
	call->fds[WIRE_MAILBOXES_FD] = connection->mailboxes.fd;
	*call->fd_count = WIRE_OPEN_FDS;
	notify = interrupt = -1;
	return 0;
}

void call_close(struct connection *connection)
{
	if (connection->open)
		device_close(connection->devno, connection->pid);
}

static int close_device(struct call *call)
{
	struct connection *connection = call->connection;

	if (!connection->open)
		return EINVAL;
	connection_closed(connection);
	return device_close(connection->devno, connection->pid);
}

static uint64_t inode_of(int fd)
{
	struct stat status;

	return fstat(fd, &status) < 0 ? 0 : status.st_ino;
}

static int make_window(struct call *call)
{
	struct connection *connection = call->connection;
	size_t size = call->request->value;

	if (!connection->open || size == 0 || size > WIRE_WINDOW)
		return EINVAL;
	shared_segment_destroy(&connection->window);
	int error = shared_segment_create("window", size, &connection->window);
	if (error != 0)
		return error;
	connection->window_xmem = (struct xmem){.base = connection->window.address,
		.size = connection->window.size,
		.fd = connection->window.fd,
		.inode = inode_of(connection->window.fd)};
	call->fds[0] = connection->window.fd;
	*call->fd_count = 1;
	return 0;
}

static int read_device(struct call *call)
{
	return transfer_read(call->connection, call->request, call->reply);
}

static int write_device(struct call *call)
{
	return transfer_write(call->connection, call->request, call->reply);
}

/* What the ioctl needs, by its driver's list: false when it is not there. */
static bool find_needs(const struct devsw *entry, unsigned long cmd, enum ioctl_needs *needs)
{
	*needs = IOCTL_PRIVILEGE;
	if (entry->d_ioctls == NULL)
		return true;
	for (const struct ioctl_entry *known = entry->d_ioctls; known->cmd != 0; known++)
		if (known->cmd == cmd) {
			*needs = known->needs;
			return true;
		}
	return false;
}

/* Whether the process may ask for the ioctl: an errno. */
static int check_ioctl(const struct call *call, const struct devsw *entry)
{
	enum ioctl_needs needs;

	if (!find_needs(entry, call->request->value, &needs))
		return EINVAL;
	switch (needs) {
	case IOCTL_OPEN:
		return 0;
	case IOCTL_READ:
		return call->connection->flags & DREAD ? 0 : EBADF;
	case IOCTL_WRITE:
		return call->connection->flags & DWRITE ? 0 : EBADF;
	case IOCTL_PRIVILEGE:
		if (suser())
			return 0;
		snprintf(call->reply->reason, WIRE_REASON,
			"only root and the owner of this root may");
		return EPERM;
	case IOCTL_EXTENSION:
		break;
	}
	snprintf(call->reply->reason, WIRE_REASON, "only extensions may");
	return EPERM;
}

static int ask_driver(struct call *call)
{
	const struct wire_request *request = call->request;
	struct devsw entry;
	AUTO_FREE char *argument = malloc(_IOC_SIZEMASK + 1);

	if (argument == NULL)
		return ENOMEM;
	if (!call->connection->open || request->payload_length != _IOC_SIZE(request->value))
		return EINVAL;
	if (!devsw_lookup(call->connection->devno, &entry) || entry.d_ioctl == NULL)
		return ENODEV;
	int error = check_ioctl(call, &entry);
	if (error != 0)
		return error;
	memcpy(argument, request->payload, request->payload_length);
	error = entry.d_ioctl(call->connection->devno, request->value, argument,
		(unsigned long)call->connection->flags, 0, 0);
	if (error == 0 && (_IOC_DIR(request->value) & _IOC_READ)) {
		memcpy(call->reply->payload, argument, request->payload_length);
		call->reply->payload_length = request->payload_length;
	}
	return error;
}

static int poll_device(struct call *call)
{
	unsigned short events = (unsigned short)call->request->command, true_now = 0;
	struct devsw entry;

	if (!call->connection->open)
		return EINVAL;
	if (!devsw_lookup(call->connection->devno, &entry) || entry.d_select == NULL)
		return ENODEV;
	int error = entry.d_select(call->connection->devno, events, &true_now, 0);
	call->reply->value = true_now;
	return error;
}

static int map_device(struct call *call)
{
	struct shared_segment *segment = NULL;
	struct devsw entry;

	if (!call->connection->open)
		return EINVAL;
	if (!devsw_lookup(call->connection->devno, &entry) || entry.d_map == NULL)
		return ENODEV;
	int error =
		entry.d_map(call->connection->devno, (unsigned int)call->request->value, &segment);
	if (error != 0)
		return error;
	call->reply->value = segment->size;
	call->fds[0] = segment->fd;
	*call->fd_count = 1;
	return 0;
}

/* A caller may do without its privilege: it asks for somebody else. */
static int control_device(struct call *call)
{
	struct kern_thread *thread = &call->connection->thread;
	bool unprivileged = thread->unprivileged;

	thread->unprivileged |= (call->request->command & WIRE_UNPRIVILEGED) != 0;
	int error = ask_driver(call);
	thread->unprivileged = unprivileged;
	return error;
}

static operation *const operations[WIRE_OPERATIONS] = {
	[WIRE_OPEN] = open_device,
	[WIRE_CLOSE] = close_device,
	[WIRE_WINDOW_SIZE] = make_window,
	[WIRE_READ] = read_device,
	[WIRE_WRITE] = write_device,
	[WIRE_IOCTL] = control_device,
	[WIRE_POLL] = poll_device,
	[WIRE_MAP] = map_device,
};

void device_call(struct connection *connection, const struct wire_request *request,
	struct wire_reply *reply, int reply_fds[WIRE_FDS], int *reply_fd_count)
{
	struct call call = {connection, request, reply, reply_fds, reply_fd_count};

	connection->thread.device = connection->open ? connection->devno : 0;
	connection->thread.entry = connection->driver;
	reply->error = operations[request->operation] != NULL
			       ? operations[request->operation](&call)
			       : EINVAL;
	connection->failed = reply->error != 0;
	hardware_release();
	connection->thread.device = 0;
}
