/*
 * Listings of devices: columns of CuDv and PdDv, and description, status and physloc. For commands.
 */
#pragma once

#include "cfgmethods/device.h"
#include "cfgmethods/physical.h"
#include "listing.h"

#define CUSTOMIZED_COLUMNS "name status location description"
#define PREDEFINED_COLUMNS "class type subclass description"

/* Where a cell comes from: a member of CuDv or PdDv, or with neither the description. */
struct device_column {
	const struct ClassElem *customized, *predefined;
	bool physical; /* the physical location, where there is one */
};
struct device_columns {
	struct device_column list[TABLE_COLUMNS];
	int count;
	struct physical_places *places; /* NULL when they are in no column */
};
void device_columns_release(struct device_columns *columns);

/*
 * Finds the format's columns: of CuDv, if the listing is of devices, and PdDv; description and
 * physloc, the location code of what has no physical location. False with a message for one that
 * does not exist. device_columns_release it in any case.
 */
bool device_columns_read(
	struct device_columns *columns, const struct format *format, bool customized);

/*
 * Adds a row. description: the type's, NULL to look it up. False without memory.
 */
bool device_table_add(struct table *table, const struct device_columns *columns,
	const struct device *device, const char *description);

/* The device's physical location code, or else its location code; in a room of PHYSICAL_LOCATION.
 */
void device_place(struct physical_places *places, const struct CuDv *device, char *room);

/* A descriptor's value as text in the room: false when the class has no such descriptor. */
bool descriptor_text(
	CLASS_SYMBOL symbol, const char *name, const void *object, char *room, size_t size);

/* The predefined types with their descriptions, read once for listings of many devices. */
struct device_types {
	struct PdDv *list;
	struct listinfo info;
	char **descriptions; /* NULL until it is wanted */
	int last; /* found: devices of a type come together */
};
void device_types_release(struct device_types *types);

/* False with a message. */
bool device_types_read(struct device_types *types);

/*
 * The type, NULL when there is none; it stays the list's. Its description goes to *description,
 * NULL without memory.
 */
const struct PdDv *device_types_find(
	struct device_types *types, const char *uniquetype, const char **description);
