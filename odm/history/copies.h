/* The kept copies of a repository, as the files of this folder find them. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "seal.h"

/* How many good copies are kept. */
#define COPIES_KEPT 3

/* A kept copy: a file beside the repository. */
struct copy {
	int number; /* the newest has the highest */
	bool good;
	struct seal seal; /* of a good one */
};

/* Those of a directory, the newest first. */
struct copies {
	struct copy *list;
	int count;
};

/* Finds and checks the copies of a directory. 0, or -1 and odmerrno. */
int copies_find(struct copies *copies, const char *directory);
void copies_release(struct copies *copies);
/* The newest that is good; NULL when none is. */
const struct copy *copies_newest(const struct copies *copies);
/* The file of a copy, to be freed; NULL when there is no memory. */
char *copy_file(const char *directory, int number);
/* Whether a file's name is that of a kept copy, which has to have a seal. */
bool copy_is_named_so(const char *file);
/* Whether a repository's files were written since a state of this time was read. */
bool copy_written_since(const char *directory, struct timespec time);
