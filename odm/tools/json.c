/* Objects as JSON: [{"CuDv": {"name": "hdisk0", "status": 1}}, ...] */
#include <jansson.h>
#include <odmx.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/foreign.h"
#include "objects/objects.h"
#include "storage/thread.h"
#include "transactions/transaction.h"

static const char hex_digits[] = "0123456789abcdef";

static void release_json(json_t **json)
{
	json_decref(*json);
}
#define AUTO_JSON AUTO(release_json) json_t

/* {"hex": "00ff"}, for bytes that are not text. */
static json_t *hex_value(const char *bytes, size_t length)
{
	AUTO(text_release) struct text hex = {0};

	text_append(&hex, "");
	for (size_t i = 0; i < length; i++) {
		text_append_char(&hex, hex_digits[(unsigned char)bytes[i] >> 4]);
		text_append_char(&hex, hex_digits[(unsigned char)bytes[i] & 0xf]);
	}
	return hex.failed ? NULL : json_pack("{s:s}", "hex", hex.data);
}

static json_t *member_json(const struct ClassElem *elem, const void *object)
{
	struct member_value value = member_value(elem, object);
	json_t *text;

	if (value.type == SQLITE_INTEGER)
		return json_integer(value.integer);
	if (value.type == SQLITE_BLOB)
		return hex_value(value.bytes, (size_t)value.length);
	text = json_stringn(value.bytes, (size_t)value.length);
	return text != NULL ? text : hex_value(value.bytes, (size_t)value.length);
}

LIBODM_API int odm_write_json(CLASS_SYMBOL class_symbol, const void *object, FILE *file)
{
	AUTO_JSON *outer = json_object();
	json_t *inner = json_object();

	if (outer == NULL || json_object_set_new(outer, class_symbol->classname, inner) < 0)
		return odm_fail(ODMI_MALLOC_ERR);
	for (int i = 0; i < class_symbol->nelem; i++) {
		const struct ClassElem *elem = &class_symbol->elem[i];
		if (json_object_set_new(inner, elem->elemname, member_json(elem, object)) < 0)
			return odm_fail(ODMI_MALLOC_ERR);
	}
	AUTO_FREE char *text = json_dumps(outer, 0);
	if (text == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	foreign_print_json(text, file);
	return ferror(file) ? odm_fail(ODMI_NO_SPACE) : 0;
}

/* The file being read: jansson gets it byte by byte, so that it takes one element at a time. */
struct source {
	FILE *file;
	const char *name;
	FILE *errors;
	int line;
};

static int next_byte(struct source *source)
{
	int byte = getc(source->file);

	source->line += byte == '\n';
	return byte;
}

static size_t give_byte(void *buffer, size_t size, void *closure)
{
	int byte = size > 0 ? next_byte(closure) : EOF;

	if (byte == EOF)
		return 0;
	*(char *)buffer = (char)byte;
	return 1;
}

static int mistake(const struct source *source, const char *object, const char *what)
{
	foreign_printf(source->errors, "%s:%d: %s%s%s\n", source->name, source->line, object,
		*object != '\0' ? ": " : "", what);
	return odm_fail(ODMI_PARAMS);
}

/* The next byte that is no blank. */
static int skip_blanks(struct source *source)
{
	int byte;

	do
		byte = next_byte(source);
	while (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n');
	return byte;
}

static int hex_digit(char digit)
{
	const char *found = digit != '\0' ? strchr(hex_digits, digit | ' ') : NULL;

	return found != NULL ? (int)(found - hex_digits) : -1;
}

static const char *store_hex(const struct ClassElem *elem, void *object, const json_t *value)
{
	const char *hex = json_string_value(json_object_get(value, "hex"));
	AUTO(text_release) struct text bytes = {0};

	if (hex == NULL || json_object_size(value) != 1 || !elem_is_string(elem))
		return "neither text, a number, nor {\"hex\": \"...\"}";
	text_append(&bytes, "");
	for (; hex[0] != '\0'; hex += 2) {
		int high = hex_digit(hex[0]), low = hex_digit(hex[1]);
		if (high < 0 || low < 0)
			return "the hex is not pairs of digits";
		text_append_char(&bytes, (char)(high << 4 | low));
	}
	return bytes.failed ? "there is not enough memory"
			    : member_store_text(elem, object, bytes.data, bytes.length);
}

static const char *store_value(const struct ClassElem *elem, void *object, const json_t *value)
{
	if (json_is_string(value))
		return member_store_text(
			elem, object, json_string_value(value), json_string_length(value));
	if (json_is_integer(value) && !elem_is_string(elem))
		return member_store_integer(elem, object, json_integer_value(value));
	if (json_is_integer(value))
		return "a number, and the descriptor is text";
	return store_hex(elem, object, value);
}

static int add_members(struct source *source, CLASS_SYMBOL symbol, json_t *members, void *object)
{
	const char *name;
	json_t *value;

	json_object_foreach(members, name, value)
	{
		const struct ClassElem *elem = class_descriptor(symbol, name, strlen(name));
		if (elem == NULL)
			return mistake(source, name, "the class has no such descriptor");
		const char *wrong = store_value(elem, object, value);
		if (wrong != NULL)
			return mistake(source, name, wrong);
	}
	if (odm_add_obj(symbol, object) < 0)
		return mistake(source, symbol->classname, odm_error_text(odmerrno));
	return 0;
}

static int add_element(struct source *source, json_t *element)
{
	void *member = json_object_iter(element);
	json_t *members = member != NULL ? json_object_iter_value(member) : NULL;

	if (json_object_size(element) != 1 || !json_is_object(members))
		return mistake(source, "", "an element is not {\"Class\": {...}}");
	const char *class_name = json_object_iter_key(member);
	CLASS_SYMBOL symbol = odm_mount_class((char *)(uintptr_t)class_name);
	if (symbol == ODM_FAILED)
		return mistake(source, class_name, odm_error_text(odmerrno));
	AUTO_FREE void *object = calloc(1, (size_t)symbol->structsize);
	if (object == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	int result = add_members(source, symbol, members, object);
	odm_free_members(symbol, object);
	return result;
}

static int add_next(struct source *source)
{
	json_error_t error;
	AUTO_JSON *element = json_load_callback(
		give_byte, source, JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error);

	if (element == NULL)
		return mistake(source, "not JSON", error.text);
	return add_element(source, element);
}

static int add_array(struct source *source)
{
	int count = 0, byte = skip_blanks(source);

	if (byte != '[')
		return mistake(source, "", "an array is expected: [{\"Class\": {...}}, ...]");
	byte = skip_blanks(source);
	if (byte != ']')
		ungetc(byte, source->file);
	for (; byte != ']'; count++) {
		if (add_next(source) < 0)
			return -1;
		byte = skip_blanks(source);
		if (byte != ',' && byte != ']')
			return mistake(source, "", "',' or ']' is expected behind an element");
	}
	if (skip_blanks(source) != EOF)
		return mistake(source, "", "text behind the array");
	return ferror(source->file) ? mistake(source, "", "the file can't be read") : count;
}

LIBODM_API int odm_add_json(FILE *file, const char *name, FILE *errors)
{
	LIBRARY_LOCKED;
	if (file == NULL || name == NULL || errors == NULL)
		return odm_fail(ODMI_PARAMS);
	struct source source = {.file = file, .name = name, .errors = errors, .line = 1};

	if (transaction_expect_many() < 0 || odm_begin() < 0)
		return -1;
	int count = add_array(&source);
	if (count < 0)
		return transaction_abandon();
	return odm_commit() < 0 ? -1 : count;
}
