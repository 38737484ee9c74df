/* An open device. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/device.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/tmscsi.h>

#include "client/client.h"
#include "client/special.h"

#define MAPPINGS 8

struct mapping {
	void *address;
	size_t size;
};

struct kex_file {
	char *name;
	int socket;
	int notify_fd; /* the host writes it: poll again */
	int interrupt_fd; /* this process writes it: a signal came */
	bool ended; /* the device's process has */
	bool tells_end; /* TMIOEVNT has yet to say so */
	struct mapping window; /* bulk data's way to the host and back */
	struct mapping mappings[MAPPINGS];
	int mapping_count;
	struct wire_request request;
	struct wire_reply reply;
};

/* The connection ended: with the device's process, or with the whole host. */
static int connection_ended(struct kex_file *file)
{
	if (!file->ended && !host_goes_on())
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

/* One call, with command, value and payload of the file's request filled in. */
static int file_call(struct kex_file *file, enum wire_operation operation, uint32_t payload_length,
	int fds[WIRE_FDS])
{
	file->request.magic = WIRE_MAGIC;
	file->request.operation = operation;
	file->request.payload_length = payload_length;
	if (file->ended)
		return connection_ended(file);
	int result =
		exchange(file->socket, &file->request, &file->reply, -1, fds, file->interrupt_fd);
	return result < 0 && errno == ECONNRESET ? connection_ended(file) : result;
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
		munmap(file->mappings[i].address, file->mappings[i].size);
	if (file->window.address != NULL)
		munmap(file->window.address, file->window.size);
	if (file->socket >= 0)
		close(file->socket);
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
	file->socket = file->notify_fd = file->interrupt_fd = -1;
	file->name = strdup(name);
	file->socket = host_connect();
	if (file->name == NULL || file->socket < 0)
		return NULL;

	file->request.magic = WIRE_MAGIC;
	file->request.operation = WIRE_OPEN;
	file->request.command = open_flags(oflag);
	if (exchange(file->socket, &file->request, &file->reply, special, fds, -1) < 0) {
		if (errno == ECONNRESET)
			connection_ended(file);
		return NULL;
	}
	file->notify_fd = fds[0];
	file->interrupt_fd = fds[1];
	return TAKE(file);
}

static int map(struct kex_file *file, int fd, size_t size, struct mapping *mapping)
{
	void *address = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (address == MAP_FAILED)
		return fail(errno, "%s: can't map its memory: %s", file->name, strerror(errno));
	*mapping = (struct mapping){.address = address, .size = size};
	return 0;
}

/* Makes the window large enough for one transfer. */
static int need_window(struct kex_file *file, size_t length)
{
	int fds[WIRE_FDS];

	if (length <= file->window.size)
		return 0;
	if (length > WIRE_WINDOW)
		return fail(EINVAL, "%s: %zu bytes at once are too many", file->name, length);
	if (file->window.address != NULL)
		munmap(file->window.address, file->window.size);
	file->window = (struct mapping){0};

	size_t size = 65536;
	while (size < length)
		size *= 2;
	file->request.value = size;
	if (file_call(file, WIRE_WINDOW_SIZE, 0, fds) < 0)
		return -1;
	AUTO_CLOSE int fd = fds[0];
	return map(file, fd, size, &file->window);
}

LIBKEX_API void *kex_buffer(struct kex_file *file, size_t length)
{
	return need_window(file, length) < 0 ? NULL : file->window.address;
}

LIBKEX_API ssize_t kex_write(struct kex_file *file, const void *buffer, size_t length)
{
	int fds[WIRE_FDS];

	if (need_window(file, length) < 0)
		return -1;
	if (length > 0 && buffer != file->window.address)
		memcpy(file->window.address, buffer, length);
	file->request.value = length;
	if (file_call(file, WIRE_WRITE, 0, fds) < 0)
		return -1;
	return (ssize_t)file->reply.value;
}

LIBKEX_API ssize_t kex_read(struct kex_file *file, void *buffer, size_t length)
{
	int fds[WIRE_FDS];

	if (need_window(file, length) < 0)
		return -1;
	file->request.value = length;
	if (file_call(file, WIRE_READ, 0, fds) < 0)
		return -1;
	if (file->reply.value > length)
		return fail(EPROTO, "%s: kexd returned more than was asked for", file->name);
	if (file->reply.value > 0 && buffer != file->window.address)
		memcpy(buffer, file->window.address, file->reply.value);
	return (ssize_t)file->reply.value;
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

LIBKEX_API int kex_ioctl(struct kex_file *file, unsigned long cmd, void *arg)
{
	uint32_t size = _IOC_SIZE(cmd);
	int fds[WIRE_FDS];

	if (file->ended && cmd == TMIOEVNT)
		return tell_end(file, arg);
	file->request.value = cmd;
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

/* Until the host notifies, or ends. Returns 1, 0 at the deadline, -1 and errno. */
static int await_notification(struct kex_file *file, int64_t deadline)
{
	struct pollfd wait[2] = {{.fd = file->notify_fd, .events = POLLIN},
		{.fd = file->socket, .events = POLLRDHUP}};
	int64_t left = deadline - milliseconds_now();
	uint64_t notifications;
	int count = poll(wait, 2, deadline < 0 ? -1 : left < 0 ? 0 : (int)left);

	if (count > 0 && (wait[0].revents & POLLIN) &&
		read(file->notify_fd, &notifications, sizeof(notifications)) < 0)
		return fail(errno, "%s: %s", file->name, strerror(errno));
	return count > 0 ? 1 : count;
}

LIBKEX_API int kex_poll(struct kex_file *file, short events, short *revents, int timeout)
{
	int64_t deadline = timeout < 0 ? -1 : milliseconds_now() + timeout;
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
	if (map(file, fd, file->reply.value, mapping) < 0)
		return NULL;
	file->mapping_count++;
	*size = mapping->size;
	return mapping->address;
}
