/* The driver's side of configuration: numbers, special files, CFG_INIT and CFG_TERM. */
#pragma once

#include <sys/dds.h>

#include "dds_source.h"

#define SPECIAL_FILES 2

/* A special file's suffix and the minor bit that goes with it. */
struct special_file {
	const char *suffix;
	int minor_bit;
};

/* What a Configure method adds to the common procedure. */
struct driver_type {
	/* Fills in what is no attribute of the layout's; looks at source->code at the end. */
	void (*build)(struct dds_source *source, void *dds);
	bool (*check)(const void *dds, size_t length, char reason[DDS_REASON]);
	const struct dds_layout *layout;
	struct special_file files[SPECIAL_FILES]; /* ends early with suffix NULL */
	int minors; /* of a device: a power of two */
	bool live; /* takes values for which lsattr prints True+ while the device is in use */
};

/*
 * The type of driver that a device's DvDr names, text_driver for one that is not ours; NULL when
 * the device has none.
 */
const struct driver_type *driver_type(const struct device *device);

/* Whether the extension host has the device configured: 1, 0, -1. */
int driver_has(const struct device *device);

/*
 * Configures the device in its driver, with `changes` (or NULL) in place of what is stored. What a
 * failed step leaves is undone. Returns an E_ code with the reason.
 */
int driver_configure(const struct device *device, const struct attribute_changes *changes,
	struct method_output *output);

/*
 * Gives a configured device's driver the values with `changes` (or NULL) in their place, while it
 * may be in use: only for types with `live`. An E_ code with the reason.
 */
int driver_change(const struct device *device, const struct attribute_changes *changes,
	struct method_output *output);

/*
 * Notes that the driver may have other values than the database from now on, until
 * change_mark_clear: a command that is cut off is found by that. E_OK or E_CFGINIT.
 */
int driver_mark(const struct device *device, struct method_output *output);

/* Builds and checks the DDS only: what driver_configure would refuse is refused here. */
int driver_check(const struct device *device, const struct attribute_changes *changes,
	struct method_output *output);

/*
 * Unconfigures it. E_BUSY: it is open, by whom, and stays configured. A driver that does not know
 * it, or a host that does not run, is success.
 */
int driver_unconfigure(const struct device *device, struct method_output *output);

/*
 * Stops a configured device in the host, so that nobody can open it, or starts it again. E_OK, also
 * when the host does not run; E_BUSY: it is open, by whom.
 */
int driver_stop(const struct device *device, bool stop, struct method_output *output);

/*
 * What the driver says of the device, vital product data to be freed; NULL when it says nothing, as
 * one whose device is open may.
 */
char *driver_vpd(const struct device *device);

/* The device's first number: false when it has none. */
bool device_devno(const struct device *device, dev_t *devno);

/* One for each driver. */
extern const struct driver_type vbus_driver, vscsi_driver, tmscsi_driver, scdisk_driver,
	sdidisk_driver, text_driver;
