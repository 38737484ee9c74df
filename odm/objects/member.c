/* The members of an object's C structure: read, set and freed by their descriptors. */
#include <errno.h>
#include <odmx.h>
#include <stdlib.h>
#include <string.h>

#include "objects/objects.h"

static const char *address_of(const struct ClassElem *elem, const void *object)
{
	return (const char *)object + elem->offset;
}

const char *member_string(const struct ClassElem *elem, const void *object)
{
	const char *address = address_of(elem, object);

	if (elem->type == ODM_LINK)
		return ((const struct link_members *)(const void *)address)->value;
	if (elem->type != ODM_VCHAR)
		return address;
	const char *string;
	memcpy(&string, address, sizeof(string));
	return string != NULL ? string : "";
}

static long long member_integer(const struct ClassElem *elem, const void *object)
{
	const char *address = address_of(elem, object);
	short as_short;
	int as_int;
	long long as_long;

	switch (elem->type) {
	case ODM_SHORT:
		memcpy(&as_short, address, sizeof(as_short));
		return as_short;
	case ODM_LONG:
		memcpy(&as_int, address, sizeof(as_int));
		return as_int;
	default:
		memcpy(&as_long, address, sizeof(as_long));
		return as_long;
	}
}

struct member_value member_value(const struct ClassElem *elem, const void *object)
{
	struct member_value value = {.type = SQLITE_INTEGER};

	if (!elem_is_string(elem)) {
		value.integer = member_integer(elem, object);
		return value;
	}
	value.bytes = member_string(elem, object);
	value.type = elem->type == ODM_BINARY ? SQLITE_BLOB : SQLITE_TEXT;
	if (elem->type == ODM_BINARY)
		value.length = elem->size;
	else if (elem->type == ODM_VCHAR)
		value.length = (int)strlen(value.bytes);
	else
		value.length = (int)strnlen(value.bytes, (size_t)elem->size - 1);
	return value;
}

int member_value_bind(const struct member_value *value, sqlite3_stmt *statement, int parameter)
{
	if (value->type == SQLITE_INTEGER)
		return sqlite3_bind_int64(statement, parameter, value->integer);
	if (value->type == SQLITE_BLOB)
		return sqlite3_bind_blob(
			statement, parameter, value->bytes, value->length, SQLITE_STATIC);
	return sqlite3_bind_text(statement, parameter, value->bytes, value->length, SQLITE_STATIC);
}

bool member_value_equals(const struct member_value *value, sqlite3_stmt *row, int column)
{
	if (value->type != sqlite3_column_type(row, column))
		return false;
	if (value->type == SQLITE_INTEGER)
		return value->integer == sqlite3_column_int64(row, column);
	const void *bytes = sqlite3_column_blob(row, column);
	int length = sqlite3_column_bytes(row, column);
	return length == value->length &&
	       (length == 0 || memcmp(bytes, value->bytes, (size_t)length) == 0);
}

bool parse_integer(const char *text, long long *value)
{
	size_t sign = strspn(text, "+-");
	/* C's octal would make 010 eight; nobody who writes a number of leading zeros means that.
	 */
	int base = text[sign] == '0' && (text[sign + 1] | ' ') == 'x' ? 16 : 10;
	char *end;

	errno = 0;
	*value = strtoll(text, &end, base);
	return end != text && *end == '\0' && errno == 0;
}

/* Sets them: false when the string is too long, memory is short or the number out of range. */
static bool member_set_string(
	const struct ClassElem *elem, void *object, const char *value, size_t length)
{
	char *address = (char *)object + elem->offset;

	if (elem->type == ODM_VCHAR) {
		char *copy = strndup(value, length);
		memcpy(address, &copy, sizeof(copy));
		return copy != NULL;
	}
	if (elem->type == ODM_LINK)
		address = ((struct link_members *)(void *)address)->value;
	size_t room = (size_t)elem->size - (elem->type == ODM_BINARY ? 0 : 1);
	if (length > room)
		return false;
	memset(address, 0, (size_t)elem->size);
	memcpy(address, value, length);
	return true;
}

static bool member_set_integer(const struct ClassElem *elem, void *object, long long value)
{
	char *address = (char *)object + elem->offset;
	short as_short = (short)value;
	int as_int = (int)value;

	switch (elem->type) {
	case ODM_SHORT:
		memcpy(address, &as_short, sizeof(as_short));
		return as_short == value;
	case ODM_LONG:
		memcpy(address, &as_int, sizeof(as_int));
		return as_int == value;
	default:
		memcpy(address, &value, sizeof(value));
		return true;
	}
}

const char *member_store_integer(const struct ClassElem *elem, void *object, long long value)
{
	return member_set_integer(elem, object, value) ? NULL : "the number is out of range";
}

const char *member_store_text(
	const struct ClassElem *elem, void *object, const char *bytes, size_t length)
{
	long long number = 0;

	if (!elem_is_string(elem)) {
		if (length > 0 && (memchr(bytes, '\0', length) || !parse_integer(bytes, &number)))
			return "the value is not a number, or out of range";
		return member_store_integer(elem, object, number);
	}
	if (length >= (size_t)elem->size + (elem->type == ODM_BINARY))
		return "the value is too long";
	if (elem->type != ODM_BINARY && memchr(bytes, '\0', length) != NULL)
		return "the value has a NUL byte";
	if (elem->type == ODM_VCHAR) {
		char **member = (char **)(void *)((char *)object + elem->offset);
		free(*member);
		*member = NULL;
	}
	return member_set_string(elem, object, bytes, length) ? NULL : "there is not enough memory";
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

bool member_from_column(const struct ClassElem *elem, sqlite3_stmt *row, int column, void *object)
{
	if (!elem_is_string(elem))
		return member_set_integer(elem, object, sqlite3_column_int64(row, column));
	const char *value = (const char *)sqlite3_column_text(row, column);
	size_t length = (size_t)sqlite3_column_bytes(row, column);
	return member_set_string(elem, object, value ? value : "", length);
}

int object_from_row(CLASS_SYMBOL symbol, sqlite3_stmt *row, void *object)
{
	memset(object, 0, (size_t)symbol->structsize);
	((struct object_head *)object)->_id = (long)sqlite3_column_int64(row, 0);
	for (int i = 0; i < symbol->nelem; i++) {
		if (!member_from_column(&symbol->elem[i], row, i + 1, object)) {
			odm_free_members(symbol, object);
			return odm_fail(ODMI_INVALID_CLASS);
		}
	}
	return 0;
}
