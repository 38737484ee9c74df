/*
 * SQLite can load extensions, which is never asked of it, and the linker warns of a statically
 * linked program that could: its call is turned to this one (--wrap=dlopen).
 */
#include <stddef.h>

void *__wrap_dlopen(const char *file, int mode);

void *__wrap_dlopen(const char *file, int mode)
{
	(void)file;
	(void)mode;
	return NULL;
}
