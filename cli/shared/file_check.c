/* Looks at paths that a user names. */
#include "file_check.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"

bool file_is_there(const char *path)
{
	if (strcmp(path, "-") == 0 || access(path, R_OK) == 0)
		return true;
	message("%s: %s", path, strerror(errno));
	return false;
}

bool file_has_place(const char *path)
{
	AUTO_FREE char *directory = strdup(path);
	char *slash = directory != NULL ? strrchr(directory, '/') : NULL;

	if (slash == NULL)
		return true;
	*slash = '\0';
	if (access(*directory != '\0' ? directory : "/", F_OK) == 0)
		return true;
	message("%s: %s", path, strerror(errno));
	return false;
}
