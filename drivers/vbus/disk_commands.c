/* The SCSI commands of a disk. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vbus/disk.h"

#define TEST_UNIT_READY 0x00
#define REQUEST_SENSE 0x03
#define READ_6 0x08
#define INQUIRY 0x12
#define START_STOP_UNIT 0x1b
#define READ_CAPACITY_10 0x25
#define READ_10 0x28
#define WRITE_10 0x2a
#define SYNCHRONIZE_CACHE_10 0x35

#define GOOD 0x00
#define CHECK_CONDITION 0x02

#define NOT_READY 0x02
#define MEDIUM_ERROR 0x03
#define ILLEGAL_REQUEST 0x05

static void put_32(uint8_t *bytes, uint32_t value)
{
	bytes[0] = (uint8_t)(value >> 24);
	bytes[1] = (uint8_t)(value >> 16);
	bytes[2] = (uint8_t)(value >> 8);
	bytes[3] = (uint8_t)value;
}

static uint32_t get_32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static void complete(struct disk_command *command)
{
	bus_complete(command->target->port, command->initiator, GOOD, NULL, 0);
}

/* Ends the command with sense data in fixed format. */
static void fail(struct disk_command *command, uint8_t key, uint8_t code)
{
	const uint8_t sense[18] = {[0] = 0x70, [2] = key, [7] = 10, [12] = code};

	bus_complete(
		command->target->port, command->initiator, CHECK_CONDITION, sense, sizeof(sense));
}

/* Gives as much as the initiator wants of an answer, and ends the command. */
static void answer(struct disk_command *command, const void *data, size_t length)
{
	if (length > command->block.data_length)
		length = command->block.data_length;
	if (disk_give(command, data, length))
		complete(command);
}

static void inquire_page(struct disk_command *command, const struct disk_unit *unit)
{
	uint8_t page[4 + DDS_NAME] = {0};
	size_t length = strlen(unit->serial);

	page[1] = command->block.cdb[2];
	switch (page[1]) {
	case 0x00:
		page[3] = 2;
		page[5] = 0x80;
		answer(command, page, 6);
		return;
	case 0x80:
		page[3] = (uint8_t)length;
		memcpy(page + 4, unit->serial, length);
		answer(command, page, 4 + length);
		return;
	default:
		fail(command, ILLEGAL_REQUEST, 0x24);
	}
}

static void inquire(struct disk_command *command, const struct disk_unit *unit)
{
	uint8_t data[36] = {[2] = 0x05, [3] = 0x02, [4] = 31};

	if (command->block.cdb[1] & 1) {
		inquire_page(command, unit);
		return;
	}
	if (unit->fd < 0)
		data[0] = 0x7f;
	memcpy(data + 8, "ODMCFG  VIRTUAL DISK    0001", 28);
	answer(command, data, sizeof(data));
}

static void read_capacity(struct disk_command *command, const struct disk_unit *unit)
{
	uint8_t data[8];

	put_32(data, (uint32_t)(unit->blocks - 1));
	put_32(data + 4, DISK_BLOCK);
	answer(command, data, sizeof(data));
}

/* Which blocks a command means. In READ(6) a count of 0 is 256. */
static void read_extent(const uint8_t *cdb, uint64_t *first, uint64_t *count)
{
	if (cdb[0] == READ_6) {
		*first = (uint64_t)(cdb[1] & 0x1f) << 16 | (uint64_t)cdb[2] << 8 | cdb[3];
		*count = cdb[4] != 0 ? cdb[4] : 256;
		return;
	}
	*first = get_32(cdb + 2);
	*count = (uint64_t)cdb[7] << 8 | cdb[8];
}

/* Moves the blocks in pieces between the file and the bus. */
static void transfer(struct disk_command *command, const struct disk_unit *unit, bool to_disk)
{
	char *piece = command->target->piece;
	uint64_t first, count;

	read_extent(command->block.cdb, &first, &count);
	off_t offset = (off_t)(first * DISK_BLOCK);

	if (first + count > unit->blocks) {
		fail(command, ILLEGAL_REQUEST, 0x21);
		return;
	}
	if (count * DISK_BLOCK != command->block.data_length) {
		fail(command, ILLEGAL_REQUEST, 0x24);
		return;
	}
	for (size_t left = count * DISK_BLOCK; left > 0;) {
		size_t length = left < DISK_PIECE ? left : DISK_PIECE;
		if (to_disk && !disk_take(command, piece, length))
			return;
		ssize_t moved = to_disk ? pwrite(unit->fd, piece, length, offset)
					: pread(unit->fd, piece, length, offset);
		if (moved != (ssize_t)length) {
			fail(command, MEDIUM_ERROR, to_disk ? 0x0c : 0x11);
			return;
		}
		if (!to_disk && !disk_give(command, piece, length))
			return;
		offset += (off_t)length;
		left -= length;
	}
	complete(command);
}

static void synchronize(struct disk_command *command, const struct disk_unit *unit)
{
	if (fdatasync(unit->fd) == 0)
		complete(command);
	else
		fail(command, MEDIUM_ERROR, 0x0c);
}

static void start_stop(struct disk_command *command, struct disk_unit *unit)
{
	unit->stopped = !(command->block.cdb[4] & 1);
	complete(command);
}

/* A stopped disk says so to all that needs its medium. */
static bool is_ready(struct disk_command *command, const struct disk_unit *unit)
{
	uint8_t code = command->block.cdb[0];

	if (!unit->stopped || code == INQUIRY || code == REQUEST_SENSE || code == START_STOP_UNIT)
		return true;
	fail(command, NOT_READY, 0x04);
	return false;
}

void disk_execute(struct disk_command *command)
{
	struct disk_unit *unit = &command->target->units[command->block.lun & 7];
	static const uint8_t no_sense[18] = {[0] = 0x70, [7] = 10};
	uint8_t code = command->block.cdb[0];

	if (unit->fd < 0 && code != INQUIRY) {
		fail(command, ILLEGAL_REQUEST, 0x25);
		return;
	}
	if (!is_ready(command, unit))
		return;
	switch (code) {
	case TEST_UNIT_READY:
		complete(command);
		break;
	case START_STOP_UNIT:
		start_stop(command, unit);
		break;
	case REQUEST_SENSE:
		answer(command, no_sense, sizeof(no_sense));
		break;
	case INQUIRY:
		inquire(command, unit);
		break;
	case READ_CAPACITY_10:
		read_capacity(command, unit);
		break;
	case READ_6:
	case READ_10:
	case WRITE_10:
		transfer(command, unit, code == WRITE_10);
		break;
	case SYNCHRONIZE_CACHE_10:
		synchronize(command, unit);
		break;
	default:
		fail(command, ILLEGAL_REQUEST, 0x20);
	}
}
