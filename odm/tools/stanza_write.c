/* Stanzas: what odmget prints. */
#include <odmx.h>
#include <stdio.h>

#include "base/foreign.h"
#include "objects/objects.h"

/* A byte that is written as an escape. A newline goes on with a continued line, as in AIX's own
 * dumps of longer texts. */
static void write_escaped(FILE *file, unsigned char byte)
{
	if (byte == '"' || byte == '\\')
		fprintf(file, "\\%c", byte);
	else if (byte == '\n')
		fputs("\\n\\\n", file);
	else if (byte == '\t')
		fputs("\\t", file);
	else if (byte >= 0xa0)
		putc(byte, file); /* a letter of some other 8-bit set, as AIX's dumps have them */
	else
		fprintf(file, "\\%03o", byte);
}

/*
 * A string in C's escapes, so that any bytes come back as they were, and none of them is a command
 * to a terminal.
 */
static void write_string(FILE *file, const char *bytes, size_t length)
{
	putc('"', file);
	while (length > 0) {
		size_t shown = foreign_shown(bytes, length);
		const char *end = bytes + shown;
		length -= shown;
		for (; bytes < end; bytes++)
			if (*bytes == '"' || *bytes == '\\')
				write_escaped(file, (unsigned char)*bytes);
			else
				putc(*bytes, file);
		for (; length > 0 && foreign_shown(bytes, length) == 0; bytes++, length--)
			write_escaped(file, (unsigned char)*bytes);
	}
	putc('"', file);
}

LIBODM_API int odm_write_value(const struct ClassElem *elem, const void *object, FILE *file)
{
	struct member_value value = member_value(elem, object);

	if (value.type == SQLITE_INTEGER)
		fprintf(file, "%lld", value.integer);
	else
		write_string(file, value.bytes, (size_t)value.length);
	return ferror(file) ? -1 : 0;
}

LIBODM_API int odm_write_stanza(CLASS_SYMBOL class_symbol, const void *object, FILE *file)
{
	fprintf(file, "\n%s:\n", class_symbol->classname);
	for (int i = 0; i < class_symbol->nelem; i++) {
		fprintf(file, "\t%s = ", class_symbol->elem[i].elemname);
		odm_write_value(&class_symbol->elem[i], object, file);
		putc('\n', file);
	}
	return ferror(file) ? -1 : 0;
}
