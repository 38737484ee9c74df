#include "device_table.h"

#include <string.h>

#include "base/message.h"
#include "cfgmethods/schema.h"

/* A descriptor's value as text in the room, false when the class has no such descriptor. */
static bool descriptor_text(
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
static bool add_cell(struct table *table, const char *column, const struct device *device)
{
	char room[300];

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

bool device_table_add(struct table *table, const struct format *format, const struct device *device)
{
	for (int i = 0; i < format->count; i++)
		if (!add_cell(table, format->names[i], device))
			return false;
	return true;
}
