/*
 * Vital product data pages of SCSI devices, which the kernel read when it found them: SPC-4, Unit
 * Serial Number and Device Identification.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sysfs/scan_private.h"

#define PAGE_HEAD 4
#define PAGE_LENGTH 3072

/* A page without its head: its length, 0 when there is none. */
static size_t read_page(const struct sysfs_tree *tree, const char *device, const char *file,
	uint8_t code, uint8_t page[PAGE_LENGTH])
{
	char path[SYSFS_PATH];

	if (snprintf(path, sizeof(path), "%s/%s", device, file) >= (int)sizeof(path))
		return 0;
	ssize_t length = sysfs_read_bytes(tree, path, page, PAGE_LENGTH);
	if (length < PAGE_HEAD || page[1] != code)
		return 0;
	size_t said = (size_t)page[2] << 8 | page[3], there = (size_t)length - PAGE_HEAD;
	return said < there ? said : there;
}

void vpd_serial(const struct sysfs_tree *tree, const char *device, char *room, size_t size)
{
	uint8_t page[PAGE_LENGTH];
	size_t length = read_page(tree, device, "vpd_pg80", 0x80, page), from = PAGE_HEAD;

	while (length > 0 && (page[from] == ' ' || page[from] == '\0')) {
		from++;
		length--;
	}
	while (length > 0 && (page[from + length - 1] == ' ' || page[from + length - 1] == '\0'))
		length--;
	snprintf(room, size, "%.*s", (int)length, (const char *)&page[from]);
}

/* Which designator identifies a logical unit best: NAA, an extended one first, EUI-64, a vendor's.
 */
static int rank(const uint8_t *designator)
{
	unsigned association = designator[1] >> 4 & 3, type = designator[1] & 0xf;

	if (association != 0)
		return 0;
	if (type == 3)
		return designator[4] >> 4 == 6 ? 4 : 3;
	return type == 2 ? 2 : type == 1 ? 1 : 0;
}

static void write_designator(const uint8_t *designator, char *room, size_t size)
{
	unsigned type = designator[1] & 0xf, length = designator[3];
	size_t used = 0;

	if (type == 1) {
		while (length > 0 && designator[3 + length] == ' ')
			length--;
		snprintf(room, size, "t10.%.*s", (int)length, (const char *)designator + 4);
		return;
	}
	used = (size_t)snprintf(room, size, "%s", type == 3 ? "naa." : "eui.");
	for (unsigned i = 0; i < length && used + 2 < size; i++)
		used += (size_t)snprintf(room + used, size - used, "%02x", designator[4 + i]);
}

void vpd_designator(const struct sysfs_tree *tree, const char *device, char *room, size_t size)
{
	uint8_t page[PAGE_LENGTH];
	size_t end = PAGE_HEAD + read_page(tree, device, "vpd_pg83", 0x83, page);
	const uint8_t *best = NULL;

	*room = '\0';
	for (size_t at = PAGE_HEAD; at + 4 <= end && at + 4 + page[at + 3] <= end;
		at += 4u + page[at + 3])
		if (page[at + 3] > 0 && rank(&page[at]) > (best != NULL ? rank(best) : 0))
			best = &page[at];
	if (best != NULL)
		write_designator(best, room, size);
}
