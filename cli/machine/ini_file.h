/* Files of sections and settings, as tuned's profiles are. */
#pragma once

#include <stdbool.h>

struct ini_setting {
	char *section, *key, *value; /* without blanks around */
	const char *path; /* the file that it is from */
	int line;
};

/* What is read of one file, or of several one after the other. */
struct ini_file {
	char **texts; /* that the settings are in, and the files' names */
	int text_count;
	struct ini_setting *settings;
	int count;
};
void ini_file_release(struct ini_file *file);

/*
 * Reads a file: [section], key=value, comments behind # and ;, and lines that begin with a blank as
 * more of the value before. What is before the first section is in `section`, or a mistake when
 * that is NULL. Settings that were read before stay in front. False with a message that has file
 * and line.
 */
bool ini_file_read(const char *path, const char *section, struct ini_file *file);

/* Moves all settings of one file behind those of another. False with a message. */
bool ini_file_append(struct ini_file *file, struct ini_file *other);

/* Takes all settings of a section out. */
void ini_file_drop(struct ini_file *file, const char *section);

/* Keeps a text that settings are in, which is the file's then. False with a message. */
bool ini_file_keep(struct ini_file *file, char *text);

/* A section's setting, the last one; NULL for none. */
const char *ini_file_find(const struct ini_file *file, const char *section, const char *key);
