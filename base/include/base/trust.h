/* Whose files and directories this process may rely on. Most callers want base/root_file.h. */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

#define TRUST_WHY 128

/*
 * Root relies on what is root's own and what nobody else may write, another user on what is root's
 * or his. False: *why tells the reason as what follows a path, "belongs to user bob, ...".
 */
bool file_trusted(const struct stat *status, char why[TRUST_WHY]);
