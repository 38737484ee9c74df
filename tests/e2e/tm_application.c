/*
 * An application of target mode that reads and writes by calls, as the manual page has it: records,
 * short reads, errors, the ioctls of the initiator. tmscsi0 sends, tmscsi1 receives.
 */
#include <errno.h>
#include <fcntl.h>
#include <kex.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/buf.h>
#include <sys/scsi_buf.h>
#include <sys/tmscsi.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct kex_file *sender, *receiver;

#define EXPECT(condition)                                                                          \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "line %d: %s: %m: %s\n", __LINE__, #condition,             \
				kex_reason());                                                     \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

static ssize_t read_text(char *buffer, size_t size)
{
	ssize_t length = kex_read(receiver, buffer, size);

	buffer[length > 0 ? length : 0] = '\0';
	return length;
}

/* A close is complete when the host says so. */
static void close_receiver(void)
{
	unsigned opens = 1;

	kex_close(receiver);
	receiver = NULL;
	while (opens > 0) {
		struct kex_device *list = NULL;
		ssize_t count = kex_devices(&list);
		EXPECT(count > 0);
		for (ssize_t i = 0; i < count; i++)
			if (strcmp(list[i].name, "tmscsi1.tm") == 0)
				opens = list[i].opens;
		free(list);
	}
}

/* One read never spans two records; what was not asked for is for the next read. */
static void check_records(void)
{
	char text[100];

	EXPECT(kex_write(sender, "first", 5) == 5 && kex_write(sender, "second one", 10) == 10);
	EXPECT(read_text(text, 50) == 5 && strcmp(text, "first") == 0);
	EXPECT(read_text(text, 6) == 6 && strcmp(text, "second") == 0);
	EXPECT(read_text(text, 50) == 4 && strcmp(text, " one") == 0);
}

/* A record of several buffers, and a buffer's border that is none of the record's. */
static void check_long_record(void)
{
	static char out[20000], in[30000];

	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (char)(i * 7 + i / 4096);
	EXPECT(kex_write(sender, out, sizeof(out)) == sizeof(out));
	EXPECT(kex_read(receiver, in, 5000) == 5000);
	EXPECT(kex_read(receiver, in + 5000, sizeof(in) - 5000) == sizeof(out) - 5000);
	EXPECT(memcmp(out, in, sizeof(out)) == 0);
}

static void check_begun_writes(void)
{
	static const char *const records[] = {"one", "two", "three", "four"};
	struct tm_devinfo info;
	char text[100];

	for (int i = 0; i < KEX_WRITES; i++)
		EXPECT(kex_write_begin(sender, records[i], strlen(records[i])) == 0);
	EXPECT(kex_write_begin(sender, "five", 4) < 0 && errno == EAGAIN);
	/* Other calls come after them, and leave their ends to be asked for. */
	EXPECT(kex_ioctl(sender, IOCINFO, &info) == 0);
	for (int i = 0; i < KEX_WRITES; i++) {
		EXPECT(kex_write_end(sender) == (ssize_t)strlen(records[i]));
		EXPECT(read_text(text, 50) > 0 && strcmp(text, records[i]) == 0);
	}
	EXPECT(kex_write_end(sender) < 0 && errno == EINVAL);

	/* After a failure the stream ends; what is begun after that was asked for is a new one. */
	char *too_long = calloc(1, info.max_transfer + 1);
	EXPECT(too_long != NULL);
	EXPECT(kex_write_begin(sender, "before", 6) == 0);
	EXPECT(kex_write_begin(sender, too_long, info.max_transfer + 1) == 0);
	EXPECT(kex_write_begin(sender, "after", 5) == 0);
	EXPECT(kex_write_begin(sender, "long after", 10) == 0);
	EXPECT(kex_write_end(sender) == 6);
	EXPECT(kex_write_end(sender) < 0 && errno == EINVAL);
	EXPECT(kex_write_end(sender) < 0 && errno == ECANCELED);
	EXPECT(kex_write_end(sender) < 0 && errno == ECANCELED);
	EXPECT(kex_write_begin(sender, "again", 5) == 0 && kex_write_end(sender) == 5);
	EXPECT(read_text(text, 50) == 6 && strcmp(text, "before") == 0);
	EXPECT(read_text(text, 50) == 5 && strcmp(text, "again") == 0);
	free(too_long);
}

/* Of the largest records the window has two places only; the third waits for the first. */
static void check_largest_records(void)
{
	enum { LARGEST = 9 << 20 };
	struct tm_devinfo info;
	static char in[LARGEST];

	EXPECT(kex_ioctl(sender, IOCINFO, &info) == 0);
	for (int i = 0; i < KEX_WRITES; i++) {
		char *record = kex_buffer(sender, LARGEST);
		EXPECT(record != NULL);
		record[0] = (char)('a' + i);
		EXPECT(kex_write_begin(sender, record, info.max_transfer) == 0);
		EXPECT(kex_read(receiver, in, LARGEST) == (ssize_t)info.max_transfer);
		EXPECT(in[0] == 'a' + i);
	}
	for (int i = 0; i < KEX_WRITES; i++)
		EXPECT(kex_write_end(sender) == (ssize_t)info.max_transfer);
	struct tm_event_info event;
	EXPECT(kex_ioctl(receiver, TMIOEVNT, &event) == 0 && event.events == TM_BUFS_EXHAUSTED);
}

static void ignore(int number)
{
	(void)number;
}

static void check_waiting(void)
{
	const struct sigaction action = {.sa_handler = ignore};
	char text[100];
	short revents;

	EXPECT(kex_poll(receiver, POLLIN | POLLPRI, &revents, 0) == 0);
	EXPECT(sigaction(SIGALRM, &action, NULL) == 0);
	alarm(1);
	EXPECT(kex_read(receiver, text, 10) < 0 && errno == EINTR);

	pid_t child = fork();
	EXPECT(child >= 0);
	if (child == 0) {
		usleep(200000);
		struct kex_file *other = kex_open("tmscsi0.im", O_WRONLY);
		bool sent = other != NULL && kex_write(other, "late", 4) == 4;
		kex_close(other);
		_exit(!sent);
	}
	EXPECT(read_text(text, 50) == 4 && strcmp(text, "late") == 0);
	int status;
	EXPECT(waitpid(child, &status, 0) == child && status == 0);
}

static void check_not_waiting(void)
{
	char text[10];

	close_receiver();
	receiver = kex_open("tmscsi1.tm", O_RDONLY | O_NONBLOCK);
	EXPECT(receiver != NULL);
	EXPECT(kex_read(receiver, text, 10) < 0 && errno == EAGAIN);
	EXPECT(kex_write(sender, "now", 3) == 3);
	EXPECT(read_text(text, 9) == 3 && strcmp(text, "now") == 0);
}

static void check_commands(void)
{
	struct tm_iocmd inquiry = {.flags = B_READ,
		.data_length = 36,
		.timeout_value = 5,
		.command_length = 6,
		.scsi_cdb = {0x12, 0, 0, 0, 36}};
	struct tm_iocmd nonsense = {.timeout_value = 5, .command_length = 6, .scsi_cdb = {0xee}};
	struct tm_get_stat status;
	struct tm_get_sens sense = {.length = 18};

	EXPECT(kex_ioctl(sender, TMIOCMD, &inquiry) == 0);
	EXPECT(memcmp(inquiry.data + 8, "ODMCFG  VSCSI TARGET", 20) == 0 && inquiry.resid == 0);
	EXPECT(kex_ioctl(sender, TMIOSTAT, &status) == 0 && status.status_validity == 0);

	EXPECT(kex_ioctl(sender, TMIOCMD, &nonsense) < 0 && errno == ENXIO);
	EXPECT(kex_ioctl(sender, TMIOSTAT, &status) == 0);
	EXPECT(status.status_validity == SC_SCSI_ERROR && status.scsi_status == SC_CHECK_CONDITION);
	EXPECT(kex_ioctl(sender, TMGETSENS, &sense) == 0);
	EXPECT(sense.length == 18 && sense.data[2] == 5 && sense.data[12] == 0x20);
	sense.length = 18;
	EXPECT(kex_ioctl(sender, TMGETSENS, &sense) == 0 && sense.length == 0);

	nonsense.command_length = 17;
	EXPECT(kex_ioctl(sender, TMIOCMD, &nonsense) < 0 && errno == EINVAL);
	EXPECT(kex_ioctl(sender, TMIORESET, NULL) == 0);
	EXPECT(kex_ioctl(receiver, TMIOSTAT, &status) < 0 && errno == EINVAL);
}

/* A signal ends the write that waits, and with it those begun after it. */
static void check_interrupted_writes(void)
{
	const struct sigaction action = {.sa_handler = ignore};
	static char record[1 << 20];
	struct tm_event_info event;
	ssize_t length;
	char text[10];

	EXPECT(sigaction(SIGALRM, &action, NULL) == 0);
	EXPECT(kex_write_begin(sender, record, sizeof(record)) == 0);
	EXPECT(kex_write_begin(sender, record, sizeof(record)) == 0);
	EXPECT(kex_write_begin(sender, record, sizeof(record)) == 0);
	alarm(1);
	EXPECT(kex_write_end(sender) < 0 && errno == EINTR);
	EXPECT(kex_write_end(sender) < 0 && errno == ECANCELED);
	EXPECT(kex_write_end(sender) < 0 && errno == ECANCELED);
	EXPECT(kex_write_begin(sender, "fine", 4) == 0);
	while ((length = kex_read(receiver, record, sizeof(record))) > 0)
		EXPECT((size_t)length < sizeof(record));
	EXPECT(length < 0 && errno == EIO);
	EXPECT(read_text(text, 9) == 4 && strcmp(text, "fine") == 0);
	EXPECT(kex_write_end(sender) == 4);
	EXPECT(kex_ioctl(receiver, TMIOEVNT, &event) == 0 && event.events == TM_BUFS_EXHAUSTED);
}

/* Those begun while nobody has the target open arrive in their order when somebody has. */
static void check_order_after_busy(void)
{
	pid_t child = fork();
	EXPECT(child >= 0);
	if (child == 0) {
		struct kex_file *late = NULL;
		char text[2];
		usleep(300000);
		late = kex_open("tmscsi1.tm", O_RDONLY);
		for (char digit = '1'; digit <= '8'; digit++)
			if (late == NULL || kex_read(late, text, 1) != 1 || text[0] != digit)
				_exit(digit);
		kex_close(late);
		_exit(0);
	}
	for (char digit = '1'; digit <= '4'; digit++)
		EXPECT(kex_write_begin(sender, &digit, 1) == 0);
	for (char digit = '5'; digit <= '8'; digit++) {
		EXPECT(kex_write_end(sender) == 1);
		EXPECT(kex_write_begin(sender, &digit, 1) == 0);
	}
	for (int i = 0; i < KEX_WRITES; i++)
		EXPECT(kex_write_end(sender) == 1);
	int status;
	EXPECT(waitpid(child, &status, 0) == child && status == 0);
}

/* A target that nobody has open is tried again, for as long as the delay says. */
static void check_parameters(void)
{
	struct tm_chg_im_parm change = {.chg_option = TM_CHG_RETRY_DELAY, .new_delay = 256};

	EXPECT(kex_ioctl(sender, TMCHGIMPARM, &change) < 0 && errno == EINVAL);
	change = (struct tm_chg_im_parm){.chg_option = TM_CHG_SEND_TIMEOUT, .timeout_type = 3};
	EXPECT(kex_ioctl(sender, TMCHGIMPARM, &change) < 0 && errno == EINVAL);
	change = (struct tm_chg_im_parm){.chg_option = 8};
	EXPECT(kex_ioctl(sender, TMCHGIMPARM, &change) < 0 && errno == EINVAL);
	change = (struct tm_chg_im_parm){.chg_option = 0, .new_delay = 9};
	EXPECT(kex_ioctl(sender, TMCHGIMPARM, &change) == 0);

	close_receiver();
	time_t start = time(NULL);
	EXPECT(kex_write(sender, "x", 1) < 0 && errno == EBUSY);
	EXPECT(time(NULL) - start >= 5);
	/* One that is opened in the meantime gets the record. */
	change = (struct tm_chg_im_parm){.chg_option = TM_CHG_RETRY_DELAY, .new_delay = 0};
	EXPECT(kex_ioctl(sender, TMCHGIMPARM, &change) == 0);
	pid_t child = fork();
	EXPECT(child >= 0);
	if (child == 0) {
		char text[2];
		usleep(500000);
		struct kex_file *late = kex_open("tmscsi1.tm", O_RDONLY);
		bool right = late != NULL && kex_read(late, text, 1) == 1;
		kex_close(late);
		_exit(!right);
	}
	EXPECT(kex_write(sender, "x", 1) == 1);
	int status;
	EXPECT(waitpid(child, &status, 0) == child && status == 0);
	for (int i = 0; i < 5; i++)
		check_order_after_busy();
}

static void open_both(void)
{
	sender = kex_open("tmscsi0.im", O_WRONLY);
	receiver = kex_open("tmscsi1.tm", O_RDONLY);
	EXPECT(sender != NULL && receiver != NULL);
	EXPECT(kex_read(sender, (char[1]){0}, 1) < 0 && errno == EBADF);
	EXPECT(kex_write(receiver, "x", 1) < 0 && errno == EBADF);
}

/* What only drivers may ask of an adapter. */
static void check_kernel_only(void)
{
	struct scsi_event_struct event = {.scsi_id = 3, .mode = SCSI_IM_MODE};
	struct scsi_sciolst address = {.scsi_id = 3};
	struct scsi_devinfo info;
	struct kex_file *adapter = kex_open("scsi0", O_RDWR);

	EXPECT(adapter != NULL);
	EXPECT(kex_ioctl(adapter, SCIOLEVENT, &event) < 0 && errno == EPERM);
	EXPECT(kex_ioctl(adapter, SCIOLSTART, &address) < 0 && errno == EPERM);
	EXPECT(kex_ioctl(adapter, IOCINFO_SCSI, &info) == 0 && info.devtype == DD_BUS);
	kex_close(adapter);
}

int main(void)
{
	struct kex_file *wrong = kex_open("tmscsi1.tm", O_RDWR);

	EXPECT(wrong == NULL && errno == EINVAL);
	check_kernel_only();
	open_both();
	check_records();
	check_long_record();
	check_begun_writes();
	check_interrupted_writes();
	check_largest_records();
	kex_close(sender);
	check_waiting();
	sender = kex_open("tmscsi0.im", O_WRONLY);
	EXPECT(sender != NULL);
	check_not_waiting();
	check_commands();
	check_parameters();
	kex_close(sender);
	return 0;
}
