/* What a device is known by wherever it reappears. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sysfs/backstore.h"
#include "sysfs/scan_private.h"

/* A text as part of an identity: runs of blanks are one underscore, none at its ends. */
static void append_word(char *room, size_t size, const char *text)
{
	size_t used = strlen(room);

	for (text += strspn(text, " "); *text != '\0' && used + 1 < size; text++)
		if (*text != ' ')
			room[used++] = *text;
		else if (text[1] != ' ' && text[1] != '\0')
			room[used++] = '_';
	room[used] = '\0';
}

static bool identity_file(const struct sysfs_tree *tree, const char *directory, const char *file,
	char *room, size_t size)
{
	char value[256];

	if (sysfs_read_at(tree, directory, file, value, sizeof(value)) <= 0)
		return false;
	*room = '\0';
	append_word(room, size, value);
	return *room != '\0';
}

/* A disk's serial number, with its model: a number alone may be another vendor's, too. */
static bool identity_serial(
	const struct sysfs_tree *tree, const char *directory, char *room, size_t size)
{
	char serial[256] = "", model[256] = "", device[SYSFS_PATH];

	if (sysfs_read_at(tree, directory, "serial", serial, sizeof(serial)) <= 0 &&
		sysfs_read_at(tree, directory, "device/serial", serial, sizeof(serial)) <= 0 &&
		snprintf(device, sizeof(device), "%s/device", directory) < (int)sizeof(device))
		vpd_serial(tree, device, serial, sizeof(serial));
	if (serial[strspn(serial, " ")] == '\0')
		return false;
	snprintf(room, size, "serial.");
	if (sysfs_read_at(tree, directory, "device/model", model, sizeof(model)) > 0) {
		append_word(room, size, model);
		append_word(room, size, ".");
	}
	append_word(room, size, serial + strspn(serial, " "));
	return true;
}

/* A unit's designator, written as the kernel does in wwid. */
static bool identity_designator(
	const struct sysfs_tree *tree, const char *directory, char *room, size_t size)
{
	char device[SYSFS_PATH], designator[256];

	if (snprintf(device, sizeof(device), "%s/device", directory) >= (int)sizeof(device))
		return false;
	vpd_designator(tree, device, designator, sizeof(designator));
	*room = '\0';
	append_word(room, size, designator);
	return *room != '\0';
}

/* Of a map over the paths to a disk: what its first path says. */
static bool identity_map(
	const struct sysfs_tree *tree, const char *directory, char *room, size_t size)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char path[SYSFS_PATH], uuid[16], slave[SYSFS_PATH];

	if (sysfs_read_at(tree, directory, "dm/uuid", uuid, sizeof(uuid)) <= 0 ||
		strncmp(uuid, "mpath-", 6) != 0 ||
		snprintf(path, sizeof(path), "%s/slaves", directory) >= (int)sizeof(path) ||
		sysfs_list(tree, path, &names) < 0 || names.count == 0 ||
		snprintf(path, sizeof(path), "block/%s", names.names[0]) >= (int)sizeof(path) ||
		sysfs_resolve(tree, path, slave) < 0)
		return false;
	/* A path is no map. */
	return strstr(slave, "/virtual/block/") == NULL &&
	       scan_identity(tree, slave, room, size) == 0;
}

static bool identity_block(
	const struct sysfs_tree *tree, const char *directory, char *room, size_t size)
{
	if (identity_file(tree, directory, "device/wwid", room, size) ||
		identity_file(tree, directory, "wwid", room, size))
		return true;
	if (identity_designator(tree, directory, room, size) ||
		identity_map(tree, directory, room, size))
		return true;
	if (identity_file(tree, directory, "dm/uuid", room, size) ||
		identity_file(tree, directory, "md/uuid", room, size))
		return true;
	return identity_serial(tree, directory, room, size);
}

/*
 * An address that the administrator has set is none of the device's own; that of a bond's part is
 * kept beside the one that it has now.
 */
static bool identity_net(
	const struct sysfs_tree *tree, const char *directory, char *room, size_t size)
{
	char address[64], kind[16];

	if (sysfs_read_at(tree, directory, "addr_assign_type", kind, sizeof(kind)) <= 0)
		return false;
	const char *file = strcmp(kind, "0") == 0 ? "address" : "bonding_slave/perm_hwaddr";
	if (sysfs_read_at(tree, directory, file, address, sizeof(address)) <= 0)
		return false;
	snprintf(room, size, "mac.%s", address);
	return true;
}

/* What tells a device from others of its function: "" for the first interface. */
static void place_of_function(const struct sysfs_tree *tree, const char *directory,
	const char *name, char *room, size_t size)
{
	struct scsi_address address;
	long long port = 0;

	if (strstr(directory, "/net/") != NULL) {
		if (sysfs_read_number(tree, directory, "dev_port", &port) == 0 && port != 0)
			snprintf(room, size, "-%lld", port);
	} else if (scsi_address(tree, directory, &address) == 0)
		snprintf(room, size, "-%s-%s", address.transport, address.where);
	else if (strncmp(name, "nvme", 4) == 0 && strchr(name + 4, 'n') != NULL)
		snprintf(room, size, "-%.32s", strchr(name + 4, 'n'));
	else if (strstr(directory, "/block/") != NULL)
		snprintf(room, size, "-disk");
}

/* The last PCI function on the way, and what tells its devices apart. */
void identity_path(const struct sysfs_tree *tree, const char *directory, char *room, size_t size)
{
	unsigned domain, bus, slot, function;
	char pci[32] = "", rest[64] = "";
	const char *name = directory;

	for (const char *part = directory; part != NULL; part = strchr(part, '/')) {
		part += *part == '/';
		int end = 0;
		name = part;
		if (sscanf(part, "%4x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function, &end) == 4 &&
			end == 12)
			snprintf(pci, sizeof(pci), "pci-%.12s", part);
	}
	bool is_virtual = pci[0] == '\0' && strstr(directory, "/virtual/") != NULL;
	if (!is_virtual)
		place_of_function(tree, directory, name, rest, sizeof(rest));
	/* Without a function the transport is what there is. */
	if (pci[0] == '\0' && rest[0] == '-')
		snprintf(room, size, SCAN_PATH "%s", rest + 1);
	else
		snprintf(room, size, SCAN_PATH "%s%s", pci[0] != '\0' ? pci : name, rest);
}

/* Of the object of class fc_host. */
static bool identity_fabric(
	const struct sysfs_tree *tree, const char *directory, char *room, size_t size)
{
	char port[64];

	if (strstr(directory, "/fc_host/") == NULL ||
		sysfs_read_at(tree, directory, "port_name", port, sizeof(port)) <= 0)
		return false;
	snprintf(room, size, "wwn.%s", port);
	return true;
}

int scan_identity(const struct sysfs_tree *tree, const char *directory, char *room, size_t size)
{
	char path[SYSFS_PATH];

	*room = '\0';
	if (size > SCAN_IDENTITY)
		size = SCAN_IDENTITY;
	if (snprintf(path, sizeof(path), "%s/addr_assign_type", directory) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	bool is_net = strstr(directory, "/block/") == NULL && sysfs_exists(tree, path);
	bool found = is_net ? identity_net(tree, directory, room, size)
			    : backstore_identity(tree, directory, room, size) ||
				      identity_fabric(tree, directory, room, size) ||
				      identity_block(tree, directory, room, size);
	if (!found)
		identity_path(tree, directory, room, size);
	/* It is stored, shown and compared as the scan has it. */
	for (char *byte = room; *byte != '\0'; byte++)
		if (!isgraph((unsigned char)*byte))
			*byte = '?';
	return 0;
}
