/* Changes that can cut a machine off: what a schema file's guard looks at. */
#include "kernel.h"

bool kernel_guard_known(const char *guard)
{
	static const char *const guards[] = {"", "default_route", "last_processor"};

	for (size_t i = 0; i < sizeof(guards) / sizeof(*guards); i++)
		if (strcmp(guards[i], guard) == 0)
			return true;
	return false;
}
