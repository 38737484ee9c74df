#include <sys/dds.h>

#include <stdio.h>
#include <string.h>

static bool refuse(
	char reason[DDS_REASON], const char *attribute, unsigned long long value, const char *cause)
{
	snprintf(reason, DDS_REASON, "%s %llu: %s", attribute, value, cause);
	return false;
}

static bool check_header(const struct dds_header *header, size_t length, uint32_t version,
	size_t expected, char reason[DDS_REASON])
{
	if (length != expected)
		return refuse(reason, "DDS length", length, "not this driver's structure");
	if (header->version != version)
		return refuse(reason, "DDS version", header->version, "not the driver's version");
	if (header->length != expected)
		return refuse(
			reason, "DDS length field", header->length, "not the structure's size");
	if (header->logical_name[0] == '\0' ||
		memchr(header->logical_name, '\0', DDS_NAME) == NULL) {
		snprintf(reason, DDS_REASON, "logical name: empty or not terminated");
		return false;
	}
	return true;
}

static bool check_text(const char *attribute, const char *text, size_t size, char *reason)
{
	if (text[0] != '\0' && memchr(text, '\0', size) != NULL)
		return true;
	snprintf(reason, DDS_REASON, "%s: empty or not terminated", attribute);
	return false;
}

/* One attribute's allowed values. */
struct range {
	const char *attribute;
	uint64_t value, low, high;
	const char *cause;
};

static bool check_ranges(const struct range *ranges, size_t count, char reason[DDS_REASON])
{
	for (size_t i = 0; i < count; i++) {
		const struct range *range = &ranges[i];
		if (range->value < range->low || range->value > range->high)
			return refuse(reason, range->attribute, range->value, range->cause);
	}
	return true;
}
#define CHECK_RANGES(ranges, reason) check_ranges(ranges, sizeof(ranges) / sizeof(*ranges), reason)

bool vbus_dds_check(const void *bytes, size_t length, char reason[DDS_REASON])
{
	const struct vbus_dds *dds = bytes;

	if (!check_header(&dds->header, length, VBUS_DDS_VERSION, sizeof(*dds), reason) ||
		!check_text("bus memory", dds->memory, sizeof(dds->memory), reason))
		return false;
	if (dds->disk_count > DDS_DISKS)
		return refuse(reason, "disk count", dds->disk_count, "more than a bus can hold");

	for (uint32_t i = 0; i < dds->disk_count; i++) {
		const struct vbus_disk *disk = &dds->disks[i];
		const struct range ranges[] = {
			{"disk scsi_id", disk->scsi_id, 0, 7, "not a SCSI ID"},
			{"disk lun", disk->lun, 0, 7, "not a LUN"},
			{"disk size", disk->size % 512, 0, 0, "bytes beyond whole blocks of 512"},
			{"disk size", disk->size, 512, UINT64_C(512) << 32,
				"outside 1-2^32 blocks"},
		};
		if (!CHECK_RANGES(ranges, reason) ||
			!check_text("disk file", disk->file, sizeof(disk->file), reason) ||
			!check_text("disk serial", disk->serial, sizeof(disk->serial), reason))
			return false;
	}
	return true;
}

bool vscsi_dds_check(const void *bytes, size_t length, char reason[DDS_REASON])
{
	const struct vscsi_dds *dds = bytes;

	if (!check_header(&dds->header, length, VSCSI_DDS_VERSION, sizeof(*dds), reason) ||
		!check_text("bus memory", dds->bus_memory, sizeof(dds->bus_memory), reason))
		return false;

	const struct range ranges[] = {
		{"intr_priority", dds->intr_priority, 0, 3, "not an interrupt class"},
		{"bus_intr_lvl", dds->bus_intr_lvl, 0, 255, "not an interrupt level"},
		{"id", dds->scsi_id, 0, 7, "not a SCSI ID"},
		{"num_cmd_elems", dds->num_cmd_elems, 1, 128, "outside 1-128"},
		{"max_xfer_size", dds->max_transfer, 4096, 16777216, "outside 4096-16777216"},
		{"tm", dds->target_mode, 0, 1, "neither yes nor no"},
	};
	return CHECK_RANGES(ranges, reason);
}

bool tmscsi_dds_check(const void *bytes, size_t length, char reason[DDS_REASON])
{
	const struct tmscsi_dds *dds = bytes;

	if (!check_header(&dds->header, length, TMSCSI_DDS_VERSION, sizeof(*dds), reason) ||
		!check_text("adapter name", dds->adapter_name, sizeof(dds->adapter_name), reason))
		return false;

	const struct range ranges[] = {
		{"intr_priority", dds->intr_priority, 0, 3, "not an interrupt class"},
		{"scsi_id", dds->scsi_id, 0, 7, "not a SCSI ID"},
		{"lun", dds->lun, 0, 0, "target mode has LUN 0 only"},
		{"num_bufs", dds->num_bufs, TMSCSI_MIN_BUFS, TMSCSI_MAX_BUFS, "outside 16-4096"},
		{"buf_size", dds->buf_size, 128, TMSCSI_MAX_BUF_SIZE, "outside 128-4096"},
		{"low_water", dds->low_water, 0, dds->num_bufs, "more than num_bufs"},
		{"max_xfer_size", dds->max_transfer, 4096, 16777216, "outside 4096-16777216"},
	};
	return CHECK_RANGES(ranges, reason);
}

bool scdisk_dds_check(const void *bytes, size_t length, char reason[DDS_REASON])
{
	const struct scdisk_dds *dds = bytes;

	if (!check_header(&dds->header, length, SCDISK_DDS_VERSION, sizeof(*dds), reason) ||
		!check_text("adapter name", dds->adapter_name, sizeof(dds->adapter_name), reason))
		return false;

	const struct range ranges[] = {
		{"intr_priority", dds->intr_priority, 0, 3, "not an interrupt class"},
		{"scsi_id", dds->scsi_id, 0, 7, "not a SCSI ID"},
		{"lun", dds->lun, 0, 7, "not a LUN"},
		{"rw_timeout", dds->rw_timeout, 1, 600, "outside 1-600 seconds"},
		{"max_xfer_size", dds->max_transfer, 4096, 16777216, "outside 4096-16777216"},
	};
	return CHECK_RANGES(ranges, reason);
}

bool sdidisk_dds_check(const void *bytes, size_t length, char reason[DDS_REASON])
{
	const struct sdidisk_dds *dds = bytes;

	if (!check_header(&dds->header, length, SDIDISK_DDS_VERSION, sizeof(*dds), reason) ||
		!check_text("adapter name", dds->adapter_name, sizeof(dds->adapter_name), reason))
		return false;

	const struct range ranges[] = {
		{"intr_priority", dds->intr_priority, 0, 3, "not an interrupt class"},
		{"scsi_id", dds->scsi_id, 0, 7, "not a SCSI ID"},
		{"lun", dds->lun, 0, 7, "not a LUN"},
	};
	return CHECK_RANGES(ranges, reason);
}
