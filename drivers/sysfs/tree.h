/*
 * A tree of kernel attributes: the kernel's own under /sys, a recorded one, or a test's that
 * misbehaves by plan. Every path is relative to its root and can't lead out of it. For the methods
 * of this machine's own devices; knows no database.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/cleanup.h"

/* The longest path in a tree, and the longest value that is one line or list, with their NUL. The
 * kernel ends a value at a page; less leaves the reader's frame its own room beside it. */
#define SYSFS_PATH 512
#define SYSFS_VALUE 3072

struct sysfs_tree;

/* How values are read and written: the kernel's files, unless a test puts its own in the place. */
struct sysfs_access {
	/* At most `size` bytes: their number, or -1 and errno. What gives EINTR is called again. */
	ssize_t (*read)(const struct sysfs_tree *tree, const char *path, void *room, size_t size);
	/* All bytes at once: 0, or -1 and errno. */
	int (*write)(
		const struct sysfs_tree *tree, const char *path, const void *value, size_t length);
	/* Why this thread's last write failed, in the kernel's own words; "" for none. Or NULL. */
	const char *(*reason)(void);
};
extern const struct sysfs_access sysfs_files;

struct sysfs_tree {
	int root; /* descriptor of the directory */
	size_t root_length; /* of its name; 0: not known */
	const struct sysfs_access *access;
	void *closure; /* the access's */
	const struct sysfs_place *place; /* entered last, or NULL */
};

/* Opens a tree, /sys when `root` is NULL. 0, or -1 and errno; sysfs_close it. */
int sysfs_open(struct sysfs_tree *tree, const char *root) MUST_CHECK;
void sysfs_close(struct sysfs_tree *tree);

/*
 * A directory that stays open while several of its files are read or written by `tree`, which is
 * the tree that it was entered in: the kernel need not follow the whole way to each. It is not to
 * be copied, and stays the directory that it was when that one goes.
 */
struct sysfs_place {
	struct sysfs_tree tree;
	const struct sysfs_place *outer; /* entered before this one, or NULL */
	int directory;
	char path[SYSFS_PATH]; /* as it was entered by */
	char canonical[SYSFS_PATH]; /* as of sysfs_resolve; "" before sysfs_find_place */
};

/* Places may be entered in places. 0, or -1 and errno; sysfs_leave it. */
int sysfs_enter(
	const struct sysfs_tree *tree, const char *path, struct sysfs_place *place) MUST_CHECK;
void sysfs_leave(struct sysfs_place *place);

/* Finds out where it is, for paths that have that way: 0, or -1 and errno. */
int sysfs_find_place(struct sysfs_place *place) MUST_CHECK;

/*
 * A value without the newline at its end, and NUL-terminated: its length, cut off where the room
 * ends; -1 and errno. What devices say of themselves is data: it may have any byte but NUL.
 */
ssize_t sysfs_read(
	const struct sysfs_tree *tree, const char *path, char *room, size_t size) MUST_CHECK;

/*
 * The same of PATH/NAME, for who reads several values of one device; a name with a slash first is
 * beneath the root.
 */
ssize_t sysfs_read_at(const struct sysfs_tree *tree, const char *path, const char *name, char *room,
	size_t size) MUST_CHECK;

/* A number in decimal, octal or hexadecimal: 0, or -1 and errno (EINVAL: it is none). */
int sysfs_read_number(const struct sysfs_tree *tree, const char *path, const char *name,
	long long *number) MUST_CHECK;

/* The bytes as they are, of binary attributes: their number, or -1 and errno. */
ssize_t sysfs_read_bytes(
	const struct sysfs_tree *tree, const char *path, void *room, size_t size) MUST_CHECK;

/*
 * Writes a value with a newline behind it. The last part of the path is no symbolic link, and the
 * file exists. 0, or -1 with the errno of what the kernel says.
 */
int sysfs_write(const struct sysfs_tree *tree, const char *path, const char *value) MUST_CHECK;
int sysfs_write_at(const struct sysfs_tree *tree, const char *path, const char *name,
	const char *value) MUST_CHECK;

/*
 * What a file is and who may do what with it, as of stat: 0, or -1 and errno. The kernel lets root
 * open some that are not for writing, and refuses the write.
 */
int sysfs_mode(
	const struct sysfs_tree *tree, const char *path, const char *name, mode_t *mode) MUST_CHECK;

/* Whether there is something at the path. */
bool sysfs_exists(const struct sysfs_tree *tree, const char *path);

/* The names in a directory. */
struct sysfs_names {
	char **names; /* in the order of their numbers: sda, sdb, ..., sdaa; eth2, eth10 */
	size_t count;
};
void sysfs_names_release(struct sysfs_names *names);

/* Reads them, none of a directory that is not there: 0, or -1 and errno. */
int sysfs_list(
	const struct sysfs_tree *tree, const char *path, struct sysfs_names *names) MUST_CHECK;

/*
 * Where a path leads to, links followed, relative to the root: "devices/pci0000:00/...". 0, or -1
 * and errno.
 */
int sysfs_resolve(
	const struct sysfs_tree *tree, const char *path, char room[SYSFS_PATH]) MUST_CHECK;

/* The last part of where a link leads to, as of "driver" or "subsystem": 0, or -1 and errno. */
int sysfs_link_name(const struct sysfs_tree *tree, const char *path, const char *name, char *room,
	size_t size) MUST_CHECK;
