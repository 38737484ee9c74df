/*
 * The device dependent structure of drivers that have no layout of their own: every attribute of
 * the device and of its parent, as text. The Configure method cfgleaf builds it for any driver that
 * it does not know.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/dds.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TEXT_DDS_VERSION 1
#define TEXT_DDS_ROOM 8192
struct text_dds {
	struct dds_header header;
	char parent[DDS_NAME]; /* logical name, "" for none */
	uint64_t parent_devno; /* 0: the parent has no driver */
	/*
	 * Lines "attribute=value", the parent's "parent.attribute=value"; ends with a NUL. An
	 * attribute that adds has a line for each value, and one without a value when it has none.
	 */
	char text[TEXT_DDS_ROOM];
};

/* Whether what a driver received is one: a check as those of <sys/dds.h>. */
static inline bool text_dds_check(const void *received, size_t length, char reason[DDS_REASON])
{
	const struct text_dds *dds = (const struct text_dds *)received;

	if (length == sizeof(*dds) && dds->header.version == TEXT_DDS_VERSION &&
		memchr(dds->header.logical_name, '\0', DDS_NAME) != NULL &&
		memchr(dds->parent, '\0', DDS_NAME) != NULL &&
		memchr(dds->text, '\0', TEXT_DDS_ROOM) != NULL)
		return true;
	snprintf(reason, DDS_REASON, "not a text DDS");
	return false;
}

/* The first value of an attribute, which ends with its line; NULL when it is not there. */
static inline const char *text_dds_find(const struct text_dds *dds, const char *attribute)
{
	size_t length = strlen(attribute);

	for (const char *line = dds->text; line != NULL && *line != '\0';
		line = (line = strchr(line, '\n')) != NULL ? line + 1 : NULL)
		if (strncmp(line, attribute, length) == 0 && line[length] == '=')
			return line + length + 1;
	return NULL;
}

/* The same as a number; `missing` when it is not there, or no number. */
static inline long text_dds_number(const struct text_dds *dds, const char *attribute, long missing)
{
	const char *value = text_dds_find(dds, attribute);
	char *end = NULL;
	long number = value != NULL ? strtol(value, &end, 0) : 0;

	return end == NULL || end == value || (*end != '\n' && *end != '\0') ? missing : number;
}

#ifdef __cplusplus
}
#endif
