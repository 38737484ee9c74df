/*
 * The skeleton of a driver: what every configuration entry point does, once. A driver describes
 * itself and has functions for one device; driver_configure() finds or makes the device that a call
 * is about. Ours.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/atomic_word.h>
#include <sys/dds.h>
#include <sys/device.h>
#include <sys/sysmacros.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A driver. Its device is a structure of its own that begins with the DDS; driver_configure makes
 * it zeroed, aligned to 64 bytes, and frees it. The functions run in the process environment, one
 * configuration call of the host at a time, and no device is opened or closed meanwhile. Each
 * returns 0 or an errno, with the words by cfg_refuse. A driver with nothing to undo leaves term
 * NULL; one without change or vpd answers those calls with EINVAL.
 */
struct driver {
	/* The configured devices: an array of `limit`, the driver's, zeroed; the skeleton's to
	 * write. */
	KEX_ATOMIC(void *) * devices;
	unsigned limit;
	/* Minor numbers of each: the first device has 0 to minors - 1, and so on. 0 means 1. */
	unsigned minors;
	size_t device_size; /* bytes */
	size_t dds_size; /* bytes */

	/* Of a received DDS: <sys/dds.h>. It has `length` bytes; dds_size are there to be read. */
	bool (*check)(const void *dds, size_t length, char reason[DDS_REASON]);

	/* In the device switch table while there is a device. NULL: nobody opens them. */
	const struct devsw *entry_points;

	/*
	 * CFG_INIT: makes the device work, whose DDS is there and checked, and at last publishes it
	 * (device_publish). When it fails it has undone all but publications.
	 */
	int (*init)(dev_t devno, void *device);

	/*
	 * CFG_TERM of a device that nobody has open: undoes what init did but publications, or
	 * refuses, with EBUSY, and has undone nothing. Also when a step after init failed: it does
	 * not refuse then what init left behind.
	 */
	int (*term)(void *device);

	/* CFG_CHANGE: takes over what it accepts of another checked DDS, or changes nothing. */
	int (*change)(void *device, const void *dds);

	/* CFG_QVPD: moves the vital product data to the caller. */
	int (*vpd)(void *device, struct uio *uiop);
};

/*
 * What kmod_entry does with a configuration call: CFG_INIT, CFG_TERM, CFG_CHANGE or CFG_QVPD of one
 * of the driver's devices. Returns 0, EINVAL for another command, a minor number that the driver
 * does not have, or a DDS that is none of its; EEXIST for a CFG_INIT of a device that is
 * configured, ENODEV for the others of one that is not; EBUSY for a CFG_TERM while it is open;
 * ENOMEM; or what the driver's function answered. After an error all is as before.
 * Environment: process.
 */
int driver_configure(const struct driver *driver, dev_t devno, int cmd, struct uio *uiop);

/* The extension's kmod_entry, for one that is a driver and nothing else. */
#define DRIVER_ENTRY(driver)                                                                       \
	KEX_EXPORT int kmod_entry(dev_t devno, int cmd, struct uio *uiop)                          \
	{                                                                                          \
		return driver_configure(&(driver), devno, cmd, uiop);                              \
	}

/*
 * The configured device that a minor number is of, NULL when there is none. It is there from the
 * end of init to the end of term. Environment: any.
 */
static inline void *driver_find(const struct driver *driver, dev_t devno)
{
	unsigned index = minor(devno) / (driver->minors != 0 ? driver->minors : 1);

	return index < driver->limit ? atomic_load(&driver->devices[index]) : NULL;
}

#ifdef __cplusplus
}
#endif
