/* kexcheck: an extension is made to do all that a driver has to do. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/device.h>
#include <sys/scsi_buf.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "cli/shared/host_access.h"
#include "kexcheck.h"

#define DEVNO makedev(240, 0)

static int call(const struct check *check, int cmd, char *dds, size_t length)
{
	struct cfg_dd parameter = {.kmid = check->kmid,
		.devno = DEVNO,
		.cmd = cmd,
		.ddsptr = dds,
		.ddslen = (int)length};

	return kex_sysconfig(SYS_CFGDD, &parameter, sizeof(parameter), check->adapter.devno);
}

static bool configure(struct check *check)
{
	if (call(check, CFG_INIT, check->dds, check->dds_length) == 0)
		return true;
	kexcheck_finding(check, "CFG_INIT is refused: %s", host_reason());
	return false;
}

static void unconfigure(struct check *check)
{
	if (call(check, CFG_TERM, NULL, 0) < 0)
		kexcheck_finding(check, "CFG_TERM is refused: %s", host_reason());
}

static void raise_event(uint32_t event)
{
	struct kex_file *adapter = kex_open(KEXCHECK_ADAPTER, O_RDWR);
	struct scsi_fault fault = {.event = event};

	/* The adapter's process may have ended by then: the log tells. */
	if (adapter != NULL)
		kex_ioctl(adapter, SCIOFAULT, &fault);
	kex_close(adapter);
	usleep(50000);
}

static void interrupt(int number)
{
	(void)number;
}

/* A call that a driver lets wait for ever although it should not is ended by a signal. */
static void use(struct check *check, struct kex_file *file, const char *name, int oflag)
{
	static char data[4096]; /* is not examined */
	short revents;

	alarm(2);
	kex_poll(file, POLLIN | POLLPRI, &revents, 0);
	if ((oflag & O_ACCMODE) == O_RDONLY && kex_read(file, data, sizeof(data)) < 0 &&
		errno == EINTR)
		kexcheck_finding(check, "%s: a read that was not to wait waited", name);
	alarm(0);
	if (kex_ioctl(file, _IO('?', 255), NULL) == 0)
		kexcheck_finding(check, "%s: it accepts an ioctl that nobody has defined", name);
}

/* In whatever direction the driver allows. */
static struct kex_file *open_device(const char *name, int *oflag)
{
	static const int directions[] = {O_RDONLY, O_WRONLY, O_RDWR};

	for (size_t i = 0; i < sizeof(directions) / sizeof(*directions); i++) {
		*oflag = directions[i] | O_NONBLOCK;
		struct kex_file *file = kex_open(name, *oflag);
		if (file != NULL || (errno != EINVAL && errno != EACCES))
			return file;
	}
	return NULL;
}

/* Opens it and lets events come; with `last_event` the one that ends the session. */
static void exercise(struct check *check, const struct kex_device *device, uint32_t last_event)
{
	int oflag;

	if (special_file_make(device->name, device->devno, 0600) < 0)
		return;
	struct kex_file *file = open_device(device->name, &oflag);
	if (file == NULL) {
		if (errno != ENODEV)
			kexcheck_finding(
				check, "%s can't be opened: %s", device->name, host_reason());
		return;
	}
	use(check, file, device->name, oflag);
	raise_event(SCSI_RESET_EVENT);
	raise_event(SCSI_ADAP_CMD_FAILED);
	if (last_event != 0)
		raise_event(last_event);
	use(check, file, device->name, oflag);
	if (last_event == 0 && call(check, CFG_TERM, NULL, 0) == 0)
		kexcheck_finding(check, "CFG_TERM succeeds while %s is open", device->name);
	kex_close(file);
	/* The close is the host's, a moment later. */
	struct kex_device now;
	for (int tries = 0; tries < 100 && kex_device(device->devno, &now) == 1 && now.opens > 0;
		tries++)
		usleep(10000);
}

/* What the extension published, used one after the other. */
static void exercise_all(struct check *check, uint32_t last_event)
{
	AUTO_FREE struct kex_device *list = NULL;
	ssize_t count = kex_devices(&list);
	int published = 0;

	for (ssize_t i = 0; i < count; i++)
		if (strcmp(list[i].extension, check->name) == 0) {
			exercise(check, &list[i], last_event);
			published++;
		}
	if (published == 0)
		kexcheck_finding(check, "it publishes no device");
}

static void check_removed(struct check *check)
{
	AUTO_FREE struct kex_device *list = NULL;
	ssize_t count = kex_devices(&list);

	for (ssize_t i = 0; i < count; i++)
		if (strcmp(list[i].extension, check->name) == 0)
			kexcheck_finding(
				check, "%s is still published after CFG_TERM", list[i].name);
}

static void check_refusals(struct check *check)
{
	if (call(check, CFG_INIT, NULL, 0) == 0) {
		kexcheck_finding(check, "CFG_INIT succeeds without a DDS");
		unconfigure(check);
	}
	if (call(check, 0x7777, NULL, 0) == 0)
		kexcheck_finding(
			check, "it accepts a configuration command that nobody has defined");
}

/*
 * Configured and unconfigured twice: what the first time leaves behind hinders the second, which
 * ends with the adapter's failure.
 */
static void exercise_twice(struct check *check)
{
	check_refusals(check);
	for (int round = 0; round < 2; round++) {
		if (!configure(check))
			return;
		if (round == 0 && call(check, CFG_INIT, check->dds, check->dds_length) == 0)
			kexcheck_finding(
				check, "CFG_INIT succeeds for a device that is configured");
		exercise_all(check, round == 0 ? 0 : SCSI_FATAL_HDW_ERR);
		unconfigure(check);
		check_removed(check);
	}
}

static bool load(struct check *check)
{
	struct cfg_load parameter = {.path = check->path};

	if (sysconfig(SYS_SINGLELOAD, &parameter, sizeof(parameter)) < 0) {
		kexcheck_finding(check, "it can't be loaded: %s", host_reason());
		return false;
	}
	check->kmid = parameter.kmid;
	return true;
}

static void unload(struct check *check)
{
	struct cfg_load parameter = {.kmid = check->kmid};

	if (sysconfig(SYS_KULOAD, &parameter, sizeof(parameter)) < 0)
		kexcheck_finding(check, "it can't be unloaded: %s", host_reason());
}

void kexcheck_run(struct check *check)
{
	const struct sigaction action = {.sa_handler = interrupt};

	sigaction(SIGALRM, &action, NULL);
	if (!load(check))
		return;
	exercise_twice(check);
	unload(check);
}
