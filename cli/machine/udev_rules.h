/* Files of udev rules, read into keys: udev(7). */
#pragma once

#include <stdbool.h>

struct udev_key {
	char *name; /* KERNEL */
	char *attribute; /* of NAME{attribute}; NULL for none */
	char operator[3]; /* == != = += -= := */
	char *value; /* without its quotes */
	bool ignore_case; /* i"..." */
};

struct udev_rule {
	int line; /* where it begins */
	struct udev_key *keys;
	int count;
};

struct udev_rules {
	char *text; /* that the keys are in */
	struct udev_rule *rules;
	int count;
};
void udev_rules_release(struct udev_rules *rules);

/*
 * Reads a file. A rule that makes no sense is told with file and line, left out as udev does, and
 * counted in *mistakes. False with a message when the file can't be read.
 */
bool udev_rules_read(const char *path, struct udev_rules *rules, int *mistakes);

/* Whether a key compares, and does not assign. */
bool udev_key_matches(const struct udev_key *key);
