/* Stanzas: what odmget prints. */
#include "odm_private.h"

#include <ctype.h>
#include <errno.h>

/* A string in C's escapes, so that any bytes come back as they were. */
static void write_string(FILE *file, const char *bytes, size_t length)
{
	putc('"', file);
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		if (byte == '"' || byte == '\\')
			fprintf(file, "\\%c", byte);
		else if (byte == '\n')
			fputs("\\n", file);
		else if (byte == '\t')
			fputs("\\t", file);
		else if (byte < ' ' || byte == 0x7f)
			fprintf(file, "\\%03o", byte);
		else
			putc(byte, file);
	}
	putc('"', file);
}

LIBODM_API int odm_write_stanza(CLASS_SYMBOL class_symbol, const void *object, FILE *file)
{
	fprintf(file, "\n%s:\n", class_symbol->classname);
	for (int i = 0; i < class_symbol->nelem; i++) {
		const struct ClassElem *elem = &class_symbol->elem[i];
		fprintf(file, "\t%s = ", elem->elemname);
		if (!elem_is_string(elem)) {
			fprintf(file, "%lld\n", member_integer(elem, object));
			continue;
		}
		const char *string = member_string(elem, object);
		write_string(file, string,
			elem->type == ODM_BINARY ? (size_t)elem->size : strlen(string));
		putc('\n', file);
	}
	return ferror(file) ? -1 : 0;
}
