/* The C source of class definitions: a header with structures, and the class symbols. */
#include "odm_private.h"

#include <errno.h>

static void write_member(FILE *file, const struct ClassElem *elem)
{
	const char *name = elem->elemname;

	switch (elem->type) {
	case ODM_VCHAR:
		fprintf(file, "\tchar *%s; /* at most %d bytes */\n", name, elem->size - 1);
		break;
	case ODM_SHORT:
		fprintf(file, "\tshort %s;\n", name);
		break;
	case ODM_LONG:
		fprintf(file, "\tint %s;\n", name);
		break;
	case ODM_LONG_LONG:
		fprintf(file, "\tlong long %s;\n", name);
		break;
	case ODM_LINK:
		fprintf(file, "\tstruct %s *%s;\n\tstruct listinfo *%s_info;\n", elem->linked_class,
			name, name);
		fprintf(file, "\tchar %s_Lvalue[%d];\n", name, elem->size);
		break;
	default:
		/* A C++ keyword that PdDv has as a descriptor. */
		if (strcmp(name, "class") == 0)
			name = "ODMI_CLASS_MEMBER";
		fprintf(file, "\tchar %s[%d];\n", name, elem->size);
	}
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

static void write_elem(FILE *file, CLASS_SYMBOL symbol, const struct ClassElem *elem)
{
	bool is_class = strcmp(elem->elemname, "class") == 0;

	fprintf(file, "\t{(char *)\"%s\", %s, (int)offsetof(struct %s, %s), %d, ", elem->elemname,
		type_name(elem->type), symbol->classname,
		is_class ? "ODMI_CLASS_MEMBER" : elem->elemname, elem->size);
	if (elem->type == ODM_LINK)
		fprintf(file, "(char *)\"%s\", (char *)\"%s\"},\n", elem->linked_class,
			elem->linked_column);
	else
		fprintf(file, "0, 0},\n");
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
		fprintf(errors, "%s: %s\n", path, strerror(errno));
		odm_fail(ODMI_CLASS_PERMS);
	}
	return file;
}

int definition_write_source(
	const struct definition *list, const char *directory, const char *name, FILE *errors)
{
	AUTO_FCLOSE FILE *header = create_file(directory, name, ".h", errors);
	AUTO_FCLOSE FILE *source = header ? create_file(directory, name, ".c", errors) : NULL;
	if (source == NULL)
		return -1;

	fprintf(header,
		"/* Made by odmcreate from %s.cre. */\n#ifndef ODM_%s_H\n#define ODM_%s_H\n\n",
		name, name, name);
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
		fprintf(errors, "%s.h or %s.c: %s\n", name, name, strerror(errno));
		return odm_fail(ODMI_NO_SPACE);
	}
	return 0;
}
