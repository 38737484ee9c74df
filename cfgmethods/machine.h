/* The simulated hardware that etc/machine.cfg describes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/dds.h>

#include "attribute_changes.h"
#include "device.h"
#include "platform.h"

/* Bytes of a physical location code that a description has, with its end. */
#define PHYSICAL_OWN 80

struct machine_disk {
	int scsi_id, lun;
	char *file; /* absolute */
	uint64_t size; /* bytes */
	char serial[DDS_NAME];
};

struct machine_adapter {
	char slot[8];
	int scsi_id;
	struct machine_disk *disks;
	int disk_count;
};

struct machine_bus {
	char location[8];
	struct machine_adapter *adapters;
	int adapter_count;
};

/* A device as the method that detects it sees it; SCSI buses and what is on them are such too. */
struct machine_device {
	char type[48]; /* uniquetype */
	char where[32]; /* connection on its parent */
	char location[32]; /* "": the parent's with `where` */
	struct attribute_changes values;
	char path_name[64]; /* what the kernel calls a disk by this path; "" for none */
	char physloc[PHYSICAL_OWN]; /* physical location code; "" for none of its own */
	char *vpd; /* as CuVPD has it; NULL for none */
	struct platform *platform; /* what lscfg -p says of it; NULL for nothing */
	struct machine_device *devices;
	int device_count;
};

struct machine {
	char *host; /* the tree of the kernel's whose devices are the machine's too; NULL for none
		     */
	bool host_added; /* they are among the system's devices */
	struct machine_bus *buses;
	int bus_count;
	struct machine_device system; /* sys0 */
};
void machine_release(struct machine *machine);

/*
 * Reads and checks a description. Returns NULL, or what is wrong with file and line, malloc'ed; the
 * machine is empty then.
 */
char *machine_read_file(const char *path, struct machine *machine);

/*
 * The root's machine, read once and again when its file has changed; it stays the library's. NULL
 * with *mistake, to be freed. The methods of one process share it; not for several threads.
 */
const struct machine *machine_get(char **mistake);

/* The same with the machine's own devices, which are looked for once. */
const struct machine *machine_get_devices(char **mistake);

/* The machine's own devices are looked for again by the next machine_get_devices. */
void machine_forget_devices(void);

/* The bus at a location, the adapter in a slot; NULL when there is none. */
const struct machine_bus *machine_find_bus(const struct machine *machine, const char *location);
const struct machine_adapter *machine_find_adapter(const struct machine_bus *bus, const char *slot);

/*
 * The description of a device of the database, found by its type and place and those of its
 * parents; NULL when the machine has no such device.
 */
const struct machine_device *machine_find_device(
	const struct machine *machine, const struct CuDv *device);

/* The places of devices have changed, or the machine has: it is looked for again. */
void machine_forget_places(void);

/* What the other adapters of its bus are to an adapter in target mode: a type, at a place. */
#define MACHINE_PEER "tmscsi/scsi/tmscsi"
void machine_peer_place(const struct machine_adapter *adapter, char *place, size_t size);

/* Whether a device answers at its place, with a description of its own or as another adapter. */
bool machine_has(const struct machine *machine, const struct CuDv *device);

/* Enters a bus's disks in its DDS: false when there are too many or a path is too long. */
bool machine_fill_disks(const struct machine_bus *bus, struct vbus_dds *dds);
