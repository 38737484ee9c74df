/* The members of an object's C structure. */
#include "odm_private.h"

#include <limits.h>

static const char *place_of(const struct ClassElem *elem, const void *object)
{
	return (const char *)object + elem->offset;
}

const char *member_string(const struct ClassElem *elem, const void *object)
{
	const char *place = place_of(elem, object);

	if (elem->type == ODM_LINK)
		return ((const struct link_members *)(const void *)place)->value;
	if (elem->type != ODM_VCHAR)
		return place;
	const char *string;
	memcpy(&string, place, sizeof(string));
	return string != NULL ? string : "";
}

long long member_integer(const struct ClassElem *elem, const void *object)
{
	const char *place = place_of(elem, object);
	short as_short;
	int as_int;
	long long as_long;

	switch (elem->type) {
	case ODM_SHORT:
		memcpy(&as_short, place, sizeof(as_short));
		return as_short;
	case ODM_LONG:
		memcpy(&as_int, place, sizeof(as_int));
		return as_int;
	default:
		memcpy(&as_long, place, sizeof(as_long));
		return as_long;
	}
}

bool member_set_string(const struct ClassElem *elem, void *object, const char *value, size_t length)
{
	char *place = (char *)object + elem->offset;

	if (elem->type == ODM_VCHAR) {
		char *copy = strndup(value, length);
		memcpy(place, &copy, sizeof(copy));
		return copy != NULL;
	}
	if (elem->type == ODM_LINK)
		place = ((struct link_members *)(void *)place)->value;
	size_t room = (size_t)elem->size - (elem->type == ODM_BINARY ? 0 : 1);
	if (length > room)
		return false;
	memset(place, 0, (size_t)elem->size);
	memcpy(place, value, length);
	return true;
}

bool member_set_integer(const struct ClassElem *elem, void *object, long long value)
{
	char *place = (char *)object + elem->offset;
	short as_short = (short)value;
	int as_int = (int)value;

	switch (elem->type) {
	case ODM_SHORT:
		memcpy(place, &as_short, sizeof(as_short));
		return as_short == value;
	case ODM_LONG:
		memcpy(place, &as_int, sizeof(as_int));
		return as_int == value;
	default:
		memcpy(place, &value, sizeof(value));
		return true;
	}
}

LIBODM_API void odm_free_members(CLASS_SYMBOL class_symbol, void *object)
{
	for (int i = 0; i < class_symbol->nelem; i++) {
		if (class_symbol->elem[i].type != ODM_VCHAR)
			continue;
		char **member = (char **)(void *)((char *)object + class_symbol->elem[i].offset);
		free(*member);
		*member = NULL;
	}
}

int object_from_row(CLASS_SYMBOL symbol, sqlite3_stmt *row, void *object)
{
	memset(object, 0, (size_t)symbol->structsize);
	((struct object_head *)object)->_id = (long)sqlite3_column_int64(row, 0);
	for (int i = 0; i < symbol->nelem; i++) {
		const struct ClassElem *elem = &symbol->elem[i];
		bool stored;
		if (elem_is_string(elem)) {
			const char *value = (const char *)sqlite3_column_text(row, i + 1);
			size_t length = (size_t)sqlite3_column_bytes(row, i + 1);
			stored = member_set_string(elem, object, value ? value : "", length);
		} else {
			stored = member_set_integer(elem, object, sqlite3_column_int64(row, i + 1));
		}
		if (!stored) {
			odm_free_members(symbol, object);
			return odm_fail(ODMI_INVALID_CLASS);
		}
	}
	return 0;
}
