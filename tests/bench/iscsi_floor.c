/*
 * The floor of the iSCSI benchmark: the same reads by libiscsi alone, in one process that waits for
 * its socket. iscsi_floor PORTAL TARGET LUN: nanoseconds of 4 KiB at depth 1 and 32, and of 1 MiB.
 */
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MOST 32
#define BLOCKS 131072u

struct run {
	struct iscsi_context *context;
	int lun;
	unsigned blocks, count, begun, ended;
	unsigned char *data[MOST];
};

struct place {
	struct run *run;
	unsigned number;
};

static void begin(struct place *place);

static void ended(struct iscsi_context *context, int status, void *data, void *closure)
{
	struct place *place = closure;

	(void)context;
	if (status != SCSI_STATUS_GOOD)
		exit(1);
	scsi_free_scsi_task(data);
	place->run->ended++;
	begin(place);
}

static void begin(struct place *place)
{
	struct run *run = place->run;

	if (run->begun == run->count)
		return;
	unsigned block = run->begun++ * 8191u * run->blocks % (BLOCKS - run->blocks) / run->blocks *
			 run->blocks;
	unsigned char cdb[10] = {0x28, 0, (unsigned char)(block >> 24),
		(unsigned char)(block >> 16), (unsigned char)(block >> 8), (unsigned char)block, 0,
		(unsigned char)(run->blocks >> 8), (unsigned char)run->blocks};
	struct scsi_task *task = scsi_create_task(10, cdb, SCSI_XFER_READ, (int)run->blocks * 512);
	scsi_task_add_data_in_buffer(task, (int)run->blocks * 512, run->data[place->number]);
	if (iscsi_scsi_command_async(run->context, run->lun, task, ended, NULL, place) != 0)
		exit(1);
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static long measure(
	struct iscsi_context *context, int lun, unsigned depth, unsigned blocks, unsigned count)
{
	struct run run = {.context = context, .lun = lun, .blocks = blocks, .count = count};
	struct place places[MOST];
	int64_t start = now();

	for (unsigned i = 0; i < depth; i++) {
		run.data[i] = malloc((size_t)blocks * 512);
		places[i] = (struct place){&run, i};
		begin(&places[i]);
	}
	while (run.ended < count) {
		struct pollfd news = {
			.fd = iscsi_get_fd(context), .events = (short)iscsi_which_events(context)};
		if (poll(&news, 1, -1) < 0 || iscsi_service(context, news.revents) < 0)
			exit(1);
	}
	int64_t took = now() - start;
	for (unsigned i = 0; i < depth; i++)
		free(run.data[i]);
	return (long)(took / count);
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	struct iscsi_context *context = iscsi_create_context("iqn.2026-11.test:floor");
	int lun = atoi(argv[3]);
	iscsi_set_targetname(context, argv[2]);
	iscsi_set_session_type(context, ISCSI_SESSION_NORMAL);
	iscsi_set_header_digest(context, ISCSI_HEADER_DIGEST_NONE_CRC32C);
	if (iscsi_full_connect_sync(context, argv[1], lun) != 0)
		return 1;
	measure(context, lun, 1, 8, 100);
	long one = measure(context, lun, 1, 8, 3000), many = measure(context, lun, 32, 8, 20000),
	     large = measure(context, lun, 1, 2048, 200);
	printf("%ld %ld %ld\n", one, many, large);
	return 0;
}
