/* The simulated hardware that etc/machine.cfg describes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/dds.h>

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

struct machine {
	struct machine_bus *buses;
	int bus_count;
};
void machine_release(struct machine *machine);

/*
 * Reads and checks the description. Returns NULL, or what is wrong with file and line, malloc'ed;
 * the machine is empty then.
 */
char *machine_read(struct machine *machine);

/* The bus at a location, the adapter in a slot; NULL when there is none. */
const struct machine_bus *machine_find_bus(const struct machine *machine, const char *location);
const struct machine_adapter *machine_find_adapter(const struct machine_bus *bus, const char *slot);

/* Enters a bus's disks in its DDS: false when there are too many or a path is too long. */
bool machine_fill_disks(const struct machine_bus *bus, struct vbus_dds *dds);

/* Writes the description of the machine that odmcfg init makes: 0, or -1 and errno. */
int machine_write_default(const char *path);
