/* Where a DDS takes its values from: the attributes of a device and of its parent. */
#pragma once

#include <sys/dds.h>

#include "attribute_set.h"

/*
 * The first failure is kept: a builder reads all it needs and looks at `code` once. Each device's
 * attributes are read when the first of them is asked for.
 */
struct dds_source {
	const struct device *device;
	const struct attribute_changes *changes; /* of this device, or NULL */
	struct method_output *output;
	int code; /* E_OK, or what failed */
	/* The source's own. */
	struct device *parent; /* NULL until it is asked for */
	struct attribute_set own, parents;
	bool has_own, has_parents; /* were read */
};
void dds_source_release(struct dds_source *source);

/* The device's parent, valid as long as the source; NULL when the code is not E_OK. */
const struct device *source_parent(struct dds_source *source);

/* The attributes of either, valid as long as the source; NULL when the code is not E_OK. */
const struct attribute_set *source_attributes(struct dds_source *source, enum dds_owner owner);

/*
 * Adds the values of an attribute that adds, to the list of value_list.h: of the device those that
 * a change is about to give, of the parent those that it runs with, else the stored ones. False
 * without memory.
 */
bool source_values(struct dds_source *source, enum dds_owner owner, const char *attribute,
	struct attribute_changes *values);

/*
 * The one value of an attribute: of the device what a change is about to give, of the parent what
 * it runs with, else the stored one. It fits in a room of `size` bytes and is valid as long as the
 * source. NULL when it is longer, with E_BADATTR; when there is none, with E_NOATTR; or when the
 * code is not E_OK.
 */
const char *source_text(
	struct dds_source *source, enum dds_owner owner, const char *attribute, size_t size);

/* The same as a number, 0 with E_BADATTR when it is none; copied to the room. */
uint32_t source_number(struct dds_source *source, enum dds_owner owner, const char *attribute);
void source_copy(struct dds_source *source, enum dds_owner owner, const char *attribute, char *room,
	size_t size);

/* Fills in the fields of a DDS whose description names an attribute, the parent's first. */
void source_fill(struct dds_source *source, const struct dds_layout *layout, void *dds);
