/*
 * Criteria, compiled to parameterised SQL. The descriptor's type decides what a value is, quoted or
 * not.
 *
 *   expression = term { OR term }            OR, NOT, IN and parentheses are extensions of AIX's
 *   term       = factor { AND factor }
 *   factor     = NOT factor | ( expression ) | predicate
 *   predicate  = descriptor operator value | descriptor [NOT] LIKE value
 *              | descriptor [NOT] IN ( value { , value } )
 */
#include <ctype.h>
#include <odmx.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "objects/objects.h"

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
	int parentheses; /* open ones */
	int nested; /* NOT and parentheses */
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

static size_t word_length(const char *text)
{
	size_t length = 0;

	while (isalnum((unsigned char)text[length]) || text[length] == '_')
		length++;
	return length;
}

/* Whether a keyword comes next, in any case; it is taken then. */
static bool take_word(struct parser *parser, const char *word)
{
	size_t length = strlen(word);

	skip_blanks(parser);
	if (word_length(parser->next) != length || strncasecmp(parser->next, word, length) != 0)
		return false;
	parser->next += length;
	return true;
}

static bool take_character(struct parser *parser, char character)
{
	skip_blanks(parser);
	if (*parser->next != character)
		return false;
	parser->next++;
	return true;
}

/* The SQL operator that comes next, NULL for none. */
static const char *take_operator(struct parser *parser)
{
	static const char *const operators[] = {"!=", "<=", ">=", "=", "<", ">"};

	if (take_word(parser, "like"))
		return "GLOB";
	if (take_word(parser, "in"))
		return "IN";
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
		const char *end = strchr(parser->next, quote);
		if (end == NULL) {
			parser->next += strlen(parser->next);
			return mistake(parser, "the quote is not closed");
		}
		text_append_bytes(value, parser->next, (size_t)(end - parser->next));
		parser->next = end + 1;
		if (*parser->next != quote)
			return 0;
		text_append_char(value, quote);
	}
}

/*
 * A word goes on to the next blank, as on AIX, where values like (1,2) need no quotes. Inside
 * parentheses of ours it also ends at the closing one, and in a list at a comma.
 */
static int take_value(struct parser *parser, bool in_list, struct text *value)
{
	int opened = 0;

	text_append(value, "");
	skip_blanks(parser);
	if (*parser->next == '\'' || *parser->next == '"')
		return take_quoted(parser, value);
	while (*parser->next != '\0' && !isspace((unsigned char)*parser->next)) {
		opened += (*parser->next == '(') - (*parser->next == ')');
		if ((opened < 0 && (in_list || parser->parentheses > 0)) ||
			(in_list && *parser->next == ','))
			break;
		text_append_char(value, *parser->next++);
	}
	return value->length > 0 ? 0 : mistake(parser, "a value is missing");
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
	values[criteria->count] = (struct criterion_value){.type = SQLITE_TEXT};
	return &values[criteria->count++];
}

static int set_number(struct parser *parser, struct criterion_value *value, const char *text)
{
	char *end;

	value->type = SQLITE_INTEGER;
	if (parse_integer(text, &value->integer))
		return 0;
	value->type = SQLITE_FLOAT;
	value->real = strtod(text, &end);
	/* Not strtod's "nan" and "infinity". */
	if (*end == '\0' && strspn(text, "+-.0123456789eE") == strlen(text))
		return 0;
	return mistake(parser, "the descriptor is a number and the value is not");
}

/* The shell's [!a] is GLOB's [^a]. */
static void to_glob(char *pattern)
{
	for (; *pattern != '\0'; pattern++)
		if (pattern[0] == '[' && pattern[1] == '!')
			pattern[1] = '^';
}

/* Binary values are stored as long as the descriptor is. */
static int fill_up(const struct ClassElem *elem, struct text *text)
{
	while (!text->failed && text->length < (size_t)elem->size)
		text_append_char(text, '\0');
	return text->failed ? odm_fail(ODMI_MALLOC_ERR) : 0;
}

static int parse_value(struct parser *parser, const struct ClassElem *elem, const char *relation)
{
	AUTO(text_release) struct text text = {0};
	bool pattern = strcmp(relation, "GLOB") == 0;
	struct criterion_value *value = new_value(parser->criteria);

	if (value == NULL || take_value(parser, strcmp(relation, "IN") == 0, &text) < 0)
		return -1;
	if (elem->type == ODM_BINARY && !pattern && fill_up(elem, &text) < 0)
		return -1;
	size_t length = text.length;
	AUTO_FREE char *string = text_take(&text);
	if (string == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	if (!elem_is_string(elem) && !pattern)
		return set_number(parser, value, string);
	if (pattern)
		to_glob(string);
	else if (elem->type == ODM_BINARY)
		value->type = SQLITE_BLOB;
	value->string = TAKE(string);
	value->length = length;
	return 0;
}

/* The parameter of the value that was parsed last. */
static void append_parameter(struct criteria *criteria)
{
	if (criteria->count >= 10) {
		text_printf(&criteria->where, "?%d", criteria->count);
		return;
	}
	text_append_char(&criteria->where, '?');
	text_append_char(&criteria->where, (char)('0' + criteria->count));
}

static int parse_list(struct parser *parser, const struct ClassElem *elem)
{
	struct criteria *criteria = parser->criteria;

	if (!take_character(parser, '('))
		return mistake(parser, "IN needs a list: (value, value)");
	text_append(&criteria->where, "(");
	do {
		if (parse_value(parser, elem, "IN") < 0)
			return -1;
		append_parameter(criteria);
		text_append(&criteria->where, ", ");
	} while (take_character(parser, ','));
	if (!take_character(parser, ')'))
		return mistake(parser, "the list is not closed: ',' or ')' is expected");
	criteria->where.length -= 2;
	text_append(&criteria->where, ")");
	return 0;
}

static const struct ClassElem *take_descriptor(struct parser *parser)
{
	skip_blanks(parser);
	size_t length = word_length(parser->next);
	const struct ClassElem *elem = class_descriptor(parser->symbol, parser->next, length);

	if (length == 0)
		mistake(parser, "a descriptor is missing");
	else if (elem == NULL)
		mistake(parser, "the class has no such descriptor");
	else
		parser->next += length;
	return length > 0 ? elem : NULL;
}

static int parse_predicate(struct parser *parser)
{
	struct text *where = &parser->criteria->where;
	const struct ClassElem *elem = take_descriptor(parser);
	if (elem == NULL)
		return -1;

	bool negated = take_word(parser, "not");
	const char *behind_not = parser->next;
	const char *relation = take_operator(parser);
	if (relation == NULL || (negated && !isalpha((unsigned char)*relation))) {
		parser->next = behind_not;
		return mistake(parser, negated ? "LIKE or IN is expected behind NOT"
					       : "an operator is missing: = != < <= > >= LIKE IN");
	}
	text_append_char(where, '"');
	text_append(where, elem->elemname);
	text_append(where, negated ? "\" NOT " : "\" ");
	text_append(where, relation);
	text_append_char(where, ' ');
	if (strcmp(relation, "IN") == 0)
		return parse_list(parser, elem);
	if (parse_value(parser, elem, relation) < 0)
		return -1;
	append_parameter(parser->criteria);
	return 0;
}

static int parse_expression(struct parser *parser);

/* A limit of SQLite's parser too, which would not say where. */
#define MOST_NESTED 32

static int parse_factor(struct parser *parser)
{
	struct text *where = &parser->criteria->where;

	skip_blanks(parser);
	if (++parser->nested > MOST_NESTED)
		return mistake(parser, "NOT and parentheses are nested too deeply");
	bool keyword =
		class_descriptor(parser->symbol, parser->next, word_length(parser->next)) == NULL;
	if (keyword && take_word(parser, "not")) {
		text_append(where, "NOT ");
		return parse_factor(parser);
	}
	if (!take_character(parser, '('))
		return parse_predicate(parser);
	text_append(where, "(");
	parser->parentheses++;
	if (parse_expression(parser) < 0)
		return -1;
	if (!take_character(parser, ')'))
		return mistake(parser, "AND, OR or ')' is expected");
	parser->parentheses--;
	text_append(where, ")");
	return 0;
}

static int parse_term(struct parser *parser)
{
	for (;;) {
		int nested = parser->nested;
		if (parse_factor(parser) < 0)
			return -1;
		parser->nested = nested;
		if (!take_word(parser, "and"))
			return 0;
		text_append(&parser->criteria->where, " AND ");
	}
}

static int parse_expression(struct parser *parser)
{
	for (;;) {
		if (parse_term(parser) < 0)
			return -1;
		if (!take_word(parser, "or"))
			return 0;
		text_append(&parser->criteria->where, " OR ");
	}
}

int criteria_compile(CLASS_SYMBOL symbol, const char *crit, struct criteria *criteria)
{
	struct parser parser = {
		.symbol = symbol, .start = crit, .next = crit, .criteria = criteria};

	if (crit == NULL)
		return 0;
	if (strlen(crit) >= MAX_ODMI_CRIT) {
		parser.next += MAX_ODMI_CRIT - 1;
		return mistake(&parser, "criteria are at most 255 bytes");
	}
	skip_blanks(&parser);
	if (*parser.next == '\0')
		return 0;
	if (parse_expression(&parser) < 0)
		return -1;
	skip_blanks(&parser);
	if (*parser.next != '\0')
		return mistake(&parser, "AND, OR or the end is expected");
	return criteria->where.failed ? odm_fail(ODMI_MALLOC_ERR) : 0;
}
