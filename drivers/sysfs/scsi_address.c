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
static int transport_value(const struct sysfs_tree *tree, const char *class, const char *name,
	const char *file, char *room, size_t size)
{
	char path[SYSFS_PATH];

	if (snprintf(path, sizeof(path), "class/%s/%s", class, name) >= (int)sizeof(path))
		return -1;
	return sysfs_read_at(tree, path, file, room, size) > 0 ? 0 : -1;
}

static const char *without_0x(const char *number)
{
	return strncmp(number, "0x", 2) == 0 ? number + 2 : number;
}

static bool remote_port(const struct sysfs_tree *tree, const char *directory, const char *start,
	const char *class, const char *file, unsigned long long lun, struct scsi_address *address)
{
	char name[64], value[64];

	if (component(directory, start, name, sizeof(name)) < 0 ||
		transport_value(tree, class, name, file, value, sizeof(value)) < 0)
		return false;
	snprintf(address->where, sizeof(address->where), "%.20s,%llx", without_0x(value), lun);
	return true;
}

/* The ends of targets' names differ; one target may have several groups of portals. */
static bool iscsi_session(const struct sysfs_tree *tree, const char *directory,
	unsigned long long lun, struct scsi_address *address)
{
	char name[64], target[256], group[8];

	if (component(directory, "session", name, sizeof(name)) < 0)
		return false;
	address->transport = "iscsi";
	if (transport_value(tree, "iscsi_session", name, "targetname", target, sizeof(target)) < 0)
		return true;
	if (transport_value(tree, "iscsi_session", name, "tpgt", group, sizeof(group)) < 0)
		strcpy(group, "0");
	size_t length = strlen(target);
	snprintf(address->where, sizeof(address->where), "%s,%.5s,%llx",
		target + (length > 18 ? length - 18 : 0), group, lun);
	return true;
}

/* Older kernels number the ports of all adapters only. */
static bool ata_port(const struct sysfs_tree *tree, const char *directory, unsigned target,
	unsigned long long lun, struct scsi_address *address)
{
	char name[64], port[32];

	if (component(directory, "ata", name, sizeof(name)) < 0)
		return false;
	if (transport_value(tree, "ata_port", name, "port_no", port, sizeof(port)) < 0)
		snprintf(port, sizeof(port), "%.12s", name + strlen("ata"));
	snprintf(address->where, sizeof(address->where), "%.12s,%u,%llu", port, target, lun);
	address->transport = "sata";
	return true;
}

/* The last hub's port: the component before the interface, as 1-4.2 before 1-4.2:1.0. */
static bool usb_port(const char *directory, unsigned target, unsigned long long lun,
	struct scsi_address *address)
{
	unsigned bus, port;
	char name[16];

	if (component(directory, "usb", name, sizeof(name)) < 0)
		return false;
	address->transport = "usb";
	for (const char *part = strchr(directory, '/'); part != NULL; part = strchr(part, '/')) {
		size_t length = strcspn(++part, "/");
		if (sscanf(part, "%u-%u", &bus, &port) == 2 && length < sizeof(name) &&
			memchr(part, ':', length) == NULL)
			snprintf(address->where, sizeof(address->where), "%.*s,%u,%llu",
				(int)length, part, target, lun);
	}
	return true;
}

int scsi_address(const struct sysfs_tree *tree, const char *directory, struct scsi_address *address)
{
	unsigned host, channel, target;
	unsigned long long lun;
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
	if (remote_port(tree, directory, "rport-", "fc_remote_ports", "port_name", lun, address))
		address->transport = "fcp";
	else if (remote_port(
			 tree, directory, "end_device-", "sas_device", "sas_address", lun, address))
		address->transport = "sas";
	else if (!iscsi_session(tree, directory, lun, address) &&
		 !ata_port(tree, directory, target, lun, address))
		usb_port(directory, target, lun, address);
	return 0;
}
