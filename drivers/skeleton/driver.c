/* driver_configure: the kernel service that drivers pass their configuration calls to. */
#include <sys/driver.h>

#include <errno.h>
#include <string.h>
#include <sys/malloc.h>

#include "services/device.h"

/* What a configuration call is about. */
struct call {
	const struct driver *driver;
	unsigned minors; /* of each device */
	unsigned index; /* the device's */
	dev_t first; /* its first device number */
	struct uio *uio;
};

static dev_t device_number(const struct call *call, unsigned number)
{
	return makedev(major(call->first), minor(call->first) + number);
}

static bool is_open(const struct call *call)
{
	for (unsigned number = 0; number < call->minors; number++)
		if (device_is_open(device_number(call, number)))
			return true;
	return false;
}

static void withdraw(const struct call *call)
{
	for (unsigned number = 0; number < call->minors; number++)
		device_withdraw(device_number(call, number));
}

static bool has_devices(const struct driver *driver)
{
	for (unsigned index = 0; index < driver->limit; index++)
		if (atomic_load(&driver->devices[index]) != NULL)
			return true;
	return false;
}

static int receive_dds(const struct call *call, void *dds)
{
	char reason[DDS_REASON] = "";
	size_t length = call->uio->uio_resid;

	int error = uiomove(dds, call->driver->dds_size, UIO_WRITE, call->uio);
	if (error != 0)
		return error;
	return call->driver->check(dds, length, reason) ? 0 : cfg_refuse(EINVAL, "%s", reason);
}

/* Makes a device that has its DDS work; the first one enters the driver in the switch table. */
static int bring_up(const struct call *call, void *device)
{
	const struct driver *driver = call->driver;

	int error = driver->init(call->first, device);
	if (error == 0 && driver->entry_points != NULL && !has_devices(driver)) {
		error = devswadd(call->first, driver->entry_points);
		if (error != 0 && driver->term != NULL)
			driver->term(device);
	}
	if (error != 0)
		withdraw(call);
	return error;
}

static int check_number(const struct call *call, dev_t devno)
{
	const struct driver *driver = call->driver;

	if (call->index < driver->limit && devno == call->first)
		return 0;
	if (call->minors == 1)
		return cfg_refuse(EINVAL, "minor number %u: the driver has 0 to %u", minor(devno),
			driver->limit - 1);
	return cfg_refuse(EINVAL, "minor number %u: the driver has multiples of %u below %u",
		minor(devno), call->minors, driver->limit * call->minors);
}

static int initialise(const struct call *call, dev_t devno)
{
	const struct driver *driver = call->driver;

	int error = check_number(call, devno);
	if (error != 0)
		return error;
	if (driver_find(driver, devno) != NULL)
		return cfg_refuse(EEXIST, "minor number %u is configured already", minor(devno));
	void *device = xmalloc(driver->device_size, 6, pinned_heap);
	if (device == NULL)
		return ENOMEM;
	memset(device, 0, driver->device_size);

	error = receive_dds(call, device);
	if (error == 0)
		error = bring_up(call, device);
	if (error == 0)
		atomic_store(&driver->devices[call->index], device);
	else
		xmfree(device, pinned_heap);
	return error;
}

/* The last device takes the driver out of the switch table. */
static int terminate(const struct call *call, void *device)
{
	const struct driver *driver = call->driver;
	const struct dds_header *header = device;

	if (is_open(call))
		return cfg_refuse(EBUSY, "%.*s is open", DDS_NAME, header->logical_name);
	int error = driver->term != NULL ? driver->term(device) : 0;
	if (error != 0)
		return error;
	atomic_store(&driver->devices[call->index], NULL);
	if (driver->entry_points != NULL && !has_devices(driver))
		devswdel(call->first);
	withdraw(call);
	xmfree(device, pinned_heap);
	return 0;
}

static int change(const struct call *call, void *device)
{
	void *dds = xmalloc(call->driver->dds_size, 6, pinned_heap);

	if (dds == NULL)
		return ENOMEM;
	memset(dds, 0, call->driver->dds_size);
	int error = receive_dds(call, dds);
	if (error == 0)
		error = call->driver->change(device, dds);
	xmfree(dds, pinned_heap);
	return error;
}

int driver_configure(const struct driver *driver, dev_t devno, int cmd, struct uio *uiop)
{
	unsigned minors = driver->minors != 0 ? driver->minors : 1;
	unsigned index = minor(devno) / minors;
	const struct call call = {.driver = driver,
		.minors = minors,
		.index = index,
		.first = makedev(major(devno), index * minors),
		.uio = uiop};
	void *device = driver_find(driver, devno);

	switch (cmd) {
	case CFG_INIT:
		return initialise(&call, devno);
	case CFG_TERM:
		return device != NULL ? terminate(&call, device) : ENODEV;
	case CFG_CHANGE:
		if (driver->change == NULL)
			return EINVAL;
		return device != NULL ? change(&call, device) : ENODEV;
	case CFG_QVPD:
		if (driver->vpd == NULL)
			return EINVAL;
		return device != NULL ? driver->vpd(device, uiop) : ENODEV;
	default:
		return EINVAL;
	}
}
