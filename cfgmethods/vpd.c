/* Records of vital product data: made, read, named, and stored in CuVPD. */
#include "vpd.h"

bool vpd_append(struct text *text, const char *keyword, const char *value)
{
	size_t length = strlen(value), padded = length + length % 2;

	if (strlen(keyword) != 2 || length > VPD_VALUE)
		return false;
	text_printf(text, "*%s%c%s%s", keyword, (int)(padded + 4) / 2, value,
		padded > length ? " " : "");
	return !text->failed;
}

/* The value's length by its length byte, -1 when that makes no sense. */
static int counted_length(const char *record)
{
	int total = 2 * (int)(unsigned char)record[3];

	if (total < 4 || strnlen(record, (size_t)total) < (size_t)total ||
		(record[total] != '\0' && record[total] != '*'))
		return -1;
	return total - 4;
}

bool vpd_next(const char **place, struct vpd_record *record)
{
	const char *start = strchr(*place, '*');

	if (start == NULL || strlen(start) < 3)
		return false;
	memcpy(record->keyword, start + 1, 2);
	record->keyword[2] = '\0';
	int length = start[3] != '\0' ? counted_length(start) : -1;
	record->value = start + (length >= 0 ? 4 : 3);
	record->length = length >= 0 ? length : (int)strcspn(record->value, "*");
	*place = record->value + record->length;
	return true;
}

char *vpd_heading(const char *vpd)
{
	const char *first = strchr(vpd, '*');

	return strndup(vpd, first != NULL ? (size_t)(first - vpd) : 0);
}

const char *vpd_label(const char *keyword)
{
	static const struct {
		const char *keyword, *label;
	} labels[] = {
		{"BR", "Brand"},
		{"CC", "Customer Card ID Number"},
		{"CE", "CCIN Extender"},
		{"DC", "Device Code"},
		{"DD", "Device Driver Level"},
		{"DG", "Diagnostic Level"},
		{"DL", "Diagnostic Level"},
		{"DS", "Displayable Message"},
		{"EC", "EC Level"},
		{"FC", "Feature Code/Marketing ID"},
		{"FG", "Flag Field"},
		{"FN", "FRU Number"},
		{"LL", "Load ID"},
		{"LO", "Location"},
		{"MF", "Manufacturer"},
		{"NA", "Network Address"},
		{"PN", "Part Number"},
		{"RK", "Rack Serial Number"},
		{"RL", "ROS Level and ID"},
		{"RM", "ROM Level.(alterable)"},
		{"RN", "Record Name"},
		{"SE", "Machine/Cabinet Serial No"},
		{"SN", "Serial Number"},
		{"SU", "System Unique ID (SUID)"},
		{"SZ", "Size"},
		{"TM", "Machine Type and Model"},
		{"VK", "Version"},
		{"WN", "World Wide Port Name"},
		{"YL", "Hardware Location Code"},
		{"ZA", "Microcode Level"},
	};

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (strcmp(labels[i].keyword, keyword) == 0)
			return labels[i].label;
	return NULL;
}

int vpd_store(const char *device, const char *vpd)
{
	struct CuVPD object = {.vpd_type = HW_VPD}, stored;
	if (vpd == NULL)
		return 0;

	int found =
		find_object(CuVPD_CLASS, &stored, "name = %s AND vpd_type = %d", device, HW_VPD);
	if (found < 0 || !copy_text(object.name, sizeof(object.name), device) ||
		!copy_text(object.vpd, sizeof(object.vpd), vpd))
		return -1;
	if (found == 0)
		return odm_add_obj(CuVPD_CLASS, &object) < 0 ? -1 : 0;
	object._id = stored._id;
	return strcmp(stored.vpd, vpd) == 0 ? 0 : odm_change_obj(CuVPD_CLASS, &object);
}
