/*
 * Reads and writes: pieces of what an application moves, as many of them with the disk at once as
 * its queue takes, waited for in their order.
 */
#include <errno.h>
#include <string.h>
#include <sys/malloc.h>

#include "scdisk/scdisk.h"

#define MOST_MEMORY (8u << 20) /* bytes of the pieces of one call */

struct piece {
	struct scsi_buf request;
	size_t length; /* bytes */
};

/* One call under way. */
struct run {
	struct scdisk *disk;
	struct uio *uio;
	bool to_disk;
	size_t size; /* of a piece, at most */
	unsigned depth;
	struct piece *pieces; /* a ring */
	char *memory; /* `size` bytes for each */
	unsigned first, count; /* that are with the disk */
	uint64_t next; /* block that none is for yet */
};

/* The blocks of one request: as many as the adapter and a READ(10) take. */
static size_t piece_size(const struct scdisk *disk, size_t wanted)
{
	size_t block = disk->info.block_size;
	size_t largest = disk->dds.max_transfer / block * block;

	if (largest > 65535 * block)
		largest = 65535 * block;
	return wanted < largest ? wanted : largest;
}

static void make_cdb(struct scsi_cmd *command, bool to_disk, uint64_t block, uint32_t count)
{
	uint8_t *cdb = command->scsi_cdb;

	memset(cdb, 0, sizeof(command->scsi_cdb));
	if (block + count <= (uint64_t)1 << 32) {
		command->scsi_length = 10;
		cdb[0] = to_disk ? 0x2a : 0x28;
		for (int i = 0; i < 4; i++)
			cdb[2 + i] = (uint8_t)(block >> (24 - 8 * i));
		cdb[7] = (uint8_t)(count >> 8);
		cdb[8] = (uint8_t)count;
		return;
	}
	command->scsi_length = 16;
	cdb[0] = to_disk ? 0x8a : 0x88;
	for (int i = 0; i < 8; i++)
		cdb[2 + i] = (uint8_t)(block >> (56 - 8 * i));
	for (int i = 0; i < 4; i++)
		cdb[10 + i] = (uint8_t)(count >> (24 - 8 * i));
}

/* Sends the next piece: an errno, ENOSPC at the disk's end. */
static int begin_piece(struct run *run, size_t length)
{
	struct scdisk *disk = run->disk;
	unsigned place = (run->first + run->count) % run->depth;
	struct piece *piece = &run->pieces[place];
	char *data = run->memory + (size_t)place * run->size;
	uint64_t left = disk->info.blocks - run->next;
	size_t block = disk->info.block_size;

	if (left == 0)
		return ENOSPC;
	if (length / block > left)
		length = (size_t)left * block;
	int error = run->to_disk ? uiomove(data, length, UIO_WRITE, run->uio) : 0;
	if (error != 0)
		return error;
	*piece =
		(struct piece){.request = {.bufstruct = {.b_flags = run->to_disk ? B_WRITE : B_READ,
						   .b_addr = data,
						   .b_bcount = length}},
			.length = length};
	make_cdb(&piece->request.scsi_command, run->to_disk, run->next, (uint32_t)(length / block));
	error = session_submit(disk, &piece->request);
	if (error != 0)
		return error;
	run->next += length / block;
	run->count++;
	return 0;
}

/* The oldest piece's end: an errno. */
static int end_piece(struct run *run, bool counts)
{
	struct scdisk *disk = run->disk;
	struct piece *piece = &run->pieces[run->first];
	int error = session_await(disk, &piece->request);

	run->first = (run->first + 1) % run->depth;
	run->count--;
	/* Fewer bytes than there are blocks of are no blocks. */
	if (error == 0 && piece->request.bufstruct.b_resid != 0)
		error = EIO;
	if (error != 0 || !counts)
		return error;
	if (!run->to_disk)
		error = uiomove(piece->request.bufstruct.b_addr, piece->length, UIO_READ, run->uio);
	if (error == 0) {
		disk->position += piece->length / disk->info.block_size;
		atomic_fetch_add(&disk->counters.bytes, piece->length);
		COUNT(disk->counters.records);
	}
	return error;
}

/* What is not with the disk yet. Of a read the caller's room is used up by the ends only. */
static size_t left_of(const struct run *run)
{
	size_t begun = (size_t)(run->next - run->disk->position) * run->disk->info.block_size;

	return run->to_disk ? run->uio->uio_resid : run->uio->uio_resid - begun;
}

static int carry_out(struct run *run)
{
	int error = 0;

	while (error == 0 && (left_of(run) > 0 || run->count > 0)) {
		while (error == 0 && left_of(run) > 0 && run->count < run->depth)
			error = begin_piece(run, piece_size(run->disk, left_of(run)));
		/* The end of the disk is no mistake of what is before it, nor of a reader. */
		bool at_end = error == ENOSPC;
		if (at_end)
			error = 0;
		if (error == 0 && run->count > 0)
			error = end_piece(run, true);
		if (at_end && run->count == 0)
			return error == 0 && run->to_disk ? ENOSPC : error;
	}
	while (run->count > 0)
		end_piece(run, false);
	return error;
}

int transfer(struct scdisk *disk, struct uio *uiop, bool to_disk)
{
	struct run run = {.disk = disk, .uio = uiop, .to_disk = to_disk, .next = disk->position};
	size_t total = uiop->uio_resid;

	if (total % disk->info.block_size != 0)
		return EINVAL;
	if (total == 0)
		return 0;
	run.size = piece_size(disk, total);
	run.depth = disk->dds.queue_depth;
	if (run.depth > (total + run.size - 1) / run.size)
		run.depth = (unsigned)((total + run.size - 1) / run.size);
	if (run.depth > MOST_MEMORY / run.size)
		run.depth = run.size < MOST_MEMORY ? (unsigned)(MOST_MEMORY / run.size) : 1;
	run.pieces = xmalloc(run.depth * sizeof(*run.pieces), 6, pinned_heap);
	run.memory = xmalloc(run.depth * run.size, 9, pinned_heap);
	int error = run.pieces != NULL && run.memory != NULL ? carry_out(&run) : ENOMEM;
	xmfree(run.pieces, pinned_heap);
	xmfree(run.memory, pinned_heap);
	if (to_disk)
		disk->written = true;
	return error;
}
