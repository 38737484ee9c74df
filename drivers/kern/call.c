/* What a client can ask for: one function an operation. */
#include <errno.h>
#include <fcntl.h>
#include <kex.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/malloc.h>
#include <sys/mman.h>
#include <sys/sdi.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "kern/connection.h"
#include "kern/host.h"
#include "kern/special.h"

/* One call being carried out. */
struct call {
	struct connection *connection;
	const struct wire_request *request;
	int request_fd;
	struct wire_reply *reply;
	int *fds;
	int *fd_count;
};

typedef int operation(struct call *call);

static int load(struct call *call)
{
	char path[4096];
	const struct wire_request *request = call->request;
	mid_t kmid = request->value;
	int error = 0;

	if (request->payload_length >= sizeof(path))
		return ENAMETOOLONG;
	memcpy(path, request->payload, request->payload_length);
	path[request->payload_length] = '\0';

	pthread_mutex_lock(&configuration_mutex);
	switch (request->command) {
	case SYS_KLOAD:
	case SYS_SINGLELOAD:
		error = module_load(
			path, request->command == SYS_KLOAD, &kmid, call->reply->reason);
		break;
	case SYS_QUERYLOAD:
		kmid = module_query(path);
		break;
	case SYS_KULOAD:
		error = module_unload(kmid, call->reply->reason);
		break;
	default:
		error = EINVAL;
	}
	pthread_mutex_unlock(&configuration_mutex);
	call->reply->value = kmid;
	return error;
}

static int configure(struct call *call)
{
	const struct wire_request *request = call->request;
	char data[WIRE_PAYLOAD];

	memcpy(data, request->payload, request->payload_length);
	pthread_mutex_lock(&configuration_mutex);
	struct module *module = request->value != 0 ? module_find(request->value)
						    : devsw_module(major(request->device));
	bool stop = request->command == CFG_STOP, start = request->command == CFG_START;
	int error = module == NULL  ? ENODEV
		    : stop || start ? device_stop(request->device, stop)
				    : module_call(module, request->device, request->command, data,
					      request->payload_length, call->reply->reason);
	pthread_mutex_unlock(&configuration_mutex);

	if (error == 0 && request->command == CFG_QVPD) {
		memcpy(call->reply->payload, data, request->payload_length);
		call->reply->payload_length = request->payload_length;
	}
	return error;
}

static int query_switch(struct call *call)
{
	call->reply->value = (uint64_t)devsw_status(call->request->device);
	return 0;
}

static int status(struct call *call)
{
	struct wire_status answer = {.started = host_started, .devices = device_total()};

	pthread_mutex_lock(&configuration_mutex);
	for (const struct module *module = module_first(); module != NULL; module = module->next)
		answer.extensions++;
	pthread_mutex_unlock(&configuration_mutex);
	memcpy(call->reply->payload, &answer, sizeof(answer));
	call->reply->payload_length = sizeof(answer);
	return 0;
}

static int stop(struct call *call)
{
	if (!call->request->value && connections_have_devices()) {
		snprintf(call->reply->reason, WIRE_REASON, "a device is open");
		return EBUSY;
	}
	request_stop();
	return 0;
}

static int list_extensions(struct call *call)
{
	struct kex_extension *list = (struct kex_extension *)call->reply->payload;
	unsigned count = 0, room = WIRE_PAYLOAD / sizeof(*list);

	pthread_mutex_lock(&configuration_mutex);
	for (const struct module *module = module_first(); module != NULL && count < room;
		module = module->next) {
		if (module->kmid < call->request->value)
			continue;
		struct kex_extension entry = {.kmid = module->kmid,
			.loads = module->loads,
			.address = module->address,
			.size = module->size};
		snprintf(entry.path, sizeof(entry.path), "%s", module->path);
		memcpy(entry.name, module->name, sizeof(entry.name));
		memcpy(&list[count++], &entry, sizeof(entry));
	}
	pthread_mutex_unlock(&configuration_mutex);
	call->reply->payload_length = (uint32_t)(count * sizeof(*list));
	return 0;
}

static int list_devices(struct call *call)
{
	struct kex_device *list = (struct kex_device *)call->reply->payload;
	unsigned count = device_list(call->request->device, list, WIRE_PAYLOAD / sizeof(*list));

	call->reply->payload_length = (uint32_t)(count * sizeof(*list));
	return 0;
}

/* The EDT's entries being written into a reply. */
struct edt_page {
	struct kex_edt *list;
	uint64_t first, index;
	unsigned count, room;
};

/* Vendor and product, without the blanks that fill them. */
static void copy_product(char product[32], const uint8_t *inquiry)
{
	int vendor = 8, model = 16;

	while (vendor > 0 && inquiry[8 + vendor - 1] <= ' ')
		vendor--;
	while (model > 0 && inquiry[16 + model - 1] <= ' ')
		model--;
	snprintf(product, 32, "%.*s %.*s", vendor, (const char *)inquiry + 8, model,
		(const char *)inquiry + 16);
}

static int add_edt(const struct sdi_hba *hba, const struct sdi_edt *entry, void *closure)
{
	struct edt_page *page = closure;
	struct kex_edt to = {.index = page->index++,
		.hba = entry->scsi_adr.scsi_ctl,
		.bus = entry->scsi_adr.scsi_bus,
		.target = entry->scsi_adr.scsi_target,
		.lun = entry->scsi_adr.scsi_lun,
		.version = hba->version,
		.pdtype = entry->pdtype};

	if (to.index < page->first)
		return 0;
	snprintf(to.hba_name, sizeof(to.hba_name), "%s", hba->name);
	copy_product(to.product, entry->inquiry);
	for (const struct owner *owner = entry->owner_list; owner != NULL; owner = owner->next) {
		size_t length = strlen(to.owners);
		snprintf(to.owners + length, sizeof(to.owners) - length, "%s%s",
			length > 0 ? " " : "", owner->name);
	}
	page->list[page->count++] = to;
	return page->count == page->room;
}

static int list_edt(struct call *call)
{
	struct edt_page page = {.list = (struct kex_edt *)call->reply->payload,
		.first = call->request->value,
		.room = WIRE_PAYLOAD / sizeof(struct kex_edt)};

	sdi_visit(add_edt, &page);
	call->reply->payload_length = (uint32_t)(page.count * sizeof(*page.list));
	return 0;
}

static int open_device(struct call *call)
{
	struct connection *connection = call->connection;
	int flags = call->request->command & (DREAD | DWRITE | DNDELAY);
	dev_t devno;

	if (connection->open)
		return EINVAL;
	int error = special_check(call->request_fd, flags, &devno);
	if (error != 0)
		return error;
	int notify = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int interrupt = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	error = notify < 0 || interrupt < 0 ? EMFILE : device_open(devno, flags, connection->pid);
	if (error != 0) {
		if (notify >= 0)
			close(notify);
		if (interrupt >= 0)
			close(interrupt);
		return error;
	}
	connection_opened(connection, devno, flags, notify, interrupt);
	watch_interrupt(connection->id, interrupt);
	call->fds[0] = notify;
	call->fds[1] = interrupt;
	*call->fd_count = 2;
	return 0;
}

void call_close(struct connection *connection)
{
	if (connection->open)
		device_close(connection->devno, connection->pid);
}

static int make_window(struct call *call)
{
	struct connection *connection = call->connection;
	size_t size = call->request->value;

	if (!connection->open || size == 0 || size > WIRE_WINDOW)
		return EINVAL;
	if (connection->window != NULL) {
		munmap(connection->window, connection->window_size);
		close(connection->window_fd);
	}
	connection->window = NULL;
	connection->window_size = 0;

	int fd = memfd_create("window", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0 || ftruncate(fd, (off_t)size) < 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) < 0) {
		int error = errno;
		if (fd >= 0)
			close(fd);
		return error;
	}
	void *window = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (window == MAP_FAILED) {
		close(fd);
		return ENOMEM;
	}
	connection->window = window;
	connection->window_size = size;
	connection->window_fd = fd;
	call->fds[0] = fd;
	*call->fd_count = 1;
	return 0;
}

/* Read and write differ in the entry point only. */
static int transfer(struct call *call, int flag, size_t *moved)
{
	struct connection *connection = call->connection;
	size_t length = call->request->value;
	struct iovec part = {.iov_base = connection->window, .iov_len = length};
	struct uio uio = {.uio_iov = &part,
		.uio_iovcnt = 1,
		.uio_resid = length,
		.uio_fmode = connection->flags};
	struct devsw entry;

	if (!connection->open || length > connection->window_size)
		return EINVAL;
	if (!(connection->flags & flag))
		return EBADF;
	if (!devsw_lookup(connection->devno, &entry))
		return ENODEV;
	int (*routine)(dev_t, struct uio *, int, int) =
		flag == DREAD ? entry.d_read : entry.d_write;
	if (routine == NULL)
		return ENODEV;
	int error = routine(connection->devno, &uio, 0, 0);
	*moved = length - uio.uio_resid;
	return error;
}

static int read_device(struct call *call)
{
	size_t moved = 0;
	int error = transfer(call, DREAD, &moved);

	call->reply->value = moved;
	return error;
}

static int write_device(struct call *call)
{
	size_t moved = 0;
	int error = transfer(call, DWRITE, &moved);

	call->reply->value = moved;
	return error;
}

static int control_device(struct call *call)
{
	const struct wire_request *request = call->request;
	struct devsw entry;
	/* Aligned for any structure. */
	_Alignas(max_align_t) char argument[WIRE_PAYLOAD];

	if (!call->connection->open || request->payload_length != _IOC_SIZE(request->value))
		return EINVAL;
	if (!devsw_lookup(call->connection->devno, &entry) || entry.d_ioctl == NULL)
		return ENODEV;
	memcpy(argument, request->payload, request->payload_length);
	int error = entry.d_ioctl(call->connection->devno, request->value, argument,
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

/* Every operation, and whether only the root's owner may ask for it. */
static const struct {
	operation *function;
	bool owner_only;
} operations[WIRE_OPERATIONS] = {
	[WIRE_SYSCONFIG_LOAD] = {load, true},
	[WIRE_SYSCONFIG_CALL] = {configure, true},
	[WIRE_SYSCONFIG_SWITCH] = {query_switch, false},
	[WIRE_STATUS] = {status, false},
	[WIRE_STOP] = {stop, true},
	[WIRE_EXTENSIONS] = {list_extensions, false},
	[WIRE_DEVICES] = {list_devices, false},
	[WIRE_EDT] = {list_edt, false},
	[WIRE_OPEN] = {open_device, false},
	[WIRE_WINDOW_SIZE] = {make_window, false},
	[WIRE_READ] = {read_device, false},
	[WIRE_WRITE] = {write_device, false},
	[WIRE_IOCTL] = {control_device, false},
	[WIRE_POLL] = {poll_device, false},
	[WIRE_MAP] = {map_device, false},
};

void call(struct connection *connection, const struct wire_request *request, int request_fd,
	struct wire_reply *reply, int reply_fds[WIRE_FDS], int *reply_fd_count)
{
	struct call call = {connection, request, request_fd, reply, reply_fds, reply_fd_count};

	if (operations[request->operation].owner_only && !connection->owner) {
		snprintf(reply->reason, WIRE_REASON, "only root and the owner of this root may");
		reply->error = EPERM;
		return;
	}
	connection->thread.device = connection->open ? connection->devno : 0;
	reply->error = operations[request->operation].function(&call);
	connection->thread.device = 0;
}
