/* Class-definition files: what odmcreate reads. */
#include "tools/definition.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/foreign.h"
#include "catalogue/catalogue.h"

/* The file being read, one token at a time. */
struct reader {
	FILE *file;
	const char *name;
	FILE *errors;
	int line;
	char marker_name[256]; /* where `name` points after a line marker */
	char token[256]; /* "" at the end of the file */
	struct definition *definitions;
	struct definition **end;
};

static int mistake(struct reader *reader, const char *expected)
{
	foreign_printf(reader->errors, "%s:%d: %s expected", reader->name, reader->line, expected);
	if (reader->token[0] != '\0')
		foreign_printf(reader->errors, ", not '%s'", reader->token);
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

/* A marker of the preprocessor: # LINE "NAME". Any other line that begins so is skipped. */
static void read_marker(struct reader *reader)
{
	char marker[512];
	int line;

	if (fgets(marker, sizeof(marker), reader->file) == NULL)
		return;
	reader->line++;
	if (sscanf(marker, " %d \"%255[^\"]\"", &line, reader->marker_name) == 2) {
		reader->line = line;
		reader->name = reader->marker_name;
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
			read_marker(reader);
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

/* What the generated source could not be compiled with. */
static bool is_c_keyword(const char *word)
{
	static const char *const words[] = {"auto", "break", "case", "char", "const", "continue",
		"default", "do", "double", "else", "enum", "extern", "float", "for", "goto", "if",
		"inline", "int", "long", "register", "restrict", "return", "short", "signed",
		"sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void",
		"volatile", "while"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

static int take_name(struct reader *reader, char name[MAX_ODMI_NAME], const char *what)
{
	if (!isalpha((unsigned char)reader->token[0]) && reader->token[0] != '_')
		return mistake(reader, what);
	if (is_c_keyword(reader->token))
		return mistake(reader, "a name that is no keyword of C");
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

static struct definition *find_definition(struct reader *reader, const char *class_name)
{
	struct definition *definition = reader->definitions;

	while (definition != NULL && strcmp(definition->symbol->classname, class_name) != 0)
		definition = definition->next;
	return definition;
}

/*
 * A link's size is that of the column it points to, when the file does not say: of a class in the
 * same file or in the repository.
 */
static int linked_size(struct reader *reader, char *class_name, const char *column)
{
	struct definition *definition = find_definition(reader, class_name);
	CLASS_SYMBOL symbol = definition != NULL ? definition->symbol : odm_mount_class(class_name);
	const struct ClassElem *elem =
		symbol != ODM_FAILED ? class_descriptor(symbol, column, strlen(column)) : NULL;

	return elem != NULL && elem->size > 0 ? elem->size : MAX_ODMI_CRIT;
}

/* Columns of a table are told apart without regard to case, and the first three members are the
 * library's.
 */
static int add_descriptor(struct reader *reader, CLASS_SYMBOL symbol, const char *name, int type,
	int size, const char *linked_class, const char *linked_column)
{
	bool taken = strcmp(name, "_id") == 0 || strcmp(name, "_reserved") == 0 ||
		     strcmp(name, "_scratch") == 0;

	for (int i = 0; i < symbol->nelem; i++)
		taken |= strcasecmp(symbol->elem[i].elemname, name) == 0;
	if (!taken)
		return symbol_add(symbol, name, type, size, linked_class, linked_column);
	foreign_printf(reader->errors, "%s:%d: the class has a descriptor %s already\n",
		reader->name, reader->line, name);
	return odm_fail(ODMI_PARAMS);
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
	return add_descriptor(reader, symbol, name, ODM_LINK, size, class_name, column);
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
	return add_descriptor(reader, symbol, name, types[i].type, size, NULL, NULL);
}

static int parse_class(struct reader *reader)
{
	char name[MAX_ODMI_NAME];

	if (take_name(reader, name, "the class's name") < 0)
		return -1;
	if (strncasecmp(name, "odm_", 4) == 0 || strncasecmp(name, "sqlite_", 7) == 0 ||
		find_definition(reader, name) != NULL) {
		foreign_printf(reader->errors, "%s:%d: %s can't be a class: the name is taken\n",
			reader->name, reader->line, name);
		return odm_fail(ODMI_PARAMS);
	}
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

	if (take_name(reader, class_name, "the class's name") < 0)
		return -1;
	struct definition *definition = find_definition(reader, class_name);
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
