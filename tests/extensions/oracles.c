/*
 * Asks an adapter everything that a device driver may ask, in the kernel environment, and checks
 * each answer against the manual's. Its CFG_INIT succeeds when all are right, and else names the
 * first that is not.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/device.h>
#include <sys/errids.h>
#include <sys/intr.h>
#include <sys/malloc.h>
#include <sys/scsi.h>
#include <sys/scsi_buf.h>
#include <sys/sleep.h>

#include "faulty.h"

static struct file *adapter;
static struct faulty_dds configuration;

#define EXPECT(condition)                                                                          \
	do {                                                                                       \
		if (!(condition))                                                                  \
			return cfg_refuse(EDOM, "line %d: %s", __LINE__, #condition);              \
	} while (0)

/* The disk on the bus of the adapter, and an ID that nobody has. */
#define DISK 0
#define NOBODY 2

static int ask(unsigned long cmd, void *argument)
{
	return fp_ioctl(adapter, cmd, argument, 0);
}

static int calls;
static uint32_t events_seen;
static uint8_t id_seen, mode_seen;

static void handle_event(const struct scsi_event_info *info)
{
	calls++;
	events_seen |= info->events;
}

static void handle_sc_event(const struct sc_event_info *info)
{
	calls++;
	events_seen |= info->events;
	id_seen = info->id;
	mode_seen = info->mode;
}

/* Oracles 1 to 3: one registration a session, which has to be open. */
static int check_registration(void)
{
	struct scsi_sciolst disk = {.scsi_id = DISK};
	struct scsi_event_struct event = {
		.scsi_id = DISK, .mode = SCSI_IM_MODE, .async_func = handle_event};

	EXPECT(ask(SCIOLEVENT, &event) == EINVAL);
	EXPECT(ask(SCIOLEVENT, NULL) == EFAULT);
	EXPECT(ask(SCIOLSTART, &disk) == 0);
	EXPECT(ask(SCIOLSTART, &disk) == EINVAL);
	event.mode = 3;
	EXPECT(ask(SCIOLEVENT, &event) == EINVAL);
	event.mode = SCSI_IM_MODE;
	EXPECT(ask(SCIOLEVENT, &event) == 0);
	EXPECT(ask(SCIOLEVENT, &event) == EINVAL);
	EXPECT(ask(SCIOLSTOP, &disk) == 0);
	EXPECT(ask(SCIOLSTOP, &disk) == EINVAL);
	EXPECT(ask(SCIOLSTART, &disk) == 0);
	EXPECT(ask(SCIOLEVENT, &event) == 0);
	EXPECT(ask(SCIOLSTOP, &disk) == 0);
	return 0;
}

/* The older generation opens the same sessions and has a structure of its own. */
static int check_older_generation(void)
{
	unsigned long disk = SC_ADDRESS(DISK, 0), bad = 0x10000;
	struct sc_event_struct event = {
		.id = DISK, .mode = SC_IM_MODE, .async_func = handle_sc_event};
	struct scsi_fault reset = {.event = SCSI_RESET_EVENT};

	calls = 0;
	EXPECT(ask(SCIOEVENT, &event) == EINVAL);
	EXPECT(ask(SCIOSTART, &bad) == EINVAL);
	EXPECT(ask(SCIOSTART, &disk) == 0);
	event.reserved = 1;
	EXPECT(ask(SCIOEVENT, &event) == EINVAL);
	event.reserved = 0;
	EXPECT(ask(SCIOEVENT, &event) == 0);
	EXPECT(ask(SCIOEVENT, &event) == EINVAL);
	EXPECT(ask(SCIOFAULT, &reset) == 0);
	for (int tries = 0; tries < 500 && calls == 0; tries++)
		delay(1);
	EXPECT(calls == 1 && events_seen == SC_SCSI_RESET_EVENT);
	EXPECT(id_seen == DISK && mode_seen == SC_IM_MODE);
	EXPECT(ask(SCIOSTOP, &disk) == 0);
	return 0;
}

static struct tm_buf *received;
static int received_count;

static void receive(struct tm_buf *tm_buf)
{
	received = tm_buf;
	received_count++;
}

/* Oracles 8 and 9. */
static int check_target_mode(void)
{
	const struct scsi_strt_tgt good = {.scsi_id = NOBODY,
		.buf_size = 4096,
		.num_bufs = 16,
		.low_water = 4,
		.recv_func = receive};
	struct scsi_stop_tgt stop = {.scsi_id = NOBODY};
	struct scsi_strt_tgt start = good;

	start.num_bufs = 15;
	EXPECT(ask(SCIOSTARTTGT, &start) == EINVAL);
	start = good;
	start.buf_size = 4097;
	EXPECT(ask(SCIOSTARTTGT, &start) == EINVAL);
	start = good;
	start.lun_id = 1;
	EXPECT(ask(SCIOSTARTTGT, &start) == EINVAL);
	start = good;
	start.recv_func = NULL;
	EXPECT(ask(SCIOSTARTTGT, &start) == EINVAL);
	start = good;
	start.scsi_id = configuration.scsi_id; /* the adapter's own */
	EXPECT(ask(SCIOSTARTTGT, &start) == EINVAL);
	EXPECT(ask(SCIOSTOPTGT, &stop) == EINVAL);
	start = good;
	EXPECT(ask(SCIOSTARTTGT, &start) == 0 && start.free_func != NULL);
	EXPECT(ask(SCIOSTARTTGT, &start) == EINVAL);
	EXPECT(ask(SCIOSTOPTGT, &stop) == 0);

	/* A buffer that comes back after the stop, or twice, or that never was one. */
	struct tm_buf late = {.adap_devno = (dev_t)configuration.adapter,
		.user_id = NOBODY,
		.user_flag = TM_HASDATA};
	start.free_func(&late);
	late.user_id = 200;
	start.free_func(&late);
	return 0;
}

static bool done;
static event_word ended = EVENT_NULL;
static Simple_lock lock;

static void request_done(struct buf *bp)
{
	(void)bp;
	int old = disable_lock(INTCLASS0, &lock);
	done = true;
	e_wakeup(&ended);
	unlock_enable(old, &lock);
}

/* TEST UNIT READY by the strategy routine: the request's errno. */
static int test_ready(uint64_t id, uint8_t flags)
{
	struct scsi_buf request = {
		.bufstruct = {.b_dev = (dev_t)configuration.adapter, .b_iodone = request_done},
		.scsi_command = {.scsi_length = 6},
		.scsi_id = id,
		.flags = flags,
		.timeout_value = 5};

	done = false;
	int error = devstrat(&request.bufstruct);
	int old = disable_lock(INTCLASS0, &lock);
	while (error == 0 && !done)
		e_sleep_thread(&ended, &lock, EVENT_SHORT | LOCK_HANDLER);
	unlock_enable(old, &lock);
	return error != 0 ? error : request.bufstruct.b_error;
}

/* Oracle 12, and an ID without a device. */
static int check_requests(void)
{
	struct scsi_sciolst disk = {.scsi_id = DISK}, nobody = {.scsi_id = NOBODY};

	EXPECT(test_ready(DISK, 0) == EINVAL);
	EXPECT(ask(SCIOLSTART, &disk) == 0 && ask(SCIOLSTART, &nobody) == 0);
	EXPECT(test_ready(DISK, 0) == 0);
	EXPECT(test_ready(NOBODY, 0) == ENODEV);
	EXPECT(ask(SCIOLHALT, &disk) == 0);
	EXPECT(test_ready(DISK, 0) == EIO);
	EXPECT(test_ready(DISK, SC_RESUME) == 0);
	EXPECT(test_ready(DISK, 0) == 0);
	EXPECT(ask(SCIOLRESET, &disk) == 0);
	EXPECT(ask(SCIOLSTOP, &nobody) == 0 && ask(SCIOLRESET, &nobody) == EINVAL);
	EXPECT(ask(SCIOLSTOP, &disk) == 0);
	return 0;
}

/* The commands that the adapter driver makes up. */
static int check_commands(void)
{
	uint8_t data[4096] = {0};
	struct scsi_sciolst disk = {.scsi_id = DISK};
	struct scsi_inquiry inquiry = {.scsi_id = DISK, .inquiry_len = 36, .inquiry_ptr = data};
	struct scsi_ready ready = {.scsi_id = DISK};
	struct scsi_startunit unit = {.scsi_id = DISK};
	struct scsi_readblk block = {.scsi_id = DISK, .blklen = 512, .data_ptr = data};
	struct scsi_iocmd command = {.scsi_id = DISK,
		.buffer = data,
		.data_length = 8,
		.flags = B_READ,
		.command_length = 10,
		.scsi_cdb = {0x25}};
	struct scsi_devinfo info;

	EXPECT(ask(IOCINFO_SCSI, &info) == 0 && info.devtype == DD_BUS);
	EXPECT(info.max_transfer == 0x100000 && info.scsi_id == configuration.scsi_id);
	EXPECT(ask(SCIOLINQU, &inquiry) == EINVAL);
	EXPECT(ask(SCIOLSTART, &disk) == 0);
	EXPECT(ask(SCIOLINQU, &inquiry) == 0 && inquiry.inquiry_len == 36 && data[0] == 0);
	EXPECT(ask(SCIOLTUR, &ready) == 0);
	EXPECT(ask(SCIOLSTUNIT, &unit) == 0);
	EXPECT(ask(SCIOLTUR, &ready) == EIO && ready.status_validity == SC_SCSI_ERROR &&
		ready.scsi_status == SC_CHECK_CONDITION);
	EXPECT(ask(SCIOLREAD, &block) == EIO);
	unit.start_flag = 1;
	EXPECT(ask(SCIOLSTUNIT, &unit) == 0 && ask(SCIOLTUR, &ready) == 0);
	EXPECT(ask(SCIOLREAD, &block) == 0);
	block.blklen = 4097;
	EXPECT(ask(SCIOLREAD, &block) == EINVAL);
	EXPECT(ask(SCIOLCMD, &command) == 0 && command.residual == 0);
	EXPECT(data[6] == 2 && data[7] == 0); /* blocks of 512 bytes */
	command.command_length = 17;
	EXPECT(ask(SCIOLCMD, &command) == EINVAL && command.einval_arg == SCSI_IOCMD_LENGTH);
	EXPECT(ask(SCIOLSTOP, &disk) == 0);
	return 0;
}

/* The switch table and the error log by the manual's own calls. */
static int check_services(void)
{
	const struct {
		struct err_rec0 head;
		unsigned char detail[2];
	} known = {{errid("SCSI_ERR3"), "oracles0"}, {0xab, 0xcd}},
	  other = {{0x12345678, "oracles0"}, {0, 1}};
	unsigned status = 0;
	void *own = &status;

	EXPECT(devswqry((dev_t)configuration.adapter, &status, &own) == 0);
	EXPECT(status == (DSW_DEFINED | DSW_BLOCK) && own == NULL);
	EXPECT(devswqry(0, &status, NULL) == 0 && status == DSW_UNDEFINED);
	errsave(&known, sizeof(known));
	errsave(&other, sizeof(other));
	EXPECT(pin(&status, sizeof(status)) == 0 && unpin(&status, sizeof(status)) == 0);
	EXPECT(thread_self() != 0 && suser());
	return 0;
}

static int check_all(void)
{
	static int (*const checks[])(void) = {check_registration, check_older_generation,
		check_target_mode, check_requests, check_commands, check_services};
	int error = 0;

	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks) && error == 0; i++)
		error = checks[i]();
	return error;
}

KEX_EXPORT int kmod_entry(dev_t devno, int cmd, struct uio *uiop)
{
	if (cmd == CFG_TERM) {
		device_withdraw(devno);
		return 0;
	}
	if (cmd != CFG_INIT || uiop->uio_resid != sizeof(configuration))
		return EINVAL;
	int error = uiomove(&configuration, sizeof(configuration), UIO_WRITE, uiop);
	if (error == 0)
		error = fp_opendev((dev_t)configuration.adapter, DREAD | DWRITE, 0, 0, &adapter);
	if (error != 0)
		return error;
	struct scsi_devinfo info;
	error = ask(IOCINFO_SCSI, &info);
	configuration.scsi_id = info.scsi_id;
	if (error == 0)
		error = check_all();
	fp_close(adapter);
	return error == 0 ? device_publish(devno, "oracles0", -1, NULL) : error;
}
