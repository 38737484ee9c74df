/* Reading machine.cfg: libconfig settings with their mistakes. */
#pragma once

#include <libconfig.h>

#include "cfg_private.h"
#include "machine.h"

/* A description being read; the first mistake is kept. */
struct description {
	const char *path;
	char *mistake;
};

/* Notes a mistake with file and line; returns false. */
bool description_mistaken(struct description *description, const config_setting_t *where,
	const char *format, ...) PRINTF_LIKE(3, 4);

/* Whether a group has no other keys than those of the list, which ends with NULL. */
bool description_only_keys(
	struct description *description, config_setting_t *group, const char *const *keys);

bool description_number(struct description *description, config_setting_t *group, const char *key,
	long low, long high, long *value);

/* The text of a scalar setting, of a number as it is written, to be freed; NULL of anything else.
 */
char *description_scalar(config_setting_t *member);

/* Whether a text can be shown. */
bool description_shown(const char *text);

/* A text of at least one byte that fits the room, and that can be shown. */
bool description_string(struct description *description, config_setting_t *group, const char *key,
	char *room, size_t size);

/* The same of a connection, a location or a type: device_word_valid. */
bool description_word(struct description *description, config_setting_t *group, const char *key,
	char *room, size_t size);

/* The members of a list, and room for each; *list NULL and 0 when the group has no such list. */
bool description_list(struct description *description, config_setting_t *group, const char *key,
	size_t size, config_setting_t **list, void *room, int *count);

/* The group's `values`: attributes that the device has from the start. */
bool description_values(
	struct description *description, config_setting_t *group, struct attribute_changes *values);

/*
 * What the group says of the product: `vpd` with its `heading`, `physloc`, which is the vpd's YL
 * when it is not there, and `platform`.
 */
bool description_product(
	struct description *description, config_setting_t *group, struct machine_device *device);

/* The buses, and the devices that they are to the methods. */
bool description_buses(
	struct description *description, config_setting_t *root, struct machine *machine);

/* The devices of the list `devices`, and those below them. */
bool description_devices(struct description *description, config_setting_t *group,
	struct machine_device **devices, int *count);
