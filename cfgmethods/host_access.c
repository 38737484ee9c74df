/*
 * A tree of kernel attributes, with what the kernel keeps otherwise as files that only we see:
 * ethtool's of interfaces, values of several files, what LIO's control files set, and drivers'
 * parameters.
 */
#include "host_access.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "ethtool/ethtool.h"
#include "sysfs/backstore.h"
#include "sysfs/module.h"
#include "sysfs/several.h"

#define DIRECTORY "/ethtool/"

/* Guards the connection and the interface that was asked for last. */
static pthread_mutex_t ethtool_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct ethtool *connection;
static struct ethtool_interface last;
static char last_name[64];

static _Thread_local char refusal[ETHTOOL_REASON];

/* The interface whose directory the path is in, and what is meant of it: false for a file's path.
 */
static bool split(const char *path, char interface[64], const char **setting)
{
	const char *directory = strstr(path, DIRECTORY);

	if (directory == NULL)
		return false;
	const char *start = directory;
	while (start > path && start[-1] != '/')
		start--;
	*setting = directory + strlen(DIRECTORY);
	return snprintf(interface, 64, "%.*s", (int)(directory - start), start) < 64;
}

/* With the mutex: neighbours ask for the same interface. 0, or -1 and errno. */
static int choose_interface(const char *name)
{
	if (connection == NULL)
		connection = ethtool_open();
	if (connection == NULL)
		return -1;
	if (strcmp(last_name, name) == 0)
		return 0;
	ethtool_forget(&last);
	snprintf(last_name, sizeof(last_name), "%s", name);
	last = (struct ethtool_interface){.ethtool = connection, .name = last_name};
	return 0;
}

static ssize_t read_setting(const char *interface, const char *setting, void *room, size_t size)
{
	char value[ETHTOOL_VALUE];

	pthread_mutex_lock(&ethtool_mutex);
	int result = choose_interface(interface);
	if (result == 0)
		result = ethtool_read(&last, setting, value);
	int error = errno;
	pthread_mutex_unlock(&ethtool_mutex);
	/* A driver without such a value has no such file. */
	errno = error == EOPNOTSUPP ? ENOENT : error;
	if (result < 0)
		return -1;
	size_t length = strlen(value) < size ? strlen(value) : size;
	memcpy(room, value, length);
	return (ssize_t)length;
}

static int write_setting(
	const char *interface, const char *setting, const void *value, size_t length)
{
	char text[ETHTOOL_VALUE];

	if (snprintf(text, sizeof(text), "%.*s", (int)length, (const char *)value) >=
		(int)sizeof(text)) {
		errno = E2BIG;
		return -1;
	}
	text[strcspn(text, "\n")] = '\0';
	pthread_mutex_lock(&ethtool_mutex);
	int result = choose_interface(interface);
	if (result == 0)
		result = ethtool_write(&last, setting, text, refusal);
	int error = errno;
	/* Nobody else's change since then is to be missed. */
	ethtool_forget(&last);
	last_name[0] = '\0';
	pthread_mutex_unlock(&ethtool_mutex);
	errno = error;
	return result;
}

bool host_access_is_ours(const char *path)
{
	return strstr(path, DIRECTORY) != NULL || several_is(path) || backstore_is(path);
}

/* What a tree that is none of the kernel's own has, too. */
static ssize_t read_made(const struct sysfs_tree *tree, const char *path, void *room, size_t size)
{
	char file[SYSFS_PATH];

	if (several_is(path))
		return several_read(tree, path, room, size);
	if (backstore_is(path))
		return backstore_read(tree, path, room, size);
	if (!parameter_is(path))
		return sysfs_files.read(tree, path, room, size);
	return parameter_resolve(tree, path, file) < 0 ? -1
						       : sysfs_files.read(tree, file, room, size);
}

static int write_made(
	const struct sysfs_tree *tree, const char *path, const void *value, size_t length)
{
	char file[SYSFS_PATH];

	refusal[0] = '\0';
	if (several_is(path))
		return several_write(tree, path, value, length, refusal, sizeof(refusal));
	if (backstore_is(path))
		return backstore_write(tree, path, value, length, refusal, sizeof(refusal));
	if (!parameter_is(path))
		return sysfs_files.write(tree, path, value, length);
	return parameter_resolve(tree, path, file) < 0
		       ? -1
		       : sysfs_files.write(tree, file, value, length);
}

static ssize_t read_any(const struct sysfs_tree *tree, const char *path, void *room, size_t size)
{
	char interface[64];
	const char *setting;

	return split(path, interface, &setting) ? read_setting(interface, setting, room, size)
						: read_made(tree, path, room, size);
}

static int write_any(
	const struct sysfs_tree *tree, const char *path, const void *value, size_t length)
{
	char interface[64];
	const char *setting;

	refusal[0] = '\0';
	return split(path, interface, &setting) ? write_setting(interface, setting, value, length)
						: write_made(tree, path, value, length);
}

static const char *last_refusal(void)
{
	return refusal;
}

static const struct sysfs_access with_ethtool = {read_any, write_any, last_refusal};
static const struct sysfs_access without_ethtool = {read_made, write_made, last_refusal};

const struct sysfs_access *host_access(const char *root)
{
	return strcmp(root, "/sys") == 0 ? &with_ethtool : &without_ethtool;
}
