/* machine.cfg: the devices that are only described, with those below them. */
#include "description.h"

static bool read_device(
	struct description *description, config_setting_t *group, struct machine_device *device)
{
	static const char *const keys[] = {"type", "where", "location", "physloc", "values",
		"heading", "vpd", "platform", "devices", NULL};

	if (!description_only_keys(description, group, keys) ||
		!description_word(description, group, "type", device->type, sizeof(device->type)) ||
		!description_word(
			description, group, "where", device->where, sizeof(device->where)))
		return false;
	if (config_setting_get_member(group, "location") != NULL &&
		!description_word(
			description, group, "location", device->location, sizeof(device->location)))
		return false;
	return description_values(description, group, &device->values) &&
	       description_product(description, group, device) &&
	       description_devices(description, group, &device->devices, &device->device_count);
}

static int compare_places(const void *one, const void *other)
{
	const struct machine_device *const *first = one, *const *second = other;
	int order = strcmp((*first)->where, (*second)->where);

	return order != 0 ? order : strcmp((*first)->type, (*second)->type);
}

/* Two of one type can't be at one place. */
static bool check_places(struct description *description, config_setting_t *list,
	struct machine_device *devices, int count)
{
	AUTO_FREE struct machine_device **sorted = calloc((size_t)count + 1, sizeof(*sorted));
	if (sorted == NULL)
		return description_mistaken(description, list, "there is not enough memory");

	for (int i = 0; i < count; i++)
		sorted[i] = &devices[i];
	qsort(sorted, (size_t)count, sizeof(*sorted), compare_places);
	for (int i = 1; i < count; i++)
		if (compare_places(&sorted[i - 1], &sorted[i]) == 0)
			return description_mistaken(description,
				config_setting_get_elem(list, (unsigned)(sorted[i] - devices)),
				"two devices of type %s are both at %s", sorted[i]->type,
				sorted[i]->where);
	return true;
}

bool description_devices(struct description *description, config_setting_t *group,
	struct machine_device **devices, int *count)
{
	config_setting_t *list;

	if (!description_list(
		    description, group, "devices", sizeof(**devices), &list, devices, count))
		return false;
	for (int i = 0; i < *count; i++)
		if (!read_device(description, config_setting_get_elem(list, (unsigned)i),
			    &(*devices)[i]))
			return false;
	return *count == 0 || check_places(description, list, *devices, *count);
}
