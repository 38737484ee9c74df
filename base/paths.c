/* Where the directories of the root and of the installation are. */
#include "base/paths.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

static char *join(const char *directory, const char *subdirectory, const char *file)
{
	char *path = NULL;
	int length = asprintf(
		&path, "%s%s%s%s", directory, subdirectory, file ? "/" : "", file ? file : "");
	if (length < 0) {
		errno = ENOMEM;
		return NULL;
	}
	return path;
}

char *root_path(enum root_directory directory, const char *file)
{
	static const char *const under_root[] = {
		[ROOT_OBJREPOS] = "/objrepos",
		[ROOT_ETC] = "/etc",
		[ROOT_RUN] = "/run",
		[ROOT_SPECIAL] = "/special",
		[ROOT_DEV] = "/dev",
		[ROOT_LOG] = "/log",
	};
	static const char *const of_system[] = {
		[ROOT_OBJREPOS] = "/etc/objrepos",
		[ROOT_ETC] = "/etc/odmcfg",
		[ROOT_RUN] = "/run/odmcfg",
		[ROOT_SPECIAL] = "/run/odmcfg/special",
		[ROOT_DEV] = "/run/odmcfg/dev",
		[ROOT_LOG] = "/var/log/odmcfg",
	};
	const char *root = getenv("ODMCFG_ROOT");

	if (root == NULL || *root == '\0')
		return join(of_system[directory], "", file);
	if (*root == '/')
		return join(root, under_root[directory], file);

	/* Absolute, because kexd and what is stored outlive this directory's being current. */
	AUTO_FREE char *here = getcwd(NULL, 0);
	AUTO_FREE char *absolute_root = NULL;
	if (here == NULL || asprintf(&absolute_root, "%s/%s", here, root) < 0)
		return NULL;
	return join(absolute_root, under_root[directory], file);
}

/* Cuts the last component off; false when there is none left. */
static bool parent_directory(char *path)
{
	char *slash = strrchr(path, '/');
	if (slash == NULL || slash == path)
		return false;
	*slash = '\0';
	return true;
}

/*
 * The install prefix: two levels above a program in bin, three above one in .../odmcfg. To be
 * freed; NULL and errno.
 */
static char *find_prefix(void)
{
	AUTO_FREE char *prefix = malloc(PATH_MAX);
	ssize_t length = prefix != NULL ? readlink("/proc/self/exe", prefix, PATH_MAX - 1) : -1;
	if (length < 0)
		return NULL;
	prefix[length] = '\0';

	bool found = parent_directory(prefix);
	const char *directory = found ? strrchr(prefix, '/') : NULL;
	if (directory != NULL && strcmp(directory, "/odmcfg") == 0)
		found = parent_directory(prefix);
	if (!found || !parent_directory(prefix)) {
		errno = ENOENT;
		return NULL;
	}
	return TAKE(prefix);
}

char *install_path(enum install_directory directory, const char *file)
{
	static const char *const below_prefix[] = {
		[INSTALL_BIN] = "/bin",
		[INSTALL_COMMANDS] = "/libexec/odmcfg",
		[INSTALL_KEXD] = "/lib/odmcfg",
		[INSTALL_DRIVERS] = "/lib/odmcfg/drivers",
		[INSTALL_METHODS] = "/lib/odmcfg/methods",
		[INSTALL_SCHEMAS] = "/share/odmcfg/schemas",
	};
	AUTO_FREE char *prefix = find_prefix();

	return prefix == NULL ? NULL : join(prefix, below_prefix[directory], file);
}

int make_directories(const char *path)
{
	AUTO_FREE char *partial = strdup(path);
	if (partial == NULL)
		return -1;

	for (char *slash = strchr(partial + 1, '/'); slash != NULL;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(partial, 0755) < 0 && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	if (mkdir(partial, 0755) < 0 && errno != EEXIST)
		return -1;
	return 0;
}
