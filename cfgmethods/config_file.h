/* Files in libconfig's syntax, read whole and without its ways with numbers. */
#pragma once

#include <libconfig.h>

/*
 * Reads a file into `config`, which is initialised. It has to be a regular file: nothing is waited
 * for, and nothing endless is read. Returns NULL, or what is wrong with path and line, malloc'ed.
 */
char *config_file_read(const char *path, config_t *config);

/* The same of an open file, which `path` names. */
char *config_file_read_open(int fd, const char *path, config_t *config);
