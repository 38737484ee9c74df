/* What a device is known by, as matches of udev rules. */
#include <string.h>

#include "export_forms.h"

/* In a unique_id that several devices claim, before what tells them apart. */
#define DUPLICATE "@"

/* A text as a pattern of udev's that matches it; where `loose`, any run of blanks for each _. */
static void append_pattern(struct text *match, const char *id, bool loose)
{
	for (; *id != '\0'; id++)
		if (strchr("*?[]|\\\"", *id) != NULL || (unsigned char)*id < ' ')
			text_append_char(match, '?');
		else
			text_append_char(match, *id == '_' && loose ? '*' : *id);
}

static void append_match(struct text *match, const char *key, const char *before, const char *id,
	const char *behind, bool loose)
{
	text_printf(match, "%s==\"%s", key, before);
	append_pattern(match, id, loose);
	text_printf(match, "%s\", ", behind);
}

/* "path.pci-0000:00:05.0", and behind it "-0:0:0" of a SCSI device or "-n1" of an NVMe disk. */
static void match_pci(const char *function, struct text *match, struct text *reason)
{
	char name[32];
	const char *rest = strchr(function, '-');

	if (rest == NULL) {
		append_match(match, "KERNELS", "", function, "", false);
		text_append(reason, "Matched by the PCI function that it is at");
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)(rest - function), function);
	text_append(match, "DEVPATH==\"*/");
	append_pattern(match, name, false);
	if (rest[1] == 'n') {
		text_append(match, "/*");
		append_pattern(match, rest + 1, false);
		text_append(match, "\", ");
	} else {
		text_append(match, "/*:");
		append_pattern(match, rest + 1, false);
		text_append(match, "/*\", ");
	}
	text_append(reason, "Matched by the PCI function and the address behind it");
}

/* The map of a multipath disk has its identity as its uuid. */
static bool match_map(const struct stored_device *device, struct text *match, struct text *reason)
{
	char uuid[256];

	if (!device->there || strncmp(device->kernel.os_name, "dm-", 3) != 0 ||
		sysfs_read_at(device->kernel.tree, device->kernel.directory, "dm/uuid", uuid,
			sizeof(uuid)) <= 0)
		return false;
	append_match(match, "ATTR{dm/uuid}", "", uuid, "", false);
	text_append(reason, "Matched by the uuid of the device-mapper map");
	return true;
}

/* Its serial number; the model that may be before it is in ID_SERIAL in other words. */
static void match_serial(
	const struct stored_device *device, const char *id, struct text *match, struct text *reason)
{
	bool plain = strncmp(device->cudv.PdDvLn_Lvalue, "disk/virtio/", 12) == 0;
	const char *serial = strrchr(id, '.');

	if (plain)
		append_match(match, "ENV{ID_SERIAL}", "", id, "", false);
	else
		append_match(
			match, "ENV{ID_SERIAL}", "*", serial != NULL ? serial + 1 : id, "*", false);
	text_append(reason, "Matched by the serial number, which udev's rules for persistent "
			    "storage find");
}

bool export_udev_match(const struct stored_device *device, struct text *match, struct text *reason)
{
	const char *id = device->unique_id, *rest = strchr(id, '.');
	/* Of what is behind USB udev has other numbers. */
	bool has_wwn = strcmp(device->kernel.type->directory, "block") == 0 &&
		       strncmp(device->cudv.PdDvLn_Lvalue, "disk/usb/", 9) != 0;

	if (match_map(device, match, reason))
		return true;
	if (strstr(id, DUPLICATE) != NULL) {
		text_append(reason, "Another device claims the same identity");
		return false;
	}
	if (*id == '\0' && device->kernel.os_name[0] == '\0') {
		text_append(reason, "Nothing is known that identifies it");
		return false;
	}
	if (strncmp(id, "naa.", 4) == 0 && has_wwn) {
		append_match(match, "ENV{ID_WWN_WITH_EXTENSION}", "0x", rest + 1, "", false);
		text_append(reason, "Matched by its WWN, which udev's rules for persistent storage "
				    "find");
	} else if (strncmp(id, "serial.", 7) == 0) {
		match_serial(device, rest + 1, match, reason);
	} else if (strncmp(id, "path.pci-", 9) == 0) {
		match_pci(id + 9, match, reason);
	} else if (strncmp(id, "path.", 5) == 0 || *id == '\0') {
		append_match(match, "KERNEL", "", device->kernel.os_name, "", false);
		text_append(reason, "Matched by the kernel's name for it, for lack of an identity");
	} else if (strncmp(device->kernel.os_name, "md", 2) == 0) {
		append_match(match, "ATTR{md/uuid}", "", id, "", false);
		text_append(reason, "Matched by the uuid of the array");
	} else {
		append_match(match, "ATTRS{wwid}", "", id, "", true);
		text_append(reason, "Matched by the identifier that the kernel shows");
	}
	return true;
}
