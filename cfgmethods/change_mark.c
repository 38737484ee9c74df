/* The mark is a file of the run directory, named after the device. */
#include "change_mark.h"

#include <fcntl.h>

#include "base/root_file.h"

static char *mark_name(const char *device)
{
	char *name = NULL;

	return asprintf(&name, "change.%s", device) < 0 ? NULL : name;
}

int change_mark_set(const char *device)
{
	AUTO_FREE char *name = mark_name(device);
	int mark = name != NULL ? root_file_open(ROOT_RUN, name, O_WRONLY | O_CREAT, 0644) : -1;

	return mark < 0 ? -1 : close(mark);
}

void change_mark_clear(const char *device)
{
	AUTO_FREE char *name = mark_name(device);

	if (name != NULL)
		root_file_remove(ROOT_RUN, name);
}

bool change_mark_is_set(const char *device)
{
	AUTO_FREE char *name = mark_name(device);
	AUTO_FREE char *path = name != NULL ? root_path(ROOT_RUN, name) : NULL;

	return path == NULL || access(path, F_OK) == 0;
}
