/* Class-definition files: what odmcreate reads. */
#include "odm_private.h"

#include <ctype.h>

/* The file being read, one token at a time. */
struct reader {
	FILE *file;
	const char *name;
	FILE *errors;
	int line;
	char token[256]; /* "" at the end of the file */
	struct definition *definitions;
	struct definition **end;
};

static int mistake(struct reader *reader, const char *expected)
{
	fprintf(reader->errors, "%s:%d: %s expected", reader->name, reader->line, expected);
	if (reader->token[0] != '\0')
		fprintf(reader->errors, ", not '%s'", reader->token);
	fputc('\n', reader->errors);
	return odm_fail(ODMI_PARAMS);
}

static int next_character(struct reader *reader)
{
	int character = getc(reader->file);

	if (character == '\n')
		reader->line++;
	return character;
}

static void skip_comment(struct reader *reader)
{
	int last = 0, character;

	while ((character = next_character(reader)) != EOF) {
		if (last == '*' && character == '/')
			return;
		last = character;
	}
}

/* Blanks, comments, and the preprocessor's line markers, which set name and line. */
static int skip_to_token(struct reader *reader)
{
	for (;;) {
		int character = next_character(reader);
		if (character == '/') {
			int next = next_character(reader);
			if (next != '*')
				return character;
			skip_comment(reader);
		} else if (character == '#') {
			while (character != '\n' && character != EOF)
				character = next_character(reader);
		} else if (!isspace(character)) {
			return character;
		}
	}
}

static void read_token(struct reader *reader)
{
	size_t length = 0;
	int character = skip_to_token(reader);

	if (isalnum(character) || character == '_') {
		while ((isalnum(character) || character == '_') &&
			length < sizeof(reader->token) - 1) {
			reader->token[length++] = (char)character;
			character = next_character(reader);
		}
		if (character == '\n')
			reader->line--;
		ungetc(character, reader->file);
	} else if (character != EOF) {
		reader->token[length++] = (char)character;
	}
	reader->token[length] = '\0';
}

static bool take(struct reader *reader, const char *token)
{
	if (strcmp(reader->token, token) != 0)
		return false;
	read_token(reader);
	return true;
}

static int take_name(struct reader *reader, char name[MAX_ODMI_NAME], const char *what)
{
	if (!isalpha((unsigned char)reader->token[0]) && reader->token[0] != '_')
		return mistake(reader, what);
	if (strlen(reader->token) >= MAX_ODMI_NAME)
		return mistake(reader, "a name of at most 63 characters");
	strcpy(name, reader->token);
	read_token(reader);
	return 0;
}

static int take_size(struct reader *reader, int *size)
{
	if (!take(reader, "["))
		return mistake(reader, "'['");
	char *end;
	long value = strtol(reader->token, &end, 10);
	if (*end != '\0' || value < 1 || value > 65536)
		return mistake(reader, "a size from 1 to 65536");
	*size = (int)value;
	read_token(reader);
	return take(reader, "]") ? 0 : mistake(reader, "']'");
}

/* The keywords of types, and whether a size follows. */
static const struct {
	const char *word;
	int type;
	bool sized;
} types[] = {
	{"char", ODM_CHAR, true},
	{"longchar", ODM_LONGCHAR, true},
	{"vchar", ODM_VCHAR, true},
	{"binary", ODM_BINARY, true},
	{"short", ODM_SHORT, false},
	{"long", ODM_LONG, false},
	{"long64", ODM_LONG_LONG, false},
	{"int64", ODM_LONG_LONG, false},
	{"ODM_LONG_LONG", ODM_LONG_LONG, false},
	{"method", ODM_METHOD, false},
	{"link", ODM_LINK, false},
};

/* A link's size is that of the column it points to, when the file does not say. */
static int linked_size(struct reader *reader, const char *class_name, const char *column)
{
	for (struct definition *one = reader->definitions; one != NULL; one = one->next) {
		if (strcmp(one->symbol->classname, class_name) != 0)
			continue;
		const struct ClassElem *elem =
			class_descriptor(one->symbol, column, strlen(column));
		if (elem != NULL)
			return elem->size;
	}
	return MAX_ODMI_CRIT;
}

static int parse_link(struct reader *reader, CLASS_SYMBOL symbol)
{
	char class_name[MAX_ODMI_NAME], again[MAX_ODMI_NAME], column[MAX_ODMI_NAME];
	char name[MAX_ODMI_NAME];

	if (take_name(reader, class_name, "the linked class") < 0 ||
		take_name(reader, again, "the linked class again") < 0 ||
		take_name(reader, column, "the linked column") < 0 ||
		take_name(reader, name, "the descriptor's name") < 0)
		return -1;
	int size = linked_size(reader, class_name, column);
	if (strcmp(reader->token, "[") == 0 && take_size(reader, &size) < 0)
		return -1;
	return symbol_add(symbol, name, ODM_LINK, size, class_name, column);
}

static int parse_element(struct reader *reader, CLASS_SYMBOL symbol)
{
	char name[MAX_ODMI_NAME];
	size_t i = 0;

	while (i < sizeof(types) / sizeof(*types) && strcmp(types[i].word, reader->token) != 0)
		i++;
	if (i == sizeof(types) / sizeof(*types))
		return mistake(reader, "a type or '}'");
	read_token(reader);
	if (types[i].type == ODM_LINK)
		return parse_link(reader, symbol);

	int size = types[i].type == ODM_METHOD ? 256 : 0;
	if (take_name(reader, name, "the descriptor's name") < 0 ||
		(types[i].sized && take_size(reader, &size) < 0))
		return -1;
	if (class_descriptor(symbol, name, strlen(name)) != NULL)
		return mistake(reader, "a name that the class does not have yet");
	return symbol_add(symbol, name, types[i].type, size, NULL, NULL);
}

static int parse_class(struct reader *reader)
{
	char name[MAX_ODMI_NAME];

	if (take_name(reader, name, "the class's name") < 0)
		return -1;
	struct definition *definition = calloc(1, sizeof(*definition));
	if (definition == NULL || (definition->symbol = symbol_create(name)) == NULL) {
		free(definition);
		return odm_fail(ODMI_MALLOC_ERR);
	}
	*reader->end = definition;
	reader->end = &definition->next;

	if (!take(reader, "{"))
		return mistake(reader, "'{'");
	while (!take(reader, "}")) {
		if (parse_element(reader, definition->symbol) < 0)
			return -1;
		if (!take(reader, ";"))
			return mistake(reader, "';'");
	}
	if (definition->symbol->nelem == 0)
		return mistake(reader, "a class with at least one descriptor");
	take(reader, ";");
	return 0;
}

/* index Class (descriptor, descriptor); which AIX does not have. */
static int parse_index(struct reader *reader)
{
	char class_name[MAX_ODMI_NAME], name[MAX_ODMI_NAME];
	AUTO(text_release) struct text columns = {0};
	struct definition *definition = reader->definitions;

	if (take_name(reader, class_name, "the class's name") < 0)
		return -1;
	while (definition != NULL && strcmp(definition->symbol->classname, class_name) != 0)
		definition = definition->next;
	if (definition == NULL || !take(reader, "("))
		return mistake(reader, "a class defined above, and '('");
	do {
		if (take_name(reader, name, "a descriptor") < 0)
			return -1;
		if (class_descriptor(definition->symbol, name, strlen(name)) == NULL)
			return mistake(reader, "a descriptor of the class");
		text_printf(&columns, "%s\"%s\"", columns.length > 0 ? "," : "", name);
	} while (take(reader, ","));
	if (!take(reader, ")") || !take(reader, ";"))
		return mistake(reader, "')' and ';'");
	if (columns.failed)
		return odm_fail(ODMI_MALLOC_ERR);
	return symbol_add_index(definition->symbol, columns.data);
}

int definition_read(FILE *file, const char *name, FILE *errors, struct definition **list)
{
	struct reader reader = {.file = file, .name = name, .errors = errors, .line = 1};
	int result = 0;

	reader.end = &reader.definitions;
	read_token(&reader);
	while (result == 0 && reader.token[0] != '\0') {
		if (take(&reader, "class") || take(&reader, "struct"))
			result = parse_class(&reader);
		else if (take(&reader, "index"))
			result = parse_index(&reader);
		else
			result = mistake(&reader, "class, struct or index");
	}
	*list = reader.definitions;
	if (result == 0 && *list == NULL)
		return mistake(&reader, "a class");
	return result;
}

void definition_free(struct definition **list)
{
	while (*list != NULL) {
		struct definition *gone = *list;
		*list = gone->next;
		symbol_free(gone->symbol);
		free(gone);
	}
}
