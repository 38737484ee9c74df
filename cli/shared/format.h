/* The formats that -F takes. For listings. */
#pragma once

#include <stdbool.h>

/*
 * A format of column names as -F takes them: "name status" aligns, any other separators are
 * printed as they are, without alignment.
 */
struct format {
	char **names;
	char **separators; /* behind each name */
	int count;
	bool aligned;
};
void format_release(struct format *format);
/* False without memory. */
bool format_read(const char *text, struct format *format);
