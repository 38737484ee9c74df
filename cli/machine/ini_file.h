/* Files of sections and settings, as tuned's profiles are. */
#pragma once

#include <stdbool.h>

struct ini_setting {
	char *section, *key, *value; /* without blanks around */
	int line;
};

struct ini_file {
	char *text; /* that the settings are in */
	struct ini_setting *settings;
	int count;
};
void ini_file_release(struct ini_file *file);

/*
 * Reads a file: [section], key=value, comments behind # and ;, and lines that begin with a blank as
 * more of the value before. False with a message that has file and line.
 */
bool ini_file_read(const char *path, struct ini_file *file);

/* A section's setting, the last one; NULL for none. */
const char *ini_file_find(const struct ini_file *file, const char *section, const char *key);
