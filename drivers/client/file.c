/* An open device. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/device.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/tmscsi.h>

#include "base/clock.h"
#include "client/file.h"
#include "client/special.h"

/* The connection ended: with the device's process, or with the whole host. */
static int connection_ended(struct kex_file *file)
{
	if (!file->ended && !host_is_running())
		return host_ended();
	if (!file->ended)
		file->tells_end = true;
	file->ended = true;
	return fail(EIO,
		"%s: the process of its driver ended (odmcfg errpt tells why) and is started "
		"again; "
		"close the device and open it again",
		file->name);
}

/* What a call's failure means for the file. */
static int file_result(struct kex_file *file, int result)
{
	return result < 0 && errno == ECONNRESET ? connection_ended(file) : result;
}

int file_begin(struct kex_file *file, enum wire_operation operation, uint32_t payload_length)
{
	file->request.magic = WIRE_MAGIC;
	file->request.operation = operation;
	file->request.payload_length = payload_length;
	if (file->ended)
		return connection_ended(file);
	return file_result(file, send_request(&file->wire, &file->request, -1));
}

int file_end(struct kex_file *file, int fds[WIRE_FDS])
{
	if (file->ended)
		return connection_ended(file);
	return file_result(file, take_reply(&file->wire, &file->reply, fds, file->interrupt_fd));
}

int file_call(struct kex_file *file, enum wire_operation operation, uint32_t payload_length,
	int fds[WIRE_FDS])
{
	writes_await(file);
	return file_begin(file, operation, payload_length) < 0 ? -1 : file_end(file, fds);
}

void file_unmap(struct mapping *mapping)
{
	if (mapping->address != NULL)
		munmap(mapping->address, mapping->size);
	*mapping = (struct mapping){0};
}

LIBKEX_API void kex_close(struct kex_file *file)
{
	int fds[WIRE_FDS];
	int error = errno;

	if (file == NULL)
		return;
	/* Whoever opens it next does so after the driver's close. */
	if (file->notify_fd >= 0 && !file->ended)
		file_call(file, WIRE_CLOSE, 0, fds);
	for (int i = 0; i < file->mapping_count; i++)
		file_unmap(&file->mappings[i]);
	file_unmap(&file->window);
	file_unmap(&file->mailboxes);
	if (file->wire.socket >= 0)
		close(file->wire.socket);
	if (file->notify_fd >= 0)
		close(file->notify_fd);
	if (file->interrupt_fd >= 0)
		close(file->interrupt_fd);
	free(file->name);
	free(file);
	errno = error;
}

static void close_file(struct kex_file **file)
{
	kex_close(*file);
}

static int open_flags(int oflag)
{
	static const int directions[] = {
		[O_RDONLY] = DREAD, [O_WRONLY] = DWRITE, [O_RDWR] = DREAD | DWRITE};

	return directions[oflag & O_ACCMODE] | (oflag & O_NONBLOCK ? DNDELAY : 0);
}

int file_map(struct kex_file *file, int fd, size_t size, struct mapping *mapping)
{
	void *address = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (address == MAP_FAILED)
		return fail(errno, "%s: can't map its memory: %s", file->name, strerror(errno));
	*mapping = (struct mapping){.address = address, .size = size};
	return 0;
}

static int map_mailboxes(struct kex_file *file, int fd)
{
	if (file_map(file, fd, sizeof(struct mailboxes), &file->mailboxes) < 0)
		return -1;
	struct mailboxes *mailboxes = file->mailboxes.address;
	wire_expect(mailboxes->replies);
	wire_join(&file->wire, mailboxes->replies, mailboxes->requests);
	return 0;
}

LIBKEX_API struct kex_file *kex_open(const char *name, int oflag)
{
	int fds[WIRE_FDS];

	clear_reason();
	if ((oflag & O_ACCMODE) > O_RDWR) {
		fail(EINVAL, "%s: opened neither to read nor to write", name);
		return NULL;
	}
	AUTO_CLOSE int special = special_file_open(name, oflag);
	if (special < 0)
		return NULL;
	AUTO(close_file) struct kex_file *file = calloc(1, sizeof(*file));
	if (file == NULL)
		return NULL;
	file->wire.socket = file->notify_fd = file->interrupt_fd = -1;
	file->name = strdup(name);
	file->wire.socket = host_connect();
	if (file->name == NULL || file->wire.socket < 0)
		return NULL;

	file->request.magic = WIRE_MAGIC;
	file->request.operation = WIRE_OPEN;
	file->request.command = open_flags(oflag);
	if (exchange(&file->wire, &file->request, &file->reply, special, fds, -1) < 0) {
		if (errno == ECONNRESET)
			connection_ended(file);
		return NULL;
	}
	file->notify_fd = fds[WIRE_NOTIFY_FD];
	file->interrupt_fd = fds[WIRE_INTERRUPT_FD];
	AUTO_CLOSE int mailboxes = fds[WIRE_MAILBOXES_FD];
	return map_mailboxes(file, mailboxes) < 0 ? NULL : TAKE(file);
}

bool file_has_ended(const struct kex_file *file)
{
	return file->ended;
}

bool file_tells_end(const struct kex_file *file)
{
	return file->tells_end;
}

/* TMIOEVNT once the process ended: the adapter is dead, which is told once. */
static int tell_end(struct kex_file *file, struct tm_event_info *info)
{
	clear_reason();
	info->events = file->tells_end ? TM_FATAL_HDW_ERR : 0;
	file->tells_end = false;
	return 0;
}

static int ask_control(struct kex_file *file, unsigned long cmd, void *arg, int32_t flags)
{
	uint32_t size = _IOC_SIZE(cmd);
	int fds[WIRE_FDS];

	if (file->ended && cmd == TMIOEVNT)
		return tell_end(file, arg);
	file->request.value = cmd;
	file->request.command = flags;
	memset(file->request.payload, 0, size);
	if (size > 0 && (_IOC_DIR(cmd) & _IOC_WRITE))
		memcpy(file->request.payload, arg, size);
	/* The process may have ended on the way: this call is the one that tells. */
	if (file_call(file, WIRE_IOCTL, size, fds) < 0)
		return file->tells_end && cmd == TMIOEVNT ? tell_end(file, arg) : -1;
	if (size > 0 && (_IOC_DIR(cmd) & _IOC_READ)) {
		if (file->reply.payload_length != size)
			return fail(EPROTO, "%s: kexd returned the wrong size", file->name);
		memcpy(arg, file->reply.payload, size);
	}
	return 0;
}

LIBKEX_API int kex_ioctl(struct kex_file *file, unsigned long cmd, void *arg)
{
	return ask_control(file, cmd, arg, 0);
}

LIBKEX_API int kex_ioctl_unprivileged(struct kex_file *file, unsigned long cmd, void *arg)
{
	return ask_control(file, cmd, arg, WIRE_UNPRIVILEGED);
}

/* Until the host notifies, or ends. Returns 1, 0 at the deadline, -1 and errno. */
static int await_notification(struct kex_file *file, int64_t deadline)
{
	struct pollfd wait[2] = {{.fd = file->notify_fd, .events = POLLIN},
		{.fd = file->wire.socket, .events = POLLRDHUP}};
	int64_t left = deadline - clock_milliseconds();
	uint64_t notifications;
	int count = poll(wait, 2, deadline < 0 ? -1 : left < 0 ? 0 : (int)left);

	if (count > 0 && (wait[0].revents & POLLIN) &&
		read(file->notify_fd, &notifications, sizeof(notifications)) < 0)
		return fail(errno, "%s: %s", file->name, strerror(errno));
	return count > 0 ? 1 : count;
}

LIBKEX_API int kex_poll(struct kex_file *file, short events, short *revents, int timeout)
{
	int64_t deadline = timeout < 0 ? -1 : clock_milliseconds() + timeout;
	int fds[WIRE_FDS];

	for (;;) {
		file->request.command = (unsigned short)events;
		if (file_call(file, WIRE_POLL, 0, fds) < 0) {
			if (!file->tells_end || !(events & POLLPRI))
				return -1;
			*revents = POLLPRI;
			return 1;
		}
		*revents = (short)file->reply.value;
		if (*revents != 0)
			return 1;
		int result = await_notification(file, deadline);
		if (result <= 0)
			return result;
	}
}

LIBKEX_API int kex_notify_fd(const struct kex_file *file)
{
	return file->notify_fd;
}

LIBKEX_API void *kex_map(struct kex_file *file, unsigned region, size_t *size)
{
	int fds[WIRE_FDS];

	if (file->mapping_count == MAPPINGS) {
		fail(ENOMEM, "%s: too many regions are mapped", file->name);
		return NULL;
	}
	file->request.value = region;
	if (file_call(file, WIRE_MAP, 0, fds) < 0)
		return NULL;
	AUTO_CLOSE int fd = fds[0];
	struct mapping *mapping = &file->mappings[file->mapping_count];
	if (file_map(file, fd, file->reply.value, mapping) < 0)
		return NULL;
	file->mapping_count++;
	*size = mapping->size;
	return mapping->address;
}
