/*
 * Reads of an iSCSI disk through the adapter driver, as a device driver makes them: an extension
 * whose file answers with the nanoseconds of 4 KiB reads at depth 1 and 32 and of 1 MiB reads, for
 * each.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/driver.h>
#include <sys/malloc.h>
#include <sys/scsi_buf.h>
#include <sys/text_dds.h>
#include <time.h>

#define MOST 32
#define BLOCKS 131072u /* of the disk */

static struct text_dds *dds;
static struct scsi_sciolst address;

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int begin(struct scsi_buf *request, char *data, unsigned number, unsigned blocks)
{
	unsigned block = number * 8191u * blocks % (BLOCKS - blocks) / blocks * blocks;

	*request = (struct scsi_buf){.bufstruct = {.b_flags = B_READ,
					     .b_dev = (dev_t)dds->parent_devno,
					     .b_addr = data,
					     .b_bcount = (size_t)blocks * 512},
		.scsi_id = address.scsi_id,
		.lun_id = address.lun_id,
		.timeout_value = 30,
		.scsi_command = {.scsi_length = 10,
			.scsi_cdb = {0x28, 0, (uint8_t)(block >> 24), (uint8_t)(block >> 16),
				(uint8_t)(block >> 8), (uint8_t)block, 0, (uint8_t)(blocks >> 8),
				(uint8_t)blocks}}};
	return devstrat(&request->bufstruct);
}

/* Nanoseconds for each of so many reads; -1 on failure. */
static long measure(unsigned depth, unsigned blocks, unsigned count)
{
	static struct scsi_buf requests[MOST];
	char *data = xmalloc((size_t)depth * blocks * 512, 12, pinned_heap);
	int error = data != NULL ? 0 : ENOMEM;
	int64_t start = now();

	for (unsigned i = 0; i < count + depth && error == 0; i++) {
		unsigned place = i % depth;
		if (i >= depth)
			error = iowait(&requests[place].bufstruct);
		if (i < count && error == 0)
			error = begin(
				&requests[place], data + (size_t)place * blocks * 512, i, blocks);
	}
	int64_t took = now() - start;
	xmfree(data, pinned_heap);
	return error == 0 ? (long)(took / count) : -1;
}

static int bench_open(dev_t devno, unsigned long devflag, int chan, int ext)
{
	(void)devno, (void)devflag, (void)chan, (void)ext;
	return 0;
}

static int bench_read(dev_t devno, struct uio *uiop, int chan, int ext)
{
	struct file *adapter;
	char line[96];
	int error = fp_opendev((dev_t)dds->parent_devno, DREAD | DWRITE, chan, ext, &adapter);

	(void)devno;
	if (error != 0)
		return error;
	error = fp_ioctl(adapter, SCIOLSTART, &address, ext);
	if (error == 0) {
		measure(1, 8, 100);
		long one = measure(1, 8, 3000), many = measure(32, 8, 20000),
		     large = measure(1, 2048, 200);
		int length = snprintf(line, sizeof(line), "%ld %ld %ld\n", one, many, large);
		error = uiomove(line, (size_t)length, UIO_READ, uiop);
		fp_ioctl(adapter, SCIOLSTOP, &address, ext);
	}
	fp_close(adapter);
	return error;
}

static const struct devsw entry_points = {.d_open = bench_open, .d_read = bench_read};

static int bench_init(dev_t devno, void *device)
{
	dds = device;
	address.scsi_id = (uint64_t)text_dds_number(dds, "scsi_id", 0);
	address.lun_id = (uint64_t)text_dds_number(dds, "lun_id", 0);
	return device_publish(devno, dds->header.logical_name, 3, NULL);
}

static void *_Atomic devices[1];
static const struct driver driver = {.devices = devices,
	.limit = 1,
	.device_size = sizeof(struct text_dds),
	.dds_size = sizeof(struct text_dds),
	.check = text_dds_check,
	.entry_points = &entry_points,
	.init = bench_init};

DRIVER_ENTRY(driver)
