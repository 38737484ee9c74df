/* What a disk's medium is, and what it keeps: its size, its cache, blocks given back (SBC-3). */
#include <errno.h>
#include <string.h>

#include "scdisk/scdisk.h"

#define LARGEST_BLOCK 65536 /* bytes */
#define UNMAP_BLOCKS 65536 /* of one command, when the disk does not say more */

static uint32_t get_32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static void put_32(uint8_t *bytes, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void put_64(uint8_t *bytes, uint64_t value)
{
	put_32(bytes, (uint32_t)(value >> 32));
	put_32(bytes + 4, (uint32_t)value);
}

static bool is_block_size(uint32_t size)
{
	return size >= SCDISK_BLOCK && size <= LARGEST_BLOCK && (size & (size - 1)) == 0;
}

/* The long form: of a disk that has more blocks than the short one can say, or can unmap. */
static int read_long_capacity(struct scdisk *disk, uint64_t *last, uint32_t *block)
{
	static const uint8_t cdb[16] = {0x9e, 0x10, [13] = 32};
	uint8_t data[32] = {0};
	int error = session_command(disk, cdb, sizeof(cdb), B_READ, data, sizeof(data));

	if (error != 0)
		return error;
	*last = (uint64_t)get_32(data) << 32 | get_32(data + 4);
	*block = get_32(data + 8);
	disk->unmaps = (data[14] & 0x80) != 0;
	return 0;
}

int medium_read_capacity(struct scdisk *disk)
{
	static const uint8_t cdb[10] = {0x25};
	uint8_t data[8] = {0};
	uint64_t last;
	uint32_t block;
	int error = session_command(disk, cdb, sizeof(cdb), B_READ, data, sizeof(data));

	if (error != 0)
		return error;
	last = get_32(data);
	block = get_32(data + 4);
	disk->unmaps = false;
	/* Not every disk has it. */
	if (read_long_capacity(disk, &last, &block) != 0 && last == UINT32_MAX)
		return EIO;
	disk->info = (struct scdisk_info){
		.blocks = last + 1, .block_size = block, .max_transfer = disk->dds.max_transfer};
	return is_block_size(block) && block <= disk->dds.max_transfer ? 0 : EIO;
}

int medium_flush(struct scdisk *disk)
{
	static const uint8_t cdb[10] = {0x35};

	return session_command(disk, cdb, sizeof(cdb), B_WRITE, NULL, 0);
}

/* How many blocks one UNMAP takes, by the page of block limits. */
static uint32_t most_unmapped(struct scdisk *disk)
{
	static const uint8_t cdb[6] = {0x12, 1, 0xb0, 0, 64};
	uint8_t page[64] = {0};

	if (session_command(disk, cdb, sizeof(cdb), B_READ, page, sizeof(page)) != 0 ||
		page[1] != 0xb0 || page[3] < 20)
		return UNMAP_BLOCKS;
	uint32_t most = get_32(page + 20);
	return most != 0 ? most : UNMAP_BLOCKS;
}

static int unmap_some(struct scdisk *disk, uint64_t block, uint32_t count)
{
	static const uint8_t cdb[10] = {0x42, [8] = 24};
	uint8_t list[24] = {[1] = 22, [3] = 16};

	put_64(list + 8, block);
	put_32(list + 16, count);
	return session_command(disk, cdb, sizeof(cdb), B_WRITE, list, sizeof(list));
}

int medium_unmap(struct scdisk *disk, const struct scdisk_extent *extent)
{
	uint64_t block = extent->block, left = extent->blocks;

	if (block > disk->info.blocks || left > disk->info.blocks - block)
		return EINVAL;
	if (!disk->unmaps)
		return EOPNOTSUPP;
	uint32_t most = most_unmapped(disk);
	int error = 0;
	while (left > 0 && error == 0) {
		uint32_t count = left < most ? (uint32_t)left : most;
		error = unmap_some(disk, block, count);
		block += count;
		left -= count;
	}
	return error;
}
