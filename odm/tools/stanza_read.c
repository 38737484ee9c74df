/* Stanzas: what odmadd and odmchange read. */
#include <ctype.h>
#include <odmx.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/foreign.h"
#include "objects/objects.h"
#include "storage/thread.h"
#include "transactions/transaction.h"

/* A file of stanzas, read line by line. */
struct stanzas {
	FILE *file;
	const char *name;
	FILE *errors;
	int line_number;
	char *line; /* the current one without its newline, NULL at the end */
	size_t room;
	bool binary; /* a NUL byte ended the reading */
	struct text value; /* of the descriptor being read: its memory is used again and again */
	int next_elem; /* the descriptor that comes next where a stanza has all, in order */
};

static int mistake(const struct stanzas *stanzas, const char *what, const char *object)
{
	foreign_printf(stanzas->errors, "%s:%d: %s%s%s\n", stanzas->name, stanzas->line_number,
		object, *object != '\0' ? ": " : "", what);
	return odm_fail(ODMI_PARAMS);
}

static void stanzas_release(struct stanzas *stanzas)
{
	free(stanzas->line);
	text_release(&stanzas->value);
}

/* The text after blanks, which are few: not worth the C library's search for sets. */
static char *skip_blanks(char *next)
{
	while (*next == ' ' || *next == '\t')
		next++;
	return next;
}

/* The next line without its end; false at the end of the file, or with odmerrno set by mistake. */
static bool read_line(struct stanzas *stanzas)
{
	ssize_t length = getline(&stanzas->line, &stanzas->room, stanzas->file);

	if (length < 0)
		return false;
	stanzas->line_number++;
	if (memchr(stanzas->line, '\0', (size_t)length) != NULL) {
		stanzas->binary = true;
		return false;
	}
	if (length > 0 && stanzas->line[length - 1] == '\n')
		stanzas->line[--length] = '\0';
	if (length > 0 && stanzas->line[length - 1] == '\r')
		stanzas->line[length - 1] = '\0';
	return true;
}

/* The next line that is neither empty nor a comment; false at the end. */
static bool next_line(struct stanzas *stanzas)
{
	while (read_line(stanzas)) {
		const char *first = skip_blanks(stanzas->line);
		if (*first != '\0' && *first != '#' && *first != '*')
			return true;
	}
	return false;
}

/* A line "Class:" gives the class's name, by cutting the line; NULL for any other line. */
static char *class_line(struct stanzas *stanzas)
{
	char *start = skip_blanks(stanzas->line);
	char *end = start;

	while (isalnum((unsigned char)*end) || *end == '_')
		end++;
	if (end == start || *end != ':' || end[1 + strspn(end + 1, " \t\r")] != '\0')
		return NULL;
	*end = '\0';
	return start;
}

static int digit(char character)
{
	static const char digits[] = "0123456789abcdef";
	const char *found =
		character != '\0' ? strchr(digits, tolower((unsigned char)character)) : NULL;

	return found != NULL ? (int)(found - digits) : 16;
}

/* One escape of C, from behind the backslash; returns how many characters it took. */
static size_t take_escape(const char *escape, struct text *value)
{
	static const char letters[] = "nrtbfav", meanings[] = "\n\r\t\b\f\a\v";
	const char *letter = *escape != '\0' ? strchr(letters, *escape) : NULL;

	if (letter != NULL) {
		text_append_char(value, meanings[letter - letters]);
		return 1;
	}
	int base = *escape == 'x' ? 16 : 8, code = 0;
	size_t prefix = *escape == 'x', digits = 0;
	while (digits < (base == 8 ? 3U : 2U) && digit(escape[prefix + digits]) < base &&
		code * base + digit(escape[prefix + digits]) <= 0xff)
		code = code * base + digit(escape[prefix + digits++]);
	text_append_char(value, digits > 0 ? (char)code : *escape);
	return digits > 0 ? prefix + digits : 1;
}

/*
 * A quoted value, which may go on over several lines: a backslash at the end of a line joins it
 * with the next, otherwise the newline is part of the value.
 */
static int take_quoted(struct stanzas *stanzas, const char *next, struct text *value)
{
	for (;;) {
		if (*next == '"') {
			next += 1 + strspn(next + 1, " \t\r");
			return *next == '\0' ? 0 : mistake(stanzas, "text behind the value", "");
		}
		bool joined = next[0] == '\\' && next[1] == '\0';
		if (*next == '\0' || joined) {
			if (!read_line(stanzas))
				return mistake(stanzas, "the quote is not closed", "");
			if (!joined)
				text_append_char(value, '\n');
			next = stanzas->line;
		} else if (*next == '\\') {
			next += 1 + take_escape(next + 1, value);
		} else {
			size_t length = 0;
			while (next[length] != '"' && next[length] != '\\' && next[length] != '\0')
				length++;
			text_append_bytes(value, next, length);
			next += length;
		}
	}
}

/*
 * An unquoted value is the rest of the line without blanks around it; a backslash at its end joins
 * the next line.
 */
static void take_unquoted(struct stanzas *stanzas, const char *next, struct text *value)
{
	for (;;) {
		size_t length = strlen(next);
		if (length > 0 && next[length - 1] == '\\') {
			text_append_bytes(value, next, length - 1);
			if (!read_line(stanzas))
				return;
			next = stanzas->line;
			continue;
		}
		while (length > 0 && isspace((unsigned char)next[length - 1]))
			length--;
		text_append_bytes(value, next, length);
		return;
	}
}

/* Most stanzas have the descriptors in their class's order. */
static const struct ClassElem *find_descriptor(
	struct stanzas *stanzas, CLASS_SYMBOL symbol, const char *name, size_t length)
{
	int next = stanzas->next_elem < symbol->nelem ? stanzas->next_elem : 0;
	const struct ClassElem *elem = symbol->nelem > 0 ? &symbol->elem[next] : NULL;

	if (elem == NULL || strncmp(elem->elemname, name, length) != 0 ||
		elem->elemname[length] != '\0')
		elem = class_descriptor(symbol, name, length);
	if (elem != NULL)
		stanzas->next_elem = (int)(elem - symbol->elem) + 1;
	return elem;
}

/* One "descriptor = value" line, and those it goes on over. */
static int read_descriptor(struct stanzas *stanzas, CLASS_SYMBOL symbol, void *object)
{
	struct text *value = &stanzas->value;
	char *name = skip_blanks(stanzas->line);
	size_t length = 0;
	while (name[length] != ' ' && name[length] != '\t' && name[length] != '=' &&
		name[length] != '\0')
		length++;
	char *equals = skip_blanks(name + length);

	if (*equals != '=')
		return mistake(stanzas, "neither 'Class:' nor 'descriptor = value'", "");
	const struct ClassElem *elem = find_descriptor(stanzas, symbol, name, length);
	if (elem == NULL) {
		name[length] = '\0';
		return mistake(stanzas, "the class has no such descriptor", name);
	}
	const char *next = skip_blanks(equals + 1);
	text_clear(value);
	text_append(value, "");
	if (*next != '"')
		take_unquoted(stanzas, next, value);
	else if (take_quoted(stanzas, next + 1, value) < 0)
		return -1;
	if (value->failed)
		return odm_fail(ODMI_MALLOC_ERR);
	const char *wrong = member_store_text(elem, object, value->data, value->length);
	return wrong != NULL ? mistake(stanzas, wrong, elem->elemname) : 0;
}

static int check_end(const struct stanzas *stanzas)
{
	if (stanzas->binary)
		return mistake(stanzas, "a NUL byte, which no text has", "");
	return ferror(stanzas->file) ? mistake(stanzas, "the file can't be read", "") : 0;
}

/*
 * Reads the descriptors that follow into the object, until the next class line or the end.
 * *more tells which. Only what the stanza names is changed.
 */
static int read_members(
	struct stanzas *stanzas, CLASS_SYMBOL symbol, void *object, bool *more, char **next_class)
{
	*next_class = NULL;
	while ((*more = next_line(stanzas))) {
		*next_class = class_line(stanzas);
		if (*next_class != NULL)
			return 0;
		if (read_descriptor(stanzas, symbol, object) < 0)
			return -1;
	}
	return check_end(stanzas);
}

static int add_one(struct stanzas *stanzas, CLASS_SYMBOL symbol, bool *more, char **next_class)
{
	AUTO_FREE void *object = calloc(1, (size_t)symbol->structsize);
	int line = stanzas->line_number;

	if (object == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	int result = read_members(stanzas, symbol, object, more, next_class);
	if (result == 0 && odm_add_obj(symbol, object) < 0) {
		result = -1;
		foreign_printf(stanzas->errors, "%s:%d: %s: %s\n", stanzas->name, line,
			symbol->classname, odm_error_text(odmerrno));
	}
	odm_free_members(symbol, object);
	return result;
}

static int add_all(struct stanzas *stanzas)
{
	int count = 0;
	bool more = next_line(stanzas);
	char *class_name = more ? class_line(stanzas) : NULL;

	while (more) {
		if (class_name == NULL)
			return mistake(stanzas, "a line 'Class:' is expected first", "");
		CLASS_SYMBOL symbol = odm_mount_class(class_name);
		if (symbol == ODM_FAILED)
			return mistake(stanzas, odm_error_text(odmerrno), class_name);
		if (add_one(stanzas, symbol, &more, &class_name) < 0)
			return -1;
		count++;
	}
	return check_end(stanzas) < 0 ? -1 : count;
}

LIBODM_API int odm_add_stanzas(FILE *file, const char *name, FILE *errors)
{
	LIBRARY_LOCKED;
	if (file == NULL || name == NULL || errors == NULL)
		return odm_fail(ODMI_PARAMS);
	AUTO(stanzas_release)
	struct stanzas stanzas = {.file = file, .name = name, .errors = errors};

	if (transaction_expect_many() < 0 || odm_begin() < 0)
		return -1;
	int count = add_all(&stanzas);
	if (count < 0) {
		return transaction_abandon();
	}
	return odm_commit() < 0 ? -1 : count;
}

/* The ids of what matches, before anything changes. */
static int change_matches(
	CLASS_SYMBOL symbol, char *crit, struct stanzas *stanzas, long start, int start_line)
{
	struct listinfo info;
	char *list = odm_get_list(symbol, crit, &info, 1, 1);
	int result = 0;
	bool more;
	char *next_class;

	if (list == ODM_FAILED)
		return -1;
	for (int i = 0; i < info.num && result == 0; i++) {
		void *object = list + (size_t)i * (size_t)symbol->structsize;
		stanzas->line_number = start_line;
		if (fseek(stanzas->file, start, SEEK_SET) < 0)
			result = odm_fail(ODMI_INTERNAL_ERR);
		if (result == 0)
			result = read_members(stanzas, symbol, object, &more, &next_class);
		if (result == 0 && more)
			result = mistake(stanzas, "one stanza is allowed", next_class);
		if (result == 0)
			result = odm_change_obj(symbol, object);
	}
	int count = info.num;
	odm_free_list(list, &info);
	return result < 0 ? -1 : count;
}

LIBODM_API int odm_change_stanza(
	CLASS_SYMBOL class_symbol, char *crit, FILE *file, const char *name, FILE *errors)
{
	LIBRARY_LOCKED;
	if (class_symbol == NULL)
		return odm_fail(ODMI_MAGICNO_ERR);
	if (file == NULL || name == NULL || errors == NULL)
		return odm_fail(ODMI_PARAMS);
	AUTO(stanzas_release)
	struct stanzas stanzas = {.file = file, .name = name, .errors = errors};
	const char *class_name = next_line(&stanzas) ? class_line(&stanzas) : NULL;

	if (class_name == NULL || strcmp(class_name, class_symbol->classname) != 0)
		return mistake(&stanzas, "the file's only stanza must be of this class",
			class_symbol->classname);
	if (odm_begin() < 0)
		return -1;
	int count = change_matches(class_symbol, crit, &stanzas, ftell(file), stanzas.line_number);
	if (count < 0) {
		return transaction_abandon();
	}
	return odm_commit() < 0 ? -1 : count;
}
