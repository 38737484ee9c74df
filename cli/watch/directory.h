/* Which devices are meant by the kernel's names. */
#pragma once

#include <stdbool.h>

#include "cli/shared/names.h"

struct directory_entry {
	char os_name[64];
	char name[16]; /* the device's */
	char place[64]; /* the directory of its type, as "class/net" */
	bool touched;
};

struct directory {
	struct directory_entry *entries; /* sorted by os_name */
	int count;
	int touched; /* entries that are */
};
void directory_release(struct directory *directory);

/* Reads it anew, nothing touched. False with a message; it is as it was then. */
bool directory_read(struct directory *directory);

/* Touches the devices of a kernel's name in a subsystem. False when there is none. */
bool directory_touch(struct directory *directory, const char *subsystem, const char *os_name);
void directory_touch_all(struct directory *directory);

/* Adds the names of those that were touched, which are not any more. False with a message. */
bool directory_take(struct directory *directory, struct names *names);
