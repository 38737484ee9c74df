/* cfgmgr -i: device types that a folder has and the predefined database has not. */
#pragma once

#include <stdbool.h>

/*
 * Loads them from the schema files, *.cfg, of the folder; types that are there stay as they are.
 * tells: says how many on standard output. False with a message, and nothing is loaded.
 */
bool missing_types_load(const char *directory, bool tells);
