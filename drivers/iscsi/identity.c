/* What identifies a logical unit, as its Device Identification page has it (SPC-4). */
#include <stdio.h>
#include <string.h>

#include "iscsi/initiator.h"

#define PAGE_HEAD 4

/* The best is NAA, an extended one first, then EUI-64, then a vendor's; of the unit, not its port.
 */
static int rank(const uint8_t *designator)
{
	unsigned association = designator[1] >> 4 & 3, type = designator[1] & 0xf;

	if (association != 0 || designator[3] == 0)
		return 0;
	if (type == 3)
		return designator[4] >> 4 == 6 ? 4 : 3;
	return type == 2 ? 2 : type == 1 ? 1 : 0;
}

static void write_text(const uint8_t *designator, char room[ISCSI_ID])
{
	unsigned length = designator[3];
	size_t used = (size_t)snprintf(room, ISCSI_ID, "t10.");

	while (length > 0 && (designator[3 + length] == ' ' || designator[3 + length] == '\0'))
		length--;
	for (unsigned i = 0; i < length && used + 1 < ISCSI_ID; i++) {
		uint8_t byte = designator[4 + i];
		/* What stands in the database is one word. */
		room[used++] = byte > ' ' && byte < 0x7f ? (char)byte : '_';
	}
	room[used] = '\0';
}

static void write_designator(const uint8_t *designator, char room[ISCSI_ID])
{
	unsigned type = designator[1] & 0xf, length = designator[3];

	if (type == 1) {
		write_text(designator, room);
		return;
	}
	size_t used = (size_t)snprintf(room, ISCSI_ID, "%s", type == 3 ? "naa." : "eui.");
	for (unsigned i = 0; i < length && used + 2 < ISCSI_ID; i++)
		used += (size_t)snprintf(room + used, ISCSI_ID - used, "%02x", designator[4 + i]);
}

void identity_read(const uint8_t *page83, size_t length83, const char *serial, char room[ISCSI_ID])
{
	const uint8_t *best = NULL;
	size_t end = 0;

	room[0] = '\0';
	if (length83 >= PAGE_HEAD && page83[1] == 0x83)
		end = PAGE_HEAD + ((size_t)page83[2] << 8 | page83[3]);
	if (end > length83)
		end = length83;
	for (size_t at = PAGE_HEAD; at + 4 <= end && at + 4 + page83[at + 3] <= end;
		at += 4u + page83[at + 3])
		if (page83[at + 3] > 0 && rank(&page83[at]) > (best != NULL ? rank(best) : 0))
			best = &page83[at];
	if (best != NULL)
		write_designator(best, room);
	else if (serial[0] != '\0')
		snprintf(room, ISCSI_ID, "serial.%s", serial);
}
