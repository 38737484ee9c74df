#include "fake_tree.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static ssize_t read_planned(
	const struct sysfs_tree *tree, const char *path, void *room, size_t size)
{
	struct fake *fake = tree->closure;

	atomic_fetch_add(&fake->reads, 1);
	errno = fake->on_read != NULL ? fake->on_read(fake, path) : 0;
	return errno == 0 ? sysfs_files.read(tree, path, room, size) : -1;
}

static int write_planned(
	const struct sysfs_tree *tree, const char *path, const void *value, size_t length)
{
	struct fake *fake = tree->closure;
	char room[SYSFS_VALUE];

	atomic_fetch_add(&fake->writes, 1);
	ck_assert_uint_gt(length, 0);
	ck_assert_uint_lt(length, sizeof(room));
	memcpy(room, value, length);
	ck_assert_int_eq(room[length - 1], '\n');
	room[length - 1] = '\0';
	errno = fake->on_write != NULL ? fake->on_write(fake, path, room) : 0;
	if (errno != 0)
		return -1;
	strcat(room, "\n");
	return sysfs_files.write(tree, path, room, strlen(room));
}

static const struct sysfs_access planned = {
	.read = read_planned, .write = write_planned, .reason = NULL};

void fake_open(struct fake *fake)
{
	*fake = (struct fake){.directory = "/tmp/odmcfg-tree-XXXXXX"};
	ck_assert_ptr_nonnull(mkdtemp(fake->directory));
	ck_assert_int_eq(sysfs_open(&fake->tree, fake->directory), 0);
	fake->tree.access = &planned;
	fake->tree.closure = fake;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

void fake_close(struct fake *fake)
{
	sysfs_close(&fake->tree);
	nftw(fake->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void make_parents(const struct fake *fake, const char *path)
{
	char part[SYSFS_PATH];

	for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		ck_assert(mkdirat(fake->tree.root, part, 0755) == 0 || errno == EEXIST);
	}
}

void fake_set(struct fake *fake, const char *path, const char *value)
{
	char name[SYSFS_PATH];

	if (value == NULL) {
		ck_assert_int_eq(unlinkat(fake->tree.root, path, 0), 0);
		return;
	}
	make_parents(fake, path);
	snprintf(name, sizeof(name), "%s/%s", fake->directory, path);
	AUTO_FCLOSE FILE *file = fopen(name, "w");
	ck_assert_ptr_nonnull(file);
	fprintf(file, "%s\n", value);
}

const char *fake_get(struct fake *fake, const char *path)
{
	static _Thread_local char value[SYSFS_VALUE];
	ssize_t length = sysfs_files.read(&fake->tree, path, value, sizeof(value) - 1);

	if (length < 0)
		return NULL;
	value[length > 0 ? length - 1 : 0] = '\0';
	return value;
}
