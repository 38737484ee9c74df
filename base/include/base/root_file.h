/* The root's files, opened so that nobody else's file is meant by their names. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/paths.h"

/*
 * Opens a directory of the root for the ...at calls, made first when `make` says so. The root and
 * the directory have to be trusted (base/trust.h). Returns a descriptor, or -1 with errno and
 * root_file_reason().
 */
int root_directory_open(enum root_directory directory, bool make) MUST_CHECK;

/*
 * Whether the root and those of its directories that are there are trusted: a look at each, without
 * opening them. False with root_file_reason().
 */
bool root_directories_trusted(const enum root_directory *directories, size_t count) MUST_CHECK;

/*
 * open(2) of a file of such a directory, which O_CREAT makes when it is missing. The file has to be
 * a trusted regular one: a link is not followed, a FIFO or a device is not waited for. Returns a
 * descriptor, or -1 with errno and root_file_reason().
 */
int root_file_open(
	enum root_directory directory, const char *file, int flags, mode_t mode) MUST_CHECK;

/* The same for reading by a stream; NULL on failure. */
FILE *root_file_read(enum root_directory directory, const char *file) MUST_CHECK;

/* Removes a file; one that is not there is success. 0, or -1 with errno and root_file_reason(). */
int root_file_remove(enum root_directory directory, const char *file);

/* Why this thread's last call of these failed: the path and the cause, and what to do. */
const char *root_file_reason(void);
