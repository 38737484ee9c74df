/* A tree of attributes in a temporary directory, which refuses, rounds and vanishes by plan. */
#pragma once

#include <stdatomic.h>

#include "sysfs/tree.h"

struct fake {
	struct sysfs_tree tree;
	char directory[32];
	/*
	 * What happens when a value is written, and when one is read: 0, or an errno. A written
	 * value may be changed in its room of SYSFS_VALUE bytes: that is what the file has then.
	 */
	int (*on_write)(struct fake *fake, const char *path, char *value);
	int (*on_read)(struct fake *fake, const char *path);
	atomic_uint writes, reads;
	void *closure; /* the plan's */
};

void fake_open(struct fake *fake);
void fake_close(struct fake *fake);

/* What a file has, made with its directories when it is not there; NULL removes it. */
void fake_set(struct fake *fake, const char *path, const char *value);
const char *fake_get(struct fake *fake, const char *path);
