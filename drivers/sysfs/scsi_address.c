/* Where a SCSI device is: its transport, and a connection that does not change with host numbers.
 */
#include <stdio.h>
#include <string.h>

#include "sysfs/scan_private.h"

/* A component of a path that begins like that: 0 with its name, -1. */
static int component(const char *directory, const char *start, char *room, size_t size)
{
	for (const char *part = directory; part != NULL; part = strchr(part, '/')) {
		part += *part == '/';
		size_t length = strcspn(part, "/");
		if (strncmp(part, start, strlen(start)) == 0 && length < size) {
			snprintf(room, size, "%.*s", (int)length, part);
			return 0;
		}
	}
	return -1;
}

/* A value of an object of a transport class, which has the component's name. */
static int transport_value(const struct scan *scan, const char *class, const char *name,
	const char *file, char *room, size_t size)
{
	char path[SYSFS_PATH];

	if (snprintf(path, sizeof(path), "class/%s/%s", class, name) >= (int)sizeof(path))
		return -1;
	return sysfs_read_at(scan->tree, path, file, room, size) > 0 ? 0 : -1;
}

static const char *without_0x(const char *number)
{
	return strncmp(number, "0x", 2) == 0 ? number + 2 : number;
}

static bool remote_port(const struct scan *scan, const char *directory, const char *start,
	const char *class, const char *file, unsigned long long lun, struct scsi_address *address)
{
	char name[64], value[64];

	if (component(directory, start, name, sizeof(name)) < 0 ||
		transport_value(scan, class, name, file, value, sizeof(value)) < 0)
		return false;
	snprintf(address->where, sizeof(address->where), "%.20s,%llx", without_0x(value), lun);
	return true;
}

int scsi_address(const struct scan *scan, const char *directory, struct scsi_address *address)
{
	unsigned host, channel, target;
	unsigned long long lun;
	char name[64], port[32];
	const char *part = directory;

	for (; part != NULL; part = strchr(part, '/')) {
		part += *part == '/';
		if (sscanf(part, "%u:%u:%u:%llu", &host, &channel, &target, &lun) == 4)
			break;
	}
	if (part == NULL)
		return -1;
	*address = (struct scsi_address){.transport = "scsi"};
	snprintf(address->where, sizeof(address->where), "%u,%u,%llu", channel, target, lun);
	if (remote_port(scan, directory, "rport-", "fc_remote_ports", "port_name", lun, address))
		address->transport = "fcp";
	else if (remote_port(
			 scan, directory, "end_device-", "sas_device", "sas_address", lun, address))
		address->transport = "sas";
	else if (component(directory, "session", name, sizeof(name)) == 0)
		address->transport = "iscsi";
	else if (component(directory, "ata", name, sizeof(name)) == 0) {
		address->transport = "sata";
		/* Older kernels number the ports of all adapters only. */
		if (transport_value(scan, "ata_port", name, "port_no", port, sizeof(port)) < 0)
			snprintf(port, sizeof(port), "%.12s", name + strlen("ata"));
		snprintf(
			address->where, sizeof(address->where), "%.12s,%u,%llu", port, target, lun);
	} else if (component(directory, "usb", name, sizeof(name)) == 0)
		address->transport = "usb";
	return 0;
}

int scan_connection(const struct sysfs_tree *tree, const char *directory, char where[32])
{
	const struct scan scan = {.tree = tree};
	struct scsi_address address;

	if (scsi_address(&scan, directory, &address) < 0)
		return -1;
	memcpy(where, address.where, sizeof(address.where));
	return 0;
}
