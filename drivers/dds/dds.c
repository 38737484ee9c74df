/* What the fields of each DDS are, for methods and drivers alike, and the checks made of that. */
#include <sys/dds.h>

#include <stdio.h>
#include <string.h>

#define DISK_BLOCK UINT64_C(512) /* bytes */

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

static bool check_text(const struct dds_field *field, const char *text, char reason[DDS_REASON])
{
	if (text[0] != '\0' && memchr(text, '\0', field->text) != NULL)
		return true;
	snprintf(reason, DDS_REASON, "%s: empty or not terminated", field->name);
	return false;
}

static uint32_t number_at(const void *base, size_t offset)
{
	uint32_t number;

	memcpy(&number, (const char *)base + offset, sizeof(number));
	return number;
}

static bool check_number(const struct dds_field *field, const void *base, char reason[DDS_REASON])
{
	uint32_t value = number_at(base, field->offset);
	char outside[64];

	if (value >= field->low && value <= field->high &&
		(field->limit == 0 || value <= number_at(base, field->limit)))
		return true;
	snprintf(outside, sizeof(outside), "outside %u-%u%s%s", field->low, field->high,
		field->unit != NULL ? " " : "", field->unit != NULL ? field->unit : "");
	return refuse(
		reason, field->name, value, field->mistake != NULL ? field->mistake : outside);
}

static bool check_fields(
	const struct dds_field *fields, size_t count, const void *base, char reason[DDS_REASON])
{
	for (size_t i = 0; i < count; i++)
		if (fields[i].text > 0 ? !check_text(&fields[i],
						 (const char *)base + fields[i].offset, reason)
				       : !check_number(&fields[i], base, reason))
			return false;
	return true;
}

static bool check(
	const struct dds_layout *layout, const void *dds, size_t length, char reason[DDS_REASON])
{
	return check_header(dds, length, layout->version, layout->length, reason) &&
	       check_fields(layout->fields, layout->field_count, dds, reason);
}

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Where a field is, beginning with its name in reasons. */
#define NUMBER(structure, member, name) name, offsetof(struct structure, member), .text = 0
#define TEXT(structure, member, name)                                                              \
	{                                                                                          \
		name, offsetof(struct structure, member),                                          \
			.text = sizeof(((struct structure *)0)->member)                            \
	}

/* Values of several structures. */
#define INTERRUPT_CLASS .low = 0, .high = 3, .mistake = "not an interrupt class"
#define SCSI_ID .low = 0, .high = 7, .mistake = "not a SCSI ID"
/* Of a disk on any adapter: the adapter knows which of them it has. */
#define ANY_ID .low = 0, .high = 255, .mistake = "not a SCSI ID"
#define ANY_LUN .low = 0, .high = 65535, .mistake = "not a LUN"
#define LUN .low = 0, .high = 7, .mistake = "not a LUN"
#define TRANSFER .low = 4096, .high = 16777216
#define FROM(name) .attribute = name
#define FROM_PARENT(name) .attribute = name, .owner = DDS_PARENTS

static const struct dds_field vbus_fields[] = {
	TEXT(vbus_dds, memory, "bus memory"),
	{NUMBER(vbus_dds, disk_count, "disk count"), .low = 0, .high = DDS_DISKS,
		.mistake = "more than a bus can hold"},
};
static const struct dds_field disk_fields[] = {
	{NUMBER(vbus_disk, scsi_id, "disk scsi_id"), SCSI_ID},
	{NUMBER(vbus_disk, lun, "disk lun"), LUN},
	TEXT(vbus_disk, file, "disk file"),
	TEXT(vbus_disk, serial, "disk serial"),
};
static const struct dds_field vscsi_fields[] = {
	TEXT(vscsi_dds, bus_memory, "bus memory"),
	{NUMBER(vscsi_dds, intr_priority, "intr_priority"), INTERRUPT_CLASS, FROM("intr_priority")},
	{NUMBER(vscsi_dds, bus_intr_lvl, "bus_intr_lvl"), .low = 0, .high = 255,
		.mistake = "not an interrupt level", FROM("bus_intr_lvl")},
	{NUMBER(vscsi_dds, scsi_id, "id"), SCSI_ID, FROM("id")},
	{NUMBER(vscsi_dds, num_cmd_elems, "num_cmd_elems"), .low = 1, .high = 128,
		FROM("num_cmd_elems")},
	{NUMBER(vscsi_dds, max_transfer, "max_xfer_size"), TRANSFER, FROM("max_xfer_size")},
	{NUMBER(vscsi_dds, target_mode, "tm"), .low = 0, .high = 1, .mistake = "neither yes nor no",
		FROM("tm"), .yes = true},
};
static const struct dds_field tmscsi_fields[] = {
	TEXT(tmscsi_dds, adapter_name, "adapter name"),
	{NUMBER(tmscsi_dds, intr_priority, "intr_priority"), INTERRUPT_CLASS,
		FROM_PARENT("intr_priority")},
	{NUMBER(tmscsi_dds, scsi_id, "scsi_id"), SCSI_ID, FROM("scsi_id")},
	{NUMBER(tmscsi_dds, lun, "lun"), .low = 0, .high = 0,
		.mistake = "target mode has LUN 0 only", FROM("lun_id")},
	{NUMBER(tmscsi_dds, num_bufs, "num_bufs"), .low = TMSCSI_MIN_BUFS, .high = TMSCSI_MAX_BUFS,
		FROM("num_bufs")},
	{NUMBER(tmscsi_dds, buf_size, "buf_size"), .low = 128, .high = TMSCSI_MAX_BUF_SIZE,
		FROM("buf_size")},
	{NUMBER(tmscsi_dds, low_water, "low_water"), .low = 0, .high = TMSCSI_MAX_BUFS,
		.limit = offsetof(struct tmscsi_dds, num_bufs), .mistake = "more than num_bufs",
		FROM("low_water")},
	{NUMBER(tmscsi_dds, max_transfer, "max_xfer_size"), TRANSFER, FROM_PARENT("max_xfer_size")},
};
static const struct dds_field scdisk_fields[] = {
	TEXT(scdisk_dds, adapter_name, "adapter name"),
	{NUMBER(scdisk_dds, intr_priority, "intr_priority"), INTERRUPT_CLASS,
		FROM_PARENT("intr_priority")},
	{NUMBER(scdisk_dds, scsi_id, "scsi_id"), ANY_ID, FROM("scsi_id")},
	{NUMBER(scdisk_dds, lun, "lun"), ANY_LUN, FROM("lun_id")},
	{NUMBER(scdisk_dds, rw_timeout, "rw_timeout"), .low = 1, .high = 600, .unit = "seconds",
		FROM("rw_timeout")},
	{NUMBER(scdisk_dds, max_transfer, "max_xfer_size"), TRANSFER, FROM_PARENT("max_xfer_size")},
	{NUMBER(scdisk_dds, queue_depth, "queue_depth"), .low = 1, .high = 256},
	{NUMBER(scdisk_dds, path_count, "paths"), .low = 0, .high = SCDISK_PATHS,
		.mistake = "more than a disk can have"},
};
static const struct dds_field path_fields[] = {
	{NUMBER(scdisk_path, scsi_id, "path's scsi_id"), ANY_ID},
	{NUMBER(scdisk_path, lun, "path's lun"), ANY_LUN},
};
static const struct dds_field sdidisk_fields[] = {
	TEXT(sdidisk_dds, adapter_name, "adapter name"),
	{NUMBER(sdidisk_dds, intr_priority, "intr_priority"), INTERRUPT_CLASS,
		FROM_PARENT("intr_priority")},
	{NUMBER(sdidisk_dds, scsi_id, "scsi_id"), SCSI_ID},
	{NUMBER(sdidisk_dds, lun, "lun"), LUN},
};

const struct dds_layout vbus_layout = {
	sizeof(struct vbus_dds), VBUS_DDS_VERSION, COUNT(vbus_fields), vbus_fields};
const struct dds_layout vscsi_layout = {
	sizeof(struct vscsi_dds), VSCSI_DDS_VERSION, COUNT(vscsi_fields), vscsi_fields};
const struct dds_layout tmscsi_layout = {
	sizeof(struct tmscsi_dds), TMSCSI_DDS_VERSION, COUNT(tmscsi_fields), tmscsi_fields};
const struct dds_layout scdisk_layout = {
	sizeof(struct scdisk_dds), SCDISK_DDS_VERSION, COUNT(scdisk_fields), scdisk_fields};
const struct dds_layout sdidisk_layout = {
	sizeof(struct sdidisk_dds), SDIDISK_DDS_VERSION, COUNT(sdidisk_fields), sdidisk_fields};

bool vbus_dds_check(const void *bytes, size_t length, char reason[DDS_REASON])
{
	const struct vbus_dds *dds = bytes;

	if (!check(&vbus_layout, bytes, length, reason))
		return false;
	for (uint32_t i = 0; i < dds->disk_count; i++) {
		const struct vbus_disk *disk = &dds->disks[i];
		if (!check_fields(disk_fields, COUNT(disk_fields), disk, reason))
			return false;
		if (disk->size % DISK_BLOCK != 0)
			return refuse(reason, "disk size", disk->size % DISK_BLOCK,
				"bytes beyond whole blocks of 512");
		if (disk->size < DISK_BLOCK || disk->size > DISK_BLOCK << 32)
			return refuse(reason, "disk size", disk->size, "outside 1-2^32 blocks");
	}
	return true;
}

bool vscsi_dds_check(const void *dds, size_t length, char reason[DDS_REASON])
{
	return check(&vscsi_layout, dds, length, reason);
}

bool tmscsi_dds_check(const void *dds, size_t length, char reason[DDS_REASON])
{
	return check(&tmscsi_layout, dds, length, reason);
}

bool scdisk_dds_check(const void *bytes, size_t length, char reason[DDS_REASON])
{
	const struct scdisk_dds *dds = bytes;

	if (!check(&scdisk_layout, bytes, length, reason))
		return false;
	for (uint32_t i = 0; i < dds->path_count; i++)
		if (!check_fields(path_fields, COUNT(path_fields), &dds->paths[i], reason))
			return false;
	return true;
}

bool sdidisk_dds_check(const void *dds, size_t length, char reason[DDS_REASON])
{
	return check(&sdidisk_layout, dds, length, reason);
}
