/* What a device is known by wherever it reappears. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sysfs/scan_private.h"

/* A text as part of an identity: runs of blanks are one underscore, none at the end. */
static void append_word(char *room, size_t size, const char *text)
{
	size_t used = strlen(room);

	for (; *text != '\0' && used + 1 < size; text++)
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

/* A multipath map is the disk that its paths lead to; the directory of one of them. */
static bool map_path(const struct sysfs_tree *tree, const char *directory, char path[SYSFS_PATH])
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char uuid[256], slaves[SYSFS_PATH];

	return sysfs_read_at(tree, directory, "dm/uuid", uuid, sizeof(uuid)) > 0 &&
	       strncmp(uuid, "mpath-", strlen("mpath-")) == 0 &&
	       snprintf(slaves, sizeof(slaves), "%s/slaves", directory) < (int)sizeof(slaves) &&
	       sysfs_list(tree, slaves, &names) == 0 && names.count > 0 &&
	       snprintf(path, SYSFS_PATH, "block/%s", names.names[0]) < SYSFS_PATH;
}

static bool identity_block(
	const struct sysfs_tree *tree, const char *directory, char *room, size_t size)
{
	char device[SYSFS_PATH], path[SYSFS_PATH];

	if (map_path(tree, directory, path))
		directory = path;
	if (identity_file(tree, directory, "device/wwid", room, size) ||
		identity_file(tree, directory, "wwid", room, size))
		return true;
	if (snprintf(device, sizeof(device), "%s/device", directory) < (int)sizeof(device))
		vpd_designator(tree, device, room, size);
	if (*room != '\0')
		return true;
	if (identity_file(tree, directory, "dm/uuid", room, size) ||
		identity_file(tree, directory, "md/uuid", room, size))
		return true;
	return identity_serial(tree, directory, room, size);
}

/* An address that the administrator has set is none of the device's own. */
static bool identity_net(
	const struct sysfs_tree *tree, const char *directory, char *room, size_t size)
{
	char address[64], kind[16];

	if (sysfs_read_at(tree, directory, "addr_assign_type", kind, sizeof(kind)) <= 0 ||
		strcmp(kind, "0") != 0 ||
		sysfs_read_at(tree, directory, "address", address, sizeof(address)) <= 0)
		return false;
	snprintf(room, size, "mac.%s", address);
	return true;
}

/* The last PCI function on the way, and what tells its devices apart. */
static void identity_path(const char *directory, char *room, size_t size)
{
	unsigned domain, bus, slot, function, host, channel, target;
	unsigned long long lun;
	char pci[32] = "", rest[64] = "";
	const char *name = directory;

	for (const char *part = directory; part != NULL; part = strchr(part, '/')) {
		part += *part == '/';
		int end = 0;
		name = part;
		if (sscanf(part, "%4x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function, &end) == 4 &&
			end == 12)
			snprintf(pci, sizeof(pci), "pci-%.12s", part);
		else if (sscanf(part, "%u:%u:%u:%llu", &host, &channel, &target, &lun) == 4)
			snprintf(rest, sizeof(rest), "-%u:%u:%llu", channel, target, lun);
	}
	const char *space = strncmp(name, "nvme", 4) == 0 ? strchr(name + 4, 'n') : NULL;
	if (space != NULL)
		snprintf(rest, sizeof(rest), "-%s", space);
	snprintf(room, size, "path.%s%s", pci[0] != '\0' ? pci : name, rest);
}

int scan_identity(const struct sysfs_tree *tree, const char *directory, char *room, size_t size)
{
	char path[SYSFS_PATH];

	*room = '\0';
	if (snprintf(path, sizeof(path), "%s/addr_assign_type", directory) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	bool found = sysfs_exists(tree, path) ? identity_net(tree, directory, room, size)
					      : identity_block(tree, directory, room, size);
	if (!found)
		identity_path(directory, room, size);
	return 0;
}
