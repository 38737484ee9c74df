/* The C source of class definitions: a header with structures, and the class symbols. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/foreign.h"
#include "storage/error.h"
#include "tools/definition.h"

/* A descriptor may have a name that C++ has taken: there its member is called ____name. */
static bool is_cpp_keyword(const char *name)
{
	static const char *const words[] = {"and", "asm", "bool", "catch", "class", "compl",
		"concept", "constexpr", "decltype", "delete", "dynamic_cast", "explicit", "export",
		"false", "friend", "mutable", "namespace", "new", "noexcept", "not", "nullptr",
		"operator", "or", "private", "protected", "public", "requires", "template", "this",
		"throw", "true", "try", "typeid", "typename", "using", "virtual", "xor"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i], name) == 0)
			return true;
	return false;
}

static void write_one_member(FILE *file, const struct ClassElem *elem, const char *prefix)
{
	const char *name = elem->elemname;

	switch (elem->type) {
	case ODM_VCHAR:
		fprintf(file, "\tchar *%s%s; /* at most %d bytes */\n", prefix, name,
			elem->size - 1);
		break;
	case ODM_SHORT:
		fprintf(file, "\tshort %s%s;\n", prefix, name);
		break;
	case ODM_LONG:
		fprintf(file, "\tint %s%s;\n", prefix, name);
		break;
	case ODM_LONG_LONG:
		fprintf(file, "\tlong long %s%s;\n", prefix, name);
		break;
	case ODM_LINK:
		fprintf(file, "\tstruct %s *%s%s;\n\tstruct listinfo *%s_info;\n",
			elem->linked_class, prefix, name, name);
		fprintf(file, "\tchar %s_Lvalue[%d];\n", name, elem->size);
		break;
	default:
		fprintf(file, "\tchar %s%s[%d];\n", prefix, name, elem->size);
	}
}

static void write_member(FILE *file, const struct ClassElem *elem)
{
	if (!is_cpp_keyword(elem->elemname)) {
		write_one_member(file, elem, "");
		return;
	}
	fprintf(file, "#ifdef __cplusplus\n");
	write_one_member(file, elem, "____");
	fprintf(file, "#else\n");
	write_one_member(file, elem, "");
	fprintf(file, "#endif\n");
}

static void write_structure(FILE *file, CLASS_SYMBOL symbol)
{
	const char *name = symbol->classname;

	fprintf(file, "\nstruct %s {\n\tlong _id;\n\tlong _reserved;\n\tlong _scratch;\n", name);
	for (int i = 0; i < symbol->nelem; i++)
		write_member(file, &symbol->elem[i]);
	fprintf(file, "};\n#define %s_Descs %d\n", name, symbol->nelem);
	fprintf(file, "extern struct Class %s_CLASS[];\n", name);
	fprintf(file,
		"#define get_%s_list(a, b, c, d, e) ((struct %s *)odm_get_list(a, b, c, d, e))\n",
		name, name);
}

static const char *type_name(int type)
{
	static const char *const names[] = {[ODM_CHAR] = "ODM_CHAR",
		[ODM_LONGCHAR] = "ODM_LONGCHAR",
		[ODM_VCHAR] = "ODM_VCHAR",
		[ODM_SHORT] = "ODM_SHORT",
		[ODM_LONG] = "ODM_LONG",
		[ODM_LONG_LONG] = "ODM_LONG_LONG",
		[ODM_BINARY] = "ODM_BINARY",
		[ODM_METHOD] = "ODM_METHOD",
		[ODM_LINK] = "ODM_LINK"};

	return names[type];
}

static void write_one_elem(
	FILE *file, CLASS_SYMBOL symbol, const struct ClassElem *elem, const char *prefix)
{
	fprintf(file, "\t{(char *)\"%s\", %s, (int)offsetof(struct %s, %s%s), %d, ", elem->elemname,
		type_name(elem->type), symbol->classname, prefix, elem->elemname, elem->size);
	if (elem->type == ODM_LINK)
		fprintf(file, "(char *)\"%s\", (char *)\"%s\"},\n", elem->linked_class,
			elem->linked_column);
	else
		fprintf(file, "0, 0},\n");
}

static void write_elem(FILE *file, CLASS_SYMBOL symbol, const struct ClassElem *elem)
{
	if (!is_cpp_keyword(elem->elemname)) {
		write_one_elem(file, symbol, elem, "");
		return;
	}
	fprintf(file, "#ifdef __cplusplus\n");
	write_one_elem(file, symbol, elem, "____");
	fprintf(file, "#else\n");
	write_one_elem(file, symbol, elem, "");
	fprintf(file, "#endif\n");
}

static void write_quoted(FILE *file, const char *text)
{
	for (; *text != '\0'; text++)
		fprintf(file, *text == '"' ? "\\\"" : "%c", *text);
}

static void write_symbol(FILE *file, CLASS_SYMBOL symbol)
{
	const char *name = symbol->classname;

	fprintf(file, "\nstatic struct ClassElem %s_ELEM[] = {\n", name);
	for (int i = 0; i < symbol->nelem; i++)
		write_elem(file, symbol, &symbol->elem[i]);
	fprintf(file, "};\nstatic char *%s_INDEXES[] = {", name);
	for (char **index = symbol->indexes; index != NULL && *index != NULL; index++) {
		fprintf(file, "(char *)\"");
		write_quoted(file, *index);
		fprintf(file, "\", ");
	}
	fprintf(file, "0};\nstruct Class %s_CLASS[] = {{ODMI_MAGIC, (char *)\"%s\",\n", name, name);
	fprintf(file,
		"\t(int)sizeof(struct %s), %s_Descs, %s_ELEM, %s_INDEXES, 0, -ODMI_MAGIC}};\n",
		name, name, name, name);
}

/* Opens directory/nameSUFFIX for writing. */
static FILE *create_file(const char *directory, const char *name, const char *suffix, FILE *errors)
{
	AUTO_FREE char *path = NULL;
	if (asprintf(&path, "%s/%s%s", directory, name, suffix) < 0) {
		odm_fail(ODMI_MALLOC_ERR);
		return NULL;
	}
	FILE *file = fopen(path, "w");
	if (file == NULL) {
		foreign_printf(errors, "%s: %s\n", path, strerror(errno));
		odm_fail(ODMI_CLASS_PERMS);
	}
	return file;
}

/* A file's name as part of a macro's. */
static void write_guard(FILE *file, const char *directive, const char *name)
{
	fprintf(file, "%s ODM_", directive);
	for (; *name != '\0'; name++)
		putc(isalnum((unsigned char)*name) ? *name : '_', file);
	fprintf(file, "_H\n");
}

int definition_write_source(
	const struct definition *list, const char *directory, const char *name, FILE *errors)
{
	AUTO_FCLOSE FILE *header = create_file(directory, name, ".h", errors);
	AUTO_FCLOSE FILE *source = header ? create_file(directory, name, ".c", errors) : NULL;
	if (source == NULL)
		return -1;

	fprintf(header, "/* Made by odmcreate from %s.cre. */\n", name);
	write_guard(header, "#ifndef", name);
	write_guard(header, "#define", name);
	fprintf(header, "\n");
	fprintf(header, "#include <odmi.h>\n");
	fprintf(source,
		"/* Made by odmcreate from %s.cre. */\n#include <stddef.h>\n#include \"%s.h\"\n",
		name, name);
	for (const struct definition *one = list; one != NULL; one = one->next) {
		write_structure(header, one->symbol);
		write_symbol(source, one->symbol);
	}
	fprintf(header, "\n#endif\n");
	if (ferror(header) || ferror(source)) {
		foreign_printf(errors, "%s.h or %s.c: %s\n", name, name, strerror(errno));
		return odm_fail(ODMI_NO_SPACE);
	}
	return 0;
}
