/* machine.cfg: product data, physical location and platform of a device. */
#include "description.h"
#include "vpd.h"

/* Characters of a heading, and of a platform's texts. */
#define TEXT_LENGTH 255

static bool no_memory(struct description *description, const config_setting_t *where)
{
	return description_mistaken(description, where, "there is not enough memory");
}

static bool take_vpd(
	struct description *description, config_setting_t *list, struct text *text, char *physloc)
{
	if (!config_setting_is_group(list))
		return description_mistaken(description, list, "'vpd' is not a group in braces");
	for (int i = 0; i < config_setting_length(list); i++) {
		config_setting_t *member = config_setting_get_elem(list, (unsigned)i);
		const char *keyword = config_setting_name(member);
		AUTO_FREE char *value = description_scalar(member);
		if (value == NULL || !description_shown(value) || !vpd_append(text, keyword, value))
			return description_mistaken(description, member,
				"%s: a keyword is two characters, its value at most %d bytes",
				keyword, VPD_VALUE);
		/* Earlier machines had codes within the cabinet only, as P2/E1. */
		if (strcmp(keyword, "YL") == 0 && *value == 'U' && strlen(value) < PHYSICAL_OWN)
			strcpy(physloc, value);
	}
	if (text->length > VPD_LENGTH)
		return description_mistaken(
			description, list, "'vpd' is longer than %d bytes", VPD_LENGTH);
	return true;
}

/* A text of the group, to be freed; NULL when it is not there and need not be. */
static bool read_text(struct description *description, config_setting_t *group, const char *key,
	bool needed, char **text)
{
	config_setting_t *member = config_setting_get_member(group, key);

	*text = NULL;
	if (member == NULL)
		return !needed || description_mistaken(description, group, "'%s' is missing", key);
	AUTO_FREE char *value = description_scalar(member);
	if (value == NULL || strlen(value) > TEXT_LENGTH || !description_shown(value))
		return description_mistaken(description, member,
			"'%s' is no text of at most %d bytes that can be shown", key, TEXT_LENGTH);
	*text = TAKE(value);
	return true;
}

/* The heading is in front of the first record, whose asterisk it may not have. */
static bool read_vpd(
	struct description *description, config_setting_t *group, struct machine_device *device)
{
	config_setting_t *list = config_setting_get_member(group, "vpd");
	AUTO(text_release) struct text text = {0};
	AUTO_FREE char *heading = NULL;

	if (!read_text(description, group, "heading", false, &heading))
		return false;
	if (heading != NULL && (list == NULL || strchr(heading, '*') != NULL))
		return description_mistaken(description,
			config_setting_get_member(group, "heading"),
			"'heading' is a text without asterisks above a 'vpd'");
	if (list == NULL)
		return true;
	text_append(&text, heading != NULL ? heading : "");
	if (!take_vpd(description, list, &text, device->physloc))
		return false;
	device->vpd = text_take(&text);
	return device->vpd != NULL || no_memory(description, list);
}

/* ( "Record Name", "VSYS" ) */
static bool read_line(
	struct description *description, config_setting_t *pair, struct platform_line *line)
{
	bool is_pair = config_setting_is_list(pair) && config_setting_length(pair) == 2;

	if (is_pair) {
		line->label = description_scalar(config_setting_get_elem(pair, 0));
		line->value = description_scalar(config_setting_get_elem(pair, 1));
	}
	return (line->label != NULL && line->value != NULL && description_shown(line->label) &&
		       description_shown(line->value)) ||
	       description_mistaken(description, pair,
		       "a line is (\"Label\", \"value\"), texts that can be shown");
}

static bool read_part(
	struct description *description, config_setting_t *group, struct platform_part *part)
{
	static const char *const keys[] = {"heading", "lines", "physloc", NULL};
	config_setting_t *lines;

	if (!description_only_keys(description, group, keys) ||
		!read_text(description, group, "heading", true, &part->heading) ||
		!read_text(description, group, "physloc", true, &part->physloc) ||
		!description_list(description, group, "lines", sizeof(*part->lines), &lines,
			&part->lines, &part->line_count))
		return false;
	for (int i = 0; i < part->line_count; i++)
		if (!read_line(description, config_setting_get_elem(lines, (unsigned)i),
			    &part->lines[i]))
			return false;
	return true;
}

static bool fill_platform(
	struct description *description, config_setting_t *group, struct platform *platform)
{
	static const char *const keys[] = {"name", "model", "node", "device_type", "parts", NULL};
	config_setting_t *parts;

	if (!description_only_keys(description, group, keys) ||
		!read_text(description, group, "name", true, &platform->name) ||
		!read_text(description, group, "model", false, &platform->model) ||
		!read_text(description, group, "node", true, &platform->node) ||
		!read_text(description, group, "device_type", true, &platform->device_type) ||
		!description_list(description, group, "parts", sizeof(*platform->parts), &parts,
			&platform->parts, &platform->part_count))
		return false;
	for (int i = 0; i < platform->part_count; i++)
		if (!read_part(description, config_setting_get_elem(parts, (unsigned)i),
			    &platform->parts[i]))
			return false;
	return true;
}

static bool read_platform(
	struct description *description, config_setting_t *group, struct machine_device *device)
{
	config_setting_t *member = config_setting_get_member(group, "platform");

	if (member == NULL)
		return true;
	device->platform = calloc(1, sizeof(*device->platform));
	return device->platform != NULL ? fill_platform(description, member, device->platform)
					: no_memory(description, member);
}

bool description_product(
	struct description *description, config_setting_t *group, struct machine_device *device)
{
	return read_vpd(description, group, device) &&
	       (config_setting_get_member(group, "physloc") == NULL ||
		       description_word(description, group, "physloc", device->physloc,
			       sizeof(device->physloc))) &&
	       read_platform(description, group, device);
}
