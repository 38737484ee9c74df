/* odmcfg tmsend: sends standard input through a target-mode device, each record one SEND. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/tmscsi.h>

#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/host_access.h"
#include "commands.h"
#include "tm_common.h"

static const char usage[] = "odmcfg tmsend -l Name [--record BYTES] [--events] [-h]";

#define DEFAULT_RECORD 65536
#define LARGEST_RECORD 16777216

struct sending {
	struct kex_file *file;
	const char *device;
	bool events; /* are printed */
	int64_t sent; /* bytes that the other side took */
};

/* Fills a record; shorter only at the end of the input. -1 and errno. */
static ssize_t read_record(char *record, size_t size)
{
	size_t length = 0;

	while (length < size) {
		ssize_t count = read(STDIN_FILENO, record + length, size - length);
		if (count < 0 && errno != EINTR)
			return -1;
		if (count == 0)
			break;
		if (count > 0)
			length += (size_t)count;
	}
	return (ssize_t)length;
}

/* Events that came since the last call. False when the adapter is lost. */
static bool check_events(const struct sending *sending)
{
	struct tm_event_info info;
	short revents;

	if (kex_poll(sending->file, POLLPRI, &revents, 0) <= 0 ||
		kex_ioctl(sending->file, TMIOEVNT, &info) < 0)
		return true;
	if (sending->events)
		tm_print_events(sending->device, info.events);
	return !(info.events & TM_FATAL_HDW_ERR);
}

static void explain_busy(const struct sending *sending)
{
	if (sending->sent > 0)
		message("%s: nobody receives there any more: the receiver ended after %lld bytes",
			sending->device, (long long)sending->sent);
	else
		message("%s: the target is busy: nobody receives there; start tmrecv on the other "
			"side",
			sending->device);
}

static void explain(const struct sending *sending)
{
	const char *device = sending->device;

	switch (errno) {
	case EBUSY:
		explain_busy(sending);
		break;
	case ENODEV:
		message("%s: the adapter on the other side does not answer", device);
		break;
	case EINTR:
		message("%s: interrupted", device);
		break;
	case ETIMEDOUT:
		message("%s: the other side did not take a record in time; the bus was reset",
			device);
		break;
	default:
		message("%s: %s", device,
			errno == EIO && *kex_reason() == '\0'
				? "a record was cut off: the bus was reset, or an adapter on it"
				: host_reason());
	}
}

/* The end of the oldest record on its way. */
static int end_record(struct sending *sending)
{
	ssize_t count = kex_write_end(sending->file);

	if (count < 0) {
		explain(sending);
		check_events(sending);
		return -1;
	}
	sending->sent += count;
	if (sending->events && !check_events(sending)) {
		message("%s: the adapter failed; the session ends", sending->device);
		return -1;
	}
	return 0;
}

static bool input_is_there(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

	return poll(&input, 1, 0) != 0;
}

/*
 * Reads the next record while those before it are on their way; but who waits for input is told
 * first how they ended.
 */
static int send_all(struct sending *sending, size_t size)
{
	struct kex_file *file = sending->file;
	unsigned outstanding = 0;
	ssize_t length;

	do {
		for (; outstanding == KEX_WRITES || (outstanding > 0 && !input_is_there());
			outstanding--)
			if (end_record(sending) < 0)
				return EXIT_FAILED;
		/* The driver's own memory: nothing is copied on the way to the adapter. */
		char *record = kex_buffer(file, size);
		if (record == NULL) {
			message("%s: %s", sending->device, host_reason());
			return EXIT_FAILED;
		}
		length = read_record(record, size);
		if (length < 0) {
			message("standard input: %s", strerror(errno));
			return EXIT_FAILED;
		}
		if (length > 0 && kex_write_begin(file, record, (size_t)length) < 0) {
			explain(sending);
			return EXIT_FAILED;
		}
		outstanding += length > 0;
	} while (length > 0);
	for (; outstanding > 0; outstanding--)
		if (end_record(sending) < 0)
			return EXIT_FAILED;
	return 0;
}

/*
 * A target that is opened a moment later is not to be kept waiting; but nobody else gets the rest
 * of a transfer.
 */
static bool choose_receiver(struct kex_file *file, const char *device)
{
	struct tm_chg_im_parm change = {.chg_option = TM_CHG_RETRY_DELAY | TM_CHG_ONE_RECEIVER};

	if (kex_ioctl(file, TMCHGIMPARM, &change) == 0)
		return true;
	message("%s: %s", device, host_reason());
	return false;
}

/* The adapter's limit, before anything is sent. */
static bool record_fits(struct kex_file *file, const char *device, int64_t size)
{
	struct tm_devinfo info;

	if (kex_ioctl(file, IOCINFO, &info) < 0) {
		message("%s: %s", device, host_reason());
		return false;
	}
	if (size > info.max_transfer)
		message("%s: records of %lld bytes are larger than the adapter's max_xfer_size, %u",
			device, (long long)size, info.max_transfer);
	return size <= info.max_transfer;
}

struct request {
	const char *device;
	int64_t record; /* bytes */
	bool events;
};

static const struct argument stored[] = {ARGUMENT_TEXT('l', struct request, device),
	ARGUMENT_FLAG('e', struct request, events), {0}};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	(void)option;
	if (!tm_take_bytes("--record", value, &request->record))
		return false;
	return (request->record >= 1 && request->record <= LARGEST_RECORD) ||
	       option_refused("--record", value, "1 byte to 16M");
}

int tmsend_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"record", required_argument, NULL, 'r'}, {"events", no_argument, NULL, 'e'}, {0}};
	static const struct syntax syntax = {usage, "l:h", options, stored, set_option};
	struct request request = {.record = DEFAULT_RECORD};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	const char *device = request.device;
	if (device == NULL)
		return usage_mistake(usage, "the device is missing: -l Name");
	AUTO(host_file_close)
	struct kex_file *file = host_file_open(device, ".im", TM_KIND, O_WRONLY);
	if (file == NULL)
		return EXIT_FAILED;
	if (!record_fits(file, device, request.record) || !choose_receiver(file, device))
		return EXIT_FAILED;
	struct sending sending = {.file = file, .device = device, .events = request.events};
	return send_all(&sending, (size_t)request.record);
}
