/* Block devices: SCSI disks of all transports, virtio disks, NVMe, and maps over several. */
#include "made_tree.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every file that a tunable of a block device names. */
static void make_queue(const char *directory)
{
	static const char *const files[][2] = {{"scheduler", "none [mq-deadline] kyber bfq"},
		{"nr_requests", "256"}, {"read_ahead_kb", "128"}, {"max_sectors_kb", "1280"},
		{"max_hw_sectors_kb", "32767"}, {"rq_affinity", "1"}, {"nomerges", "0"},
		{"wbt_lat_usec", "75000"}, {"io_timeout", "30000"}, {"write_cache", "write back"},
		{"add_random", "1"}, {"iostats", "1"}, {"rotational", "1"},
		{"logical_block_size", "512"}, {"physical_block_size", "512"}};
	char queue[MADE_PATH];

	made_path(queue, "%s/queue", directory);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		made_file(queue, files[i][0], files[i][1]);
}

void made_block(const char *directory, const char *name, const struct made_values *values)
{
	static int minor;

	make_queue(directory);
	made_file(directory, "size", made_value(values, "sectors", "2097152"));
	made_format(directory, "dev", "8:%d", minor);
	made_format(
		directory, "uevent", "MAJOR=8\nMINOR=%d\nDEVNAME=%s\nDEVTYPE=disk", minor, name);
	minor++;
	made_file(directory, "removable", "0");
	made_file(directory, "ro", "0");
	made_link_in(directory, "subsystem", "class/block");
	made_link_in("block", name, directory);
	made_link_in("class/block", name, directory);
}

/* Appends a designator to a page: its code set, association and type, and its bytes. */
static size_t add_designator(
	uint8_t *page, size_t used, int code_set, int type, const void *bytes, size_t length)
{
	page[used] = (uint8_t)code_set;
	page[used + 1] = (uint8_t)type;
	page[used + 2] = 0;
	page[used + 3] = (uint8_t)length;
	memcpy(page + used + 4, bytes, length);
	return used + 4 + length;
}

static size_t read_hexadecimal(const char *digits, uint8_t *bytes, size_t room)
{
	size_t count = 0;
	unsigned byte;

	for (; count < room && sscanf(digits, "%2x", &byte) == 1; digits += 2)
		bytes[count++] = (uint8_t)byte;
	return count;
}

/* As disks have it: the vendor's text first, a port's number and address, then the unit's names. */
static void make_page_83(const struct made_values *values, const char *directory)
{
	static const uint8_t port[] = {0, 0, 0, 1};
	static const uint8_t address[] = {0x50, 0x01, 0x40, 0x50, 0xde, 0xad, 0xbe, 0xef};
	uint8_t page[512] = {0, 0x83}, bytes[64];
	size_t used = 4;
	const char *text = made_value(values, "t10", ""), *naa = made_value(values, "naa", "");
	const char *eui = made_value(values, "eui", "");

	if (*text == '\0' && *naa == '\0' && *eui == '\0')
		return;
	if (*text != '\0')
		used = add_designator(page, used, 2, 1, text, strlen(text));
	used = add_designator(page, used, 1, 0x14, port, sizeof(port));
	used = add_designator(page, used, 0x61, 0x93, address, sizeof(address));
	if (*eui != '\0')
		used = add_designator(
			page, used, 1, 2, bytes, read_hexadecimal(eui, bytes, sizeof(bytes)));
	if (*naa != '\0')
		used = add_designator(
			page, used, 1, 3, bytes, read_hexadecimal(naa, bytes, sizeof(bytes)));
	page[2] = (uint8_t)((used - 4) >> 8);
	page[3] = (uint8_t)(used - 4);
	made_bytes(directory, "vpd_pg83", page, used);
}

static void make_page_80(const struct made_values *values, const char *directory)
{
	uint8_t page[256] = {0, 0x80};
	const char *serial = made_value(values, "serial", "");
	size_t length = strlen(serial) < sizeof(page) - 4 ? strlen(serial) : sizeof(page) - 4;

	if (length == 0)
		return;
	page[3] = (uint8_t)length;
	memcpy(page + 4, serial, length);
	made_bytes(directory, "vpd_pg80", page, 4 + length);
}

/* A logical unit's own directory; the block or tape device is below it. */
static void make_unit(const struct made_values *values, const char *directory, const char *name)
{
	const char *type = made_value(values, "type", "0");

	made_format(directory, "vendor", "%-8s", made_value(values, "vendor", "MADE"));
	made_format(directory, "model", "%-16s", made_value(values, "model", "DISK"));
	made_format(directory, "rev", "%-4s", made_value(values, "rev", "1.0"));
	made_file(directory, "type", type);
	made_file(directory, "uevent", "DEVTYPE=scsi_device");
	made_file(directory, "state", "running");
	made_file(directory, "queue_depth", made_value(values, "depth", "32"));
	made_file(directory, "timeout", "30");
	made_file(directory, "eh_timeout", "10");
	if (made_has(values, "wwid"))
		made_file(directory, "wwid", made_value(values, "wwid", ""));
	make_page_80(values, directory);
	make_page_83(values, directory);
	made_link_in(directory, "subsystem", "bus/scsi");
	made_link_in("bus/scsi/devices", name, directory);
}

/* The value of an object of a transport class, which is below its device. */
static void make_object(const char *device, const char *class, const char *name, const char *file,
	const char *value)
{
	char directory[MADE_PATH], class_path[MADE_PATH];

	made_path(directory, "%s/%s/%s", device, class, name);
	made_file(directory, file, value);
	made_file(directory, "uevent", "");
	made_file(device, "uevent", "");
	made_path(class_path, "class/%s", class);
	made_link_in(directory, "subsystem", class_path);
	made_link_in(class_path, name, directory);
}

/* What is between a host's directory and its target, by the transport. */
static void make_way(const struct made_values *values, const char *host, int number, char *way)
{
	const char *transport = made_value(values, "transport", "scsi");
	char name[64], device[MADE_PATH];

	made_path(way, "%s", host);
	if (strcmp(transport, "sas") == 0) {
		const char *port = made_value(values, "port", "0");
		snprintf(name, sizeof(name), "end_device-%d:%s", number, port);
		made_path(device, "%s/port-%d:0/expander-%d:0/port-%d:0:%s/%s", host, number,
			number, number, port, name);
		make_object(device, "sas_device", name, "sas_address",
			made_value(values, "address", NULL));
		made_path(way, "%s", device);
	} else if (strcmp(transport, "fc") == 0) {
		snprintf(name, sizeof(name), "rport-%d:0-%s", number,
			made_value(values, "rport", "0"));
		made_path(device, "%s/%s", host, name);
		make_object(device, "fc_remote_ports", name, "port_name",
			made_value(values, "port_name", NULL));
		make_object(device, "fc_remote_ports", name, "dev_loss_tmo", "30");
		make_object(device, "fc_remote_ports", name, "fast_io_fail_tmo", "5");
		made_path(way, "%s", device);
	} else if (strcmp(transport, "iscsi") == 0) {
		snprintf(name, sizeof(name), "session%s", made_value(values, "session", "1"));
		made_path(device, "%s/%s", host, name);
		make_object(device, "iscsi_session", name, "targetname",
			made_value(values, "target_name", NULL));
		make_object(device, "iscsi_session", name, "tpgt", made_value(values, "tpgt", "1"));
		made_path(way, "%s", device);
	}
}

static void make_host(const struct made_values *values, const char *at, int number, char *host)
{
	const char *transport = made_value(values, "transport", "scsi");
	char class_path[MADE_PATH], name[32];

	if (strcmp(transport, "sata") == 0) {
		char port[MADE_PATH];
		const char *ata = made_value(values, "ata", "1");
		snprintf(name, sizeof(name), "ata%s", ata);
		made_path(port, "%s/%s", at, name);
		make_object(port, "ata_port", name, "port_no", made_value(values, "port", ata));
		made_path(host, "%s/host%d", port, number);
	} else if (strcmp(transport, "usb") == 0) {
		const char *place = made_value(values, "usb", "1-1");
		made_path(host, "%s/usb1/%s/%s:1.0/host%d", at, place, place, number);
	} else
		made_path(host, "%s/host%d", at, number);
	snprintf(name, sizeof(name), "host%d", number);
	made_path(class_path, "%s/scsi_host/%s", host, name);
	made_file(class_path, "unique_id", "1");
	made_link_in("class/scsi_host", name, class_path);
}

/* disk transport=sata|sas|fc|iscsi|usb|scsi at=PATH host=N name=sda [kind=cd|tape] ... */
void made_disk(const struct made_values *values)
{
	char host[MADE_PATH], way[MADE_PATH], unit[64], directory[MADE_PATH], block[MADE_PATH];
	const char *name = made_value(values, "name", NULL);
	const char *channel = made_value(values, "channel", "0");
	const char *target = made_value(values, "target", "0"),
		   *lun = made_value(values, "lun", "0");
	int number = atoi(made_value(values, "host", NULL));
	bool is_tape = strcmp(made_value(values, "kind", "disk"), "tape") == 0;

	make_host(values, made_value(values, "at", NULL), number, host);
	make_way(values, host, number, way);
	snprintf(unit, sizeof(unit), "%d:%s:%s:%s", number, channel, target, lun);
	made_path(directory, "%s/target%d:%s:%s/%s", way, number, channel, target, unit);
	make_unit(values, directory, unit);
	made_path(block, "%s/%s/%s", directory, is_tape ? "scsi_tape" : "block", name);
	if (is_tape) {
		made_file(block, "dev", "9:0");
		made_link_in("class/scsi_tape", name, block);
	} else
		made_block(block, name, values);
	made_link_in(block, "device", directory);
}

/* virtio at=PATH number=N name=vda [serial=...] */
void made_virtio(const struct made_values *values)
{
	char device[MADE_PATH], block[MADE_PATH], driver[32];
	const char *name = made_value(values, "name", NULL);

	snprintf(driver, sizeof(driver), "virtio%s", made_value(values, "number", NULL));
	made_path(device, "%s/%s", made_value(values, "at", NULL), driver);
	made_file(device, "vendor", "0x1af4");
	made_link_in("bus/virtio/devices", driver, device);
	made_path(block, "%s/block/%s", device, name);
	made_block(block, name, values);
	made_file(block, "serial", made_value(values, "serial", ""));
	made_link_in(block, "device", device);
}

static void describe_controller(const struct made_values *values, const char *directory)
{
	made_format(directory, "model", "%-40s", made_value(values, "model", "MADE NVMe"));
	made_format(directory, "serial", "%-20s", made_value(values, "serial", "S0"));
	made_format(directory, "firmware_rev", "%-8s", made_value(values, "rev", "1.0"));
}

/* nvme at=PATH controller=N [subsystem=N] model= serial=: a controller. */
void made_nvme(const struct made_values *values)
{
	char directory[MADE_PATH], subsystem[MADE_PATH], name[32];

	snprintf(name, sizeof(name), "nvme%s", made_value(values, "controller", NULL));
	made_path(directory, "%s/nvme/%s", made_value(values, "at", NULL), name);
	describe_controller(values, directory);
	made_link_in("class/nvme", name, directory);
	made_file("module/nvme_core/parameters", "io_timeout", "30");
	made_file("module/nvme_core/parameters", "default_ps_max_latency_us", "100000");
	if (!made_has(values, "subsystem"))
		return;
	made_path(subsystem, "devices/virtual/nvme-subsystem/nvme-subsys%s",
		made_value(values, "subsystem", NULL));
	describe_controller(values, subsystem);
	made_link_in(subsystem, name, directory);
}

/* namespace at=PATH of a controller or subsystem, name=nvme0n1 nsid=1 [wwid=...] */
void made_namespace(const struct made_values *values)
{
	char block[MADE_PATH];
	const char *name = made_value(values, "name", NULL), *at = made_value(values, "at", NULL);

	made_path(block, "%s/%s", at, name);
	made_block(block, name, values);
	made_file(block, "nsid", made_value(values, "nsid", "1"));
	if (made_has(values, "wwid"))
		made_file(block, "wwid", made_value(values, "wwid", ""));
	made_link_in(block, "device", at);
}

/* map number=0 name=mpatha uuid=mpath-... slaves=sde,sdf */
void made_map(const struct made_values *values)
{
	char block[MADE_PATH], slaves[256], path[MADE_PATH], slave[MADE_PATH], name[32];

	snprintf(name, sizeof(name), "dm-%s", made_value(values, "number", NULL));
	made_path(block, "devices/virtual/block/%s", name);
	made_block(block, name, values);
	made_file(block, "dm/uuid", made_value(values, "uuid", NULL));
	made_file(block, "dm/name", made_value(values, "name", "mpatha"));
	snprintf(slaves, sizeof(slaves), "%s", made_value(values, "slaves", NULL));
	for (char *word = strtok(slaves, ","); word != NULL; word = strtok(NULL, ",")) {
		made_find("block", word, slave);
		made_path(path, "%s/slaves", block);
		made_link_in(path, word, slave);
		made_path(path, "%s/holders", slave);
		made_link_in(path, name, block);
	}
}
