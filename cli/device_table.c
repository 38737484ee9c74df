#include "device_table.h"

#include <string.h>

#include "base/message.h"
#include "cfgmethods/schema.h"

bool descriptor_text(
	CLASS_SYMBOL symbol, const char *name, const void *object, char *room, size_t size)
{
	for (int i = 0; i < symbol->nelem; i++) {
		const struct ClassElem *elem = &symbol->elem[i];
		const char *place = (const char *)object + elem->offset;
		if (strcmp(elem->elemname, name) != 0)
			continue;
		if (elem->type == ODM_SHORT)
			snprintf(room, size, "%d", *(const short *)(const void *)place);
		else if (elem->type == ODM_LINK)
			snprintf(room, size, "%s", ((const struct CuDv *)object)->PdDvLn_Lvalue);
		else if (elem->type == ODM_VCHAR)
			snprintf(room, size, "%s", *(const char *const *)(const void *)place);
		else
			snprintf(room, size, "%s", place);
		return true;
	}
	return false;
}

/* One cell. False without memory, or with a message for a column that does not exist. */
static bool add_cell(struct table *table, const char *column, const struct device *device,
	const char *description)
{
	char room[300];

	if (strcmp(column, "description") == 0 && description != NULL)
		return table_add(table, description);
	if (strcmp(column, "description") == 0) {
		AUTO_FREE char *text =
			message_text(device->pddv.catalog, device->pddv.setno, device->pddv.msgno);
		return text != NULL && table_add(table, text);
	}
	if (device->cudv.name[0] != '\0') {
		if (strcmp(column, "status") == 0)
			return table_add(table, device_status_name(device->cudv.status));
		if (strcmp(column, "physloc") == 0)
			return table_add(table, device->cudv.location);
		if (descriptor_text(CuDv_CLASS, column, &device->cudv, room, sizeof(room)))
			return table_add(table, room);
	}
	if (descriptor_text(PdDv_CLASS, column, &device->pddv, room, sizeof(room)))
		return table_add(table, room);
	message("there is no column '%s'", column);
	return false;
}

bool device_table_add(struct table *table, const struct format *format, const struct device *device,
	const char *description)
{
	for (int i = 0; i < format->count; i++)
		if (!add_cell(table, format->names[i], device, description))
			return false;
	return true;
}

void device_types_release(struct device_types *types)
{
	for (int i = 0; types->descriptions != NULL && i < types->info.num; i++)
		free(types->descriptions[i]);
	free(types->descriptions);
	if (types->list != NULL)
		odm_free_list(types->list, &types->info);
}

bool device_types_read(struct device_types *types)
{
	struct PdDv *list = get_PdDv_list(PdDv_CLASS, NULL, &types->info, 64, 1);

	if (list == ODM_FAILED) {
		message("the device types can't be read: %s", odm_error_text(odmerrno));
		return false;
	}
	types->list = list;
	types->descriptions = calloc((size_t)types->info.num + 1, sizeof(char *));
	return types->descriptions != NULL;
}

static bool is_type(const struct device_types *types, int i, const char *uniquetype)
{
	return i < types->info.num && strcmp(types->list[i].uniquetype, uniquetype) == 0;
}

const struct PdDv *device_types_find(
	struct device_types *types, const char *uniquetype, const char **description)
{
	int found = is_type(types, types->last, uniquetype) ? types->last : 0;

	*description = NULL;
	while (found < types->info.num && !is_type(types, found, uniquetype))
		found++;
	if (found == types->info.num)
		return NULL;
	const struct PdDv *type = &types->list[found];
	types->last = found;
	if (types->descriptions[found] == NULL)
		types->descriptions[found] = message_text(type->catalog, type->setno, type->msgno);
	*description = types->descriptions[found];
	return type;
}
