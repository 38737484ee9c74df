/*
 * Criteria: descriptor, operator, value, joined by AND. Compiled to parameterised SQL: the
 * descriptor's type decides what a value is, quoted or not.
 */
#include "odm_private.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <strings.h>

static _Thread_local const char *error_reason = "";
static _Thread_local size_t error_position;

LIBODM_API const char *odm_criteria_error(size_t *position)
{
	*position = error_position;
	return error_reason;
}

struct parser {
	CLASS_SYMBOL symbol;
	const char *start, *next;
	struct criteria *criteria;
};

static int mistake(const struct parser *parser, const char *reason)
{
	error_reason = reason;
	error_position = (size_t)(parser->next - parser->start);
	return odm_fail(ODMI_BAD_CRIT);
}

static void skip_blanks(struct parser *parser)
{
	while (isspace((unsigned char)*parser->next))
		parser->next++;
}

/* Whether a keyword comes next, in any case; it is taken then. */
static bool take_word(struct parser *parser, const char *word)
{
	size_t length = strlen(word);

	skip_blanks(parser);
	if (strncasecmp(parser->next, word, length) != 0 ||
		isalnum((unsigned char)parser->next[length]) || parser->next[length] == '_')
		return false;
	parser->next += length;
	return true;
}

/* The SQL operator that comes next, NULL for none. */
static const char *take_operator(struct parser *parser)
{
	static const char *const operators[] = {"!=", "<=", ">=", "=", "<", ">"};

	skip_blanks(parser);
	if (take_word(parser, "like"))
		return "GLOB";
	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		size_t length = strlen(operators[i]);
		if (strncmp(parser->next, operators[i], length) == 0) {
			parser->next += length;
			return operators[i];
		}
	}
	return NULL;
}

/* A quoted text; a quote inside is doubled, and a backslash is itself. */
static int take_quoted(struct parser *parser, struct text *value)
{
	char quote = *parser->next++;

	for (;; parser->next++) {
		if (*parser->next == '\0')
			return mistake(parser, "the quote is not closed");
		if (*parser->next == quote && *++parser->next != quote)
			return 0;
		text_append_char(value, *parser->next);
	}
}

static int take_value(struct parser *parser, struct text *value)
{
	skip_blanks(parser);
	if (*parser->next == '\'' || *parser->next == '"')
		return take_quoted(parser, value);
	if (*parser->next == '\0')
		return mistake(parser, "a value is missing");
	while (*parser->next != '\0' && !isspace((unsigned char)*parser->next))
		text_append_char(value, *parser->next++);
	return 0;
}

static struct criterion_value *new_value(struct criteria *criteria)
{
	struct criterion_value *values = realloc(
		criteria->values, (size_t)(criteria->count + 1) * sizeof(*criteria->values));

	if (values == NULL) {
		odm_fail(ODMI_MALLOC_ERR);
		return NULL;
	}
	criteria->values = values;
	values[criteria->count] = (struct criterion_value){0};
	return &values[criteria->count++];
}

static int set_integer(struct parser *parser, struct criterion_value *value, const char *text)
{
	char *end;

	errno = 0;
	value->is_integer = true;
	value->integer = strtoll(text, &end, 0);
	if (end == text || *end != '\0' || errno != 0)
		return mistake(parser, "the descriptor is a number and the value is not");
	return 0;
}

/* The shell's [!a] is GLOB's [^a]. */
static void to_glob(char *pattern)
{
	for (; *pattern != '\0'; pattern++)
		if (pattern[0] == '[' && pattern[1] == '!')
			pattern[1] = '^';
}

static int add_value(struct parser *parser, const struct ClassElem *elem, const char *relation,
	struct text *text)
{
	struct criterion_value *value = new_value(parser->criteria);
	if (value == NULL)
		return -1;

	size_t length = text->length;
	AUTO_FREE char *string = text_take(text);
	if (string == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	if (!elem_is_string(elem) && strcmp(relation, "GLOB") != 0)
		return set_integer(parser, value, string);
	if (strcmp(relation, "GLOB") == 0)
		to_glob(string);
	value->string = TAKE(string);
	value->length = length;
	return 0;
}

static int parse_predicate(struct parser *parser)
{
	AUTO(text_release) struct text value = {0};

	skip_blanks(parser);
	const char *name = parser->next;
	while (isalnum((unsigned char)*parser->next) || *parser->next == '_')
		parser->next++;
	size_t length = (size_t)(parser->next - name);
	const struct ClassElem *elem = class_descriptor(parser->symbol, name, length);
	if (length == 0 || elem == NULL) {
		parser->next = name;
		return mistake(parser, length == 0 ? "a descriptor is missing"
						   : "the class has no such descriptor");
	}
	const char *relation = take_operator(parser);
	if (relation == NULL)
		return mistake(parser, "an operator is missing: = != < <= > >= LIKE");
	if (take_value(parser, &value) < 0 || add_value(parser, elem, relation, &value) < 0)
		return -1;
	text_printf(&parser->criteria->where, "\"%s\" %s ?%d", elem->elemname, relation,
		parser->criteria->count);
	return 0;
}

int criteria_compile(CLASS_SYMBOL symbol, const char *crit, struct criteria *criteria)
{
	struct parser parser = {symbol, crit, crit, criteria};

	if (crit == NULL)
		return 0;
	if (strlen(crit) >= MAX_ODMI_CRIT) {
		parser.next += MAX_ODMI_CRIT - 1;
		return mistake(&parser, "criteria are at most 255 bytes");
	}
	skip_blanks(&parser);
	if (*parser.next == '\0')
		return 0;
	do {
		if (criteria->count > 0)
			text_append(&criteria->where, " AND ");
		if (parse_predicate(&parser) < 0)
			return -1;
	} while (take_word(&parser, "and"));
	skip_blanks(&parser);
	if (*parser.next != '\0')
		return mistake(&parser, "AND or the end is expected");
	return criteria->where.failed ? odm_fail(ODMI_MALLOC_ERR) : 0;
}

int criteria_bind(const struct criteria *criteria, sqlite3_stmt *statement)
{
	for (int i = 0; i < criteria->count; i++) {
		const struct criterion_value *value = &criteria->values[i];
		int result = value->is_integer
				     ? sqlite3_bind_int64(statement, i + 1, value->integer)
				     : sqlite3_bind_text(statement, i + 1, value->string,
					       (int)value->length, SQLITE_TRANSIENT);
		if (result != SQLITE_OK)
			return -1;
	}
	return 0;
}

void criteria_release(struct criteria *criteria)
{
	for (int i = 0; i < criteria->count; i++)
		free(criteria->values[i].string);
	free(criteria->values);
	text_release(&criteria->where);
}

static void append_quoted(struct text *text, const char *value)
{
	text_append_char(text, '\'');
	for (; *value != '\0'; value++) {
		if (*value == '\'')
			text_append_char(text, '\'');
		text_append_char(text, *value);
	}
	text_append_char(text, '\'');
}

LIBODM_API char *odm_criteria(const char *format, ...)
{
	struct text text = {0};
	va_list arguments;

	va_start(arguments, format);
	for (; *format != '\0'; format++) {
		if (format[0] == '%' && format[1] == 's') {
			append_quoted(&text, va_arg(arguments, const char *));
			format++;
		} else if (format[0] == '%' && format[1] == 'd') {
			text_printf(&text, "%d", va_arg(arguments, int));
			format++;
		} else {
			text_append_char(&text, *format);
		}
	}
	va_end(arguments);
	return text_take(&text);
}
