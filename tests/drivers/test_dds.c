#include "suite.h"

#include <stdbool.h>
#include <string.h>
#include <sys/dds.h>

static struct tmscsi_dds good(void)
{
	return (struct tmscsi_dds){
		.header = {TMSCSI_DDS_VERSION, sizeof(struct tmscsi_dds), "tmscsi0"},
		.adapter_name = "scsi0",
		.intr_priority = 3,
		.scsi_id = 6,
		.num_bufs = 16,
		.buf_size = 4096,
		.max_transfer = 65536};
}

START_TEST(a_good_structure_passes)
{
	struct tmscsi_dds dds = good();
	char reason[DDS_REASON];

	ck_assert(tmscsi_dds_check(&dds, sizeof(dds), reason));
}
END_TEST

START_TEST(version_length_and_name_are_checked)
{
	struct tmscsi_dds dds = good();
	char reason[DDS_REASON];

	ck_assert(!tmscsi_dds_check(&dds, sizeof(dds) - 1, reason));
	ck_assert(!vscsi_dds_check(&dds, sizeof(dds), reason));
	dds.header.version = 2;
	ck_assert(!tmscsi_dds_check(&dds, sizeof(dds), reason));
	ck_assert_str_eq(reason, "DDS version 2: not the driver's version");
	dds = good();
	dds.header.length--;
	ck_assert(!tmscsi_dds_check(&dds, sizeof(dds), reason));
	dds = good();
	memset(dds.header.logical_name, 'x', DDS_NAME);
	ck_assert(!tmscsi_dds_check(&dds, sizeof(dds), reason));
	dds = good();
	memset(dds.adapter_name, 'x', DDS_NAME);
	ck_assert(!tmscsi_dds_check(&dds, sizeof(dds), reason));
}
END_TEST

START_TEST(a_bad_value_is_named)
{
	char reason[DDS_REASON];
	struct tmscsi_dds dds = good();

	dds.intr_priority = 9;
	ck_assert(!tmscsi_dds_check(&dds, sizeof(dds), reason));
	ck_assert_str_eq(reason, "intr_priority 9: not an interrupt class");
	dds = good();
	dds.num_bufs = 15;
	ck_assert(!tmscsi_dds_check(&dds, sizeof(dds), reason));
	ck_assert_str_eq(reason, "num_bufs 15: outside 16-4096");
	dds = good();
	dds.buf_size = 4097;
	ck_assert(!tmscsi_dds_check(&dds, sizeof(dds), reason));
	dds = good();
	dds.low_water = 17;
	ck_assert(!tmscsi_dds_check(&dds, sizeof(dds), reason));
}
END_TEST

START_TEST(a_reason_has_the_bounds_with_their_unit)
{
	char reason[DDS_REASON];
	struct scdisk_dds disk = {
		.header = {SCDISK_DDS_VERSION, sizeof(struct scdisk_dds), "hdisk0"},
		.adapter_name = "scsi0",
		.queue_depth = 1,
		.rw_timeout = 601,
		.max_transfer = 4096};

	ck_assert(!scdisk_dds_check(&disk, sizeof(disk), reason));
	ck_assert_str_eq(reason, "rw_timeout 601: outside 1-600 seconds");
	disk.rw_timeout = 600;
	ck_assert(scdisk_dds_check(&disk, sizeof(disk), reason));
	disk.max_transfer = 4095;
	ck_assert(!scdisk_dds_check(&disk, sizeof(disk), reason));
	ck_assert_str_eq(reason, "max_xfer_size 4095: outside 4096-16777216");
}
END_TEST

SUITE_MAIN("dds", a_good_structure_passes, version_length_and_name_are_checked,
	a_bad_value_is_named, a_reason_has_the_bounds_with_their_unit)
