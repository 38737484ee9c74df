#include "unsettled.h"

#include <errno.h>
#include <fcntl.h>

#include "base/paths.h"

static char *mark_path(const char *device)
{
	AUTO_FREE char *file = NULL;

	if (asprintf(&file, "unsettled.%s", device) < 0)
		return NULL;
	return root_path(ROOT_RUN, file);
}

int unsettled_mark(const char *device)
{
	AUTO_FREE char *path = mark_path(device);
	AUTO_FREE char *directory = root_path(ROOT_RUN, NULL);
	if (path == NULL || directory == NULL)
		return -1;

	int mark = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (mark < 0 && errno == ENOENT && make_directories(directory) == 0)
		mark = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	return mark < 0 ? -1 : close(mark);
}

void unsettled_clear(const char *device)
{
	AUTO_FREE char *path = mark_path(device);

	if (path != NULL)
		unlink(path);
}

bool unsettled(const char *device)
{
	AUTO_FREE char *path = mark_path(device);

	return path == NULL || access(path, F_OK) == 0;
}
