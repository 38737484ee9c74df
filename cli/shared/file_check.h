/* Whether files that a user names are there, before anything is done. For commands. */
#pragma once

#include <stdbool.h>

/* Whether a file can be read; "-" is standard input. False, with a message that has the cause. */
bool file_is_there(const char *path);

/* Whether there is a directory for a file, or a directory, that is to be made. As above. */
bool file_has_place(const char *path);
