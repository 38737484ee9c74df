/* Cells of device listings, by descriptors of CuDv and PdDv. */
#include "device_table.h"

#include <stddef.h>
#include <string.h>

#include "base/message.h"
#include "cfgmethods/schema.h"

static const struct ClassElem *find_elem(CLASS_SYMBOL symbol, const char *name)
{
	for (int i = 0; i < symbol->nelem; i++)
		if (strcmp(symbol->elem[i].elemname, name) == 0)
			return &symbol->elem[i];
	return NULL;
}

/* A member's value as text in the room. */
static void elem_text(const struct ClassElem *elem, const void *object, char *room, size_t size)
{
	const char *member = (const char *)object + elem->offset;

	if (elem->type == ODM_SHORT)
		snprintf(room, size, "%d", *(const short *)(const void *)member);
	else if (elem->type == ODM_LINK)
		copy_text(room, size, ((const struct CuDv *)object)->PdDvLn_Lvalue);
	else if (elem->type == ODM_VCHAR)
		copy_text(room, size, *(const char *const *)(const void *)member);
	else
		copy_text(room, size, member);
}

bool descriptor_text(
	CLASS_SYMBOL symbol, const char *name, const void *object, char *room, size_t size)
{
	const struct ClassElem *elem = find_elem(symbol, name);

	if (elem == NULL)
		return false;
	elem_text(elem, object, room, size);
	return true;
}

static bool resolve(const char *name, bool customized, struct device_column *column)
{
	bool physical = customized && strcmp(name, "physloc") == 0;
	const char *stored = physical ? "location" : name;

	*column = (struct device_column){.physical = physical};
	if (strcmp(name, "description") == 0)
		return true;
	if (customized)
		column->customized = find_elem(CuDv_CLASS, stored);
	if (column->customized == NULL)
		column->predefined = find_elem(PdDv_CLASS, name);
	return column->customized != NULL || column->predefined != NULL;
}

bool device_columns_read(
	struct device_columns *columns, const struct format *format, bool customized)
{
	bool physical = false;

	columns->count = format->count;
	columns->places = NULL;
	for (int i = 0; i < format->count; i++) {
		if (!resolve(format->names[i], customized, &columns->list[i])) {
			message("there is no column '%s'", format->names[i]);
			return false;
		}
		physical = physical || columns->list[i].physical;
	}
	if (!physical)
		return true;
	columns->places = calloc(1, sizeof(*columns->places));
	if (columns->places != NULL && physical_places_read(columns->places) == 0)
		return true;
	message("the physical locations can't be read: %s",
		columns->places != NULL ? odm_error_text(odmerrno) : "there is not enough memory");
	return false;
}

void device_columns_release(struct device_columns *columns)
{
	if (columns->places != NULL)
		physical_places_release(columns->places);
	free(columns->places);
}

void device_place(struct physical_places *places, const struct CuDv *device, char *room)
{
	physical_place_find(places, device, room);
	if (*room == '\0')
		snprintf(room, PHYSICAL_LOCATION, "%s", device->location);
}

static bool add_place(
	struct table *table, struct physical_places *places, const struct CuDv *device)
{
	char room[PHYSICAL_LOCATION];

	device_place(places, device, room);
	return table_add(table, room);
}

static bool add_cell(struct table *table, const struct device_column *column,
	const struct device *device, const char *description)
{
	const struct ClassElem *elem =
		column->customized != NULL ? column->customized : column->predefined;
	const void *object = column->customized != NULL ? (const void *)&device->cudv
							: (const void *)&device->pddv;
	char room[300];

	if (elem == NULL && description != NULL)
		return table_add(table, description);
	if (elem == NULL) {
		AUTO_FREE char *text =
			message_text(device->pddv.catalog, device->pddv.setno, device->pddv.msgno);
		return text != NULL && table_add(table, text);
	}
	if (object == &device->cudv && elem->offset == (int)offsetof(struct CuDv, status))
		return table_add(table, device_status_name(device->cudv.status));
	if (elem->type == ODM_CHAR)
		return table_add(table, (const char *)object + elem->offset);
	elem_text(elem, object, room, sizeof(room));
	return table_add(table, room);
}

bool device_table_add(struct table *table, const struct device_columns *columns,
	const struct device *device, const char *description)
{
	for (int i = 0; i < columns->count; i++)
		if (columns->list[i].physical
				? !add_place(table, columns->places, &device->cudv)
				: !add_cell(table, &columns->list[i], device, description))
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
