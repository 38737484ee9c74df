/* Lists of device names, in order. For commands. */
#pragma once

#include <stdbool.h>

struct names {
	char (*list)[16];
	int count;
};
void names_release(struct names *names);

/* Adds a name: false without memory, or when it is too long for one. */
bool names_add(struct names *names, const char *name);

/* Adds the words of a method's answer. */
bool names_add_words(struct names *names, char *words);

/* False, with a message, for a name that no device has; true for a pattern. */
bool names_exist(const char *pattern);

/*
 * Adds the device of a name, or those that match a glob pattern, in natural order. False with a
 * message when there is none.
 */
bool names_match(struct names *names, const char *pattern);
