/*
 * What a process says to the device that it has open: a worker's own code from the connection on,
 * with a driver that touches all that it is given.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/device.h>
#include <sys/ioctl.h>
#include <sys/malloc.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "conversation.h"
#include "services/device.h"
#include "services/devsw.h"
#include "wire/main_loop.h"
#include "worker/connection.h"
#include "worker/control.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

#define DEVICE makedev(1, 0)

/* What main.c defines; nothing happens that the main thread would tell. */
void watch_socket(uint64_t id, int socket)
{
	(void)id;
	(void)socket;
}

void watch_interrupt(uint64_t id, int fd)
{
	(void)id;
	(void)fd;
}

void request_stop(void)
{
}

/* The driver: one region, two writes begun at most. */
static struct shared_segment region;
static struct iovec begun[D_WRITES];
static unsigned begun_count;
static volatile unsigned sum;

/* Each page of it, and the end. */
static void touch(const void *data, size_t length)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < length; i += 4096)
		sum += bytes[i];
	if (length > 0)
		sum += bytes[length - 1];
}

static int driver_open(dev_t devno, unsigned long flags, int chan, int ext)
{
	(void)devno, (void)chan, (void)ext;
	return flags & (DREAD | DWRITE) ? 0 : EINVAL;
}

static int driver_close(dev_t devno, int chan)
{
	(void)devno, (void)chan;
	if (begun_count != 0)
		abort();
	return 0;
}

static int driver_read(dev_t devno, struct uio *uio, int chan, int ext)
{
	(void)devno, (void)chan, (void)ext;
	char *base = uio->uio_iov->iov_base;
	for (size_t i = 0; i < uio->uio_resid; i += 4096)
		base[i] = 'r';
	uio->uio_resid /= 2;
	return 0;
}

static int driver_write(dev_t devno, struct uio *uio, int chan, int ext)
{
	(void)devno, (void)chan, (void)ext;
	if (begun_count != 0)
		abort();
	touch(uio->uio_iov->iov_base, uio->uio_resid);
	uio->uio_resid = 0;
	return 0;
}

static int driver_write_begin(dev_t devno, struct uio *uio)
{
	(void)devno;
	if (begun_count == D_WRITES)
		abort();
	begun[begun_count++] = *uio->uio_iov;
	return 0;
}

/* The data has to be there until now. */
static int driver_write_end(dev_t devno, size_t *moved)
{
	const struct iovec first = begun[0];

	(void)devno;
	if (begun_count == 0)
		abort();
	begun[0] = begun[1];
	begun_count--;
	touch(first.iov_base, first.iov_len);
	*moved = first.iov_len;
	return first.iov_len % 7 == 3 ? EIO : 0;
}

#define FUZZ_GET _IOR('F', 1, char[64])
#define FUZZ_SET _IOWR('F', 2, char[4000])
#define FUZZ_EXTENSION _IOW('F', 3, char[8])
#define FUZZ_PLAIN _IO('F', 4)

static const struct ioctl_entry driver_ioctls[] = {
	{FUZZ_GET, IOCTL_READ},
	{FUZZ_SET, IOCTL_PRIVILEGE},
	{FUZZ_EXTENSION, IOCTL_EXTENSION},
	{FUZZ_PLAIN, IOCTL_OPEN},
	{0},
};

static int driver_ioctl(
	dev_t devno, unsigned long cmd, void *argument, unsigned long flags, int chan, int ext)
{
	(void)devno, (void)flags, (void)chan, (void)ext;
	if (cmd == FUZZ_EXTENSION || (cmd == FUZZ_GET && !(flags & DREAD)))
		abort();
	touch(argument, _IOC_SIZE(cmd));
	memset(argument, 'i', _IOC_SIZE(cmd));
	return 0;
}

static int driver_select(dev_t devno, unsigned short events, unsigned short *true_now, int chan)
{
	(void)devno, (void)chan;
	*true_now = events & POLLIN;
	selnotify(devno, 0, events);
	return 0;
}

static int driver_map(dev_t devno, unsigned which, struct shared_segment **segment)
{
	(void)devno;
	*segment = &region;
	return which == 0 ? 0 : EINVAL;
}

static void add_driver(void)
{
	static const struct devsw driver = {.d_open = driver_open,
		.d_close = driver_close,
		.d_read = driver_read,
		.d_write = driver_write,
		.d_write_begin = driver_write_begin,
		.d_write_end = driver_write_end,
		.d_ioctl = driver_ioctl,
		.d_ioctls = driver_ioctls,
		.d_select = driver_select,
		.d_map = driver_map};

	if (devswadd(DEVICE, &driver) != 0 || shared_segment_create("region", 1, &region) != 0)
		abort();
}

/* The client's side of it. */
struct talk {
	struct wire_end end;
	struct mailboxes *boxes;
	unsigned unanswered;
};

/* The reply to an open that succeeded: from now on there are mailboxes. */
static void join(struct talk *talk, int fd)
{
	talk->boxes = mmap(NULL, sizeof(*talk->boxes), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (talk->boxes == MAP_FAILED)
		abort();
	wire_expect(talk->boxes->replies);
	wire_join(&talk->end, talk->boxes->replies, talk->boxes->requests);
}

static bool take_reply(struct talk *talk)
{
	static struct wire_reply reply;
	int fds[WIRE_FDS];
	ssize_t length = wire_await(&talk->end, &reply, sizeof(reply), fds);

	if (length <= 0)
		return false;
	if (!wire_is_reply(&reply, length))
		abort();
	if (talk->boxes == NULL && reply.error == 0 && fds[WIRE_MAILBOXES_FD] >= 0)
		join(talk, fds[WIRE_MAILBOXES_FD]);
	wire_close(fds);
	talk->unanswered--;
	return true;
}

/* Large windows take long to make, and are not different. */
static void keep_small(struct wire_request *request)
{
	if (request->operation == WIRE_WINDOW_SIZE && request->value <= WIRE_WINDOW)
		request->value %= 1 << 17;
}

/* Some requests are on their way at once when they say so, as libkex has it. */
static bool ask(struct talk *talk, const struct record *record, const struct wire_request *request,
	size_t length)
{
	const int fds[] = {talk->end.socket, talk->end.socket};
	/* What comes with descriptors comes by the socket; nothing at all is no message elsewhere.
	 */
	int count = record->flags & RECORD_BY_SOCKET || length == 0 ? 1 + (record->fds & 1) : 0;

	if (wire_post(&talk->end, request, length, fds, count) < 0)
		return false;
	talk->unanswered++;
	unsigned most = request->operation == WIRE_WRITE && (request->command & WIRE_BEGUN)
				? MAILBOXES - 1
				: 0;
	while (talk->unanswered > most)
		if (!take_reply(talk))
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static struct wire_request request;
	static bool prepared;
	struct input input = {bytes, count};
	struct talk talk = {0};
	struct record record;
	size_t length;
	int pair[2];

	if (!prepared)
		add_driver();
	prepared = true;
	if (!input_request(&input, &record, &request, &length) ||
		socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) < 0)
		return 0;
	request.magic = WIRE_MAGIC;
	request.operation = WIRE_OPEN;
	request.device = DEVICE;
	request.payload_length = 0;
	connection_start(pair[1], &request);
	talk.end.socket = pair[0];
	talk.unanswered = 1;
	if (take_reply(&talk))
		while (input_request(&input, &record, &request, &length)) {
			keep_small(&request);
			if (!ask(&talk, &record, &request, length))
				break;
		}
	connections_end();
	close(pair[0]);
	if (talk.boxes != NULL)
		munmap(talk.boxes, sizeof(*talk.boxes));
	return 0;
}
