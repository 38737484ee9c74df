#include "fake_host.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/dds.h>
#include <sys/device.h>

#include "cfgmethods/driver_host.h"

#define ROOM 16

struct fake_device {
	dev_t devno;
	mid_t kmid;
	pid_t opener;
	int hidden; /* questions for it that are still to be answered with no */
	char name[DDS_NAME];
	char *dds;
};

static struct {
	char *path;
	int loads;
} extensions[ROOM];
static struct fake_device devices[ROOM];
static int inits, accept_inits, refuse_inits;
static const char *refusal, *last_reason;

static int give_error(int error, const char *reason)
{
	errno = error;
	last_reason = reason;
	return -1;
}

/* kmids are 1 and up. An extension keeps its own after it is unloaded. */
static mid_t find_extension(const char *path, bool add)
{
	for (size_t i = 0; i < ROOM; i++) {
		if (extensions[i].path == NULL && add)
			extensions[i].path = strdup(path);
		if (extensions[i].path != NULL && strcmp(extensions[i].path, path) == 0)
			return i + 1;
	}
	return 0;
}

static int load(int cmd, struct cfg_load *parameter)
{
	mid_t kmid = parameter->kmid;

	switch (cmd) {
	case SYS_SINGLELOAD:
		parameter->kmid = find_extension(parameter->path, true);
		extensions[parameter->kmid - 1].loads++;
		return 0;
	case SYS_QUERYLOAD:
		kmid = find_extension(parameter->path, false);
		parameter->kmid = kmid != 0 && extensions[kmid - 1].loads > 0 ? kmid : 0;
		return 0;
	default:
		ck_assert_msg(kmid != 0 && extensions[kmid - 1].loads > 0, "unloaded too often");
		extensions[kmid - 1].loads--;
		return 0;
	}
}

static struct fake_device *find_device(dev_t devno)
{
	for (size_t i = 0; i < ROOM; i++)
		if (devices[i].name[0] != '\0' && devices[i].devno == devno)
			return &devices[i];
	return NULL;
}

static struct fake_device *find_by_name(const char *name)
{
	for (size_t i = 0; i < ROOM; i++)
		if (strcmp(devices[i].name, name) == 0)
			return &devices[i];
	return NULL;
}

static struct fake_device *add(dev_t devno, mid_t kmid, const char *name)
{
	struct fake_device *device = find_by_name("");

	*device = (struct fake_device){.devno = devno, .kmid = kmid};
	ck_assert_uint_lt(strlen(name), sizeof(device->name));
	strcpy(device->name, name);
	return device;
}

static int initialise(const struct cfg_dd *parameter)
{
	const struct dds_header *header = (const void *)parameter->ddsptr;

	if (accept_inits > 0)
		accept_inits--;
	else if (refuse_inits > 0 && refuse_inits--)
		return give_error(EINVAL, refusal);
	if (find_device(parameter->devno) != NULL)
		return give_error(EEXIST, "the device is configured already");
	ck_assert_int_eq((int)header->length, parameter->ddslen);
	struct fake_device *device = add(parameter->devno, parameter->kmid, header->logical_name);
	device->dds = malloc((size_t)parameter->ddslen);
	memcpy(device->dds, parameter->ddsptr, (size_t)parameter->ddslen);
	inits++;
	return 0;
}

static void forget(struct fake_device *device)
{
	free(device->dds);
	*device = (struct fake_device){0};
}

static int configure(const struct cfg_dd *parameter)
{
	ck_assert_msg(extensions[parameter->kmid - 1].loads > 0, "its driver is not loaded");
	if (parameter->cmd == CFG_INIT)
		return initialise(parameter);
	struct fake_device *device = find_device(parameter->devno);
	if (device == NULL)
		return give_error(ENODEV, "");
	if (parameter->cmd == CFG_CHANGE) {
		memcpy(device->dds, parameter->ddsptr, (size_t)parameter->ddslen);
		return 0;
	}
	if (device->opener != 0)
		return give_error(EBUSY, "the device is open");
	if (parameter->cmd != CFG_TERM)
		return give_error(EINVAL, "the driver does not know the command");
	forget(device);
	return 0;
}

static int fake_sysconfig(int cmd, void *parmp, int parmlen)
{
	last_reason = "";
	if (cmd == SYS_CFGDD) {
		ck_assert_int_eq(parmlen, (int)sizeof(struct cfg_dd));
		return configure(parmp);
	}
	ck_assert_int_eq(parmlen, (int)sizeof(struct cfg_load));
	return load(cmd, parmp);
}

static int fake_sysconfig_in(int cmd, void *parmp, int parmlen, dev_t process_of)
{
	(void)process_of;
	return fake_sysconfig(cmd, parmp, parmlen);
}

static int fake_device_query(dev_t devno, struct kex_device *answer)
{
	struct fake_device *device = find_device(devno);

	last_reason = "";
	if (device == NULL || (device->hidden > 0 && device->hidden-- > 0))
		return 0;
	*answer = (struct kex_device){.devno = devno, .openers = {device->opener}};
	strcpy(answer->name, device->name);
	return 1;
}

static const char *fake_reason(void)
{
	return last_reason;
}

void fake_host_install(void)
{
	static const struct driver_host fake = {.sysconfig = fake_sysconfig,
		.sysconfig_in = fake_sysconfig_in,
		.device = fake_device_query,
		.reason = fake_reason,
		.special_file_make = special_file_make_for,
		.special_file_read = special_file_read,
		.special_file_remove = special_file_remove};

	last_reason = "";
	driver_host = &fake;
}

void fake_host_refuse_init(int skip, int count, const char *reason)
{
	accept_inits = skip;
	refuse_inits = count;
	refusal = reason;
}

void fake_host_open(const char *name, pid_t opener)
{
	struct fake_device *device = find_by_name(name);

	ck_assert_ptr_nonnull(device);
	device->opener = opener;
}

void fake_host_restart(void)
{
	for (size_t i = 0; i < ROOM; i++) {
		forget(&devices[i]);
		extensions[i].loads = 0;
	}
}

void fake_host_adopt(dev_t devno, const char *driver, const char *name)
{
	for (size_t i = 0; i < ROOM && extensions[i].path != NULL; i++) {
		if (strstr(extensions[i].path, driver) == NULL)
			continue;
		extensions[i].loads++;
		add(devno, i + 1, name);
		return;
	}
	ck_abort_msg("%s was never loaded", driver);
}

const void *fake_host_dds(const char *name)
{
	struct fake_device *device = find_by_name(name);

	return device != NULL ? device->dds : NULL;
}

int fake_host_loads(const char *driver)
{
	for (size_t i = 0; i < ROOM && extensions[i].path != NULL; i++) {
		const char *file = strrchr(extensions[i].path, '/') + 1;
		if (strncmp(file, driver, strlen(driver)) == 0)
			return extensions[i].loads;
	}
	return 0;
}

int fake_host_inits(void)
{
	return inits;
}

void fake_host_hide(const char *device, int questions)
{
	struct fake_device *hidden = find_by_name(device);

	ck_assert_ptr_nonnull(hidden);
	hidden->hidden = questions;
}
