/* A profile of tuned with those that it includes, and with its variables worked out. */
#pragma once

#include "ini_file.h"
#include "wishes.h"

/*
 * Reads a profile. What it includes is looked for where tuned does, and beside the profile's own
 * folder; its settings come first. What can't be followed is told and left. False with a message.
 */
bool tuned_profile_read(const char *path, struct ini_file *profile, struct wishes *wishes);

/*
 * A setting's value with its variables replaced, to be freed. NULL with *why when that can't be, or
 * with *why NULL and a message without memory.
 */
char *tuned_value(const struct ini_file *profile, const char *value, const char **why);

/* Whether a later setting is of the same section and has the same key. */
bool tuned_is_overridden(const struct ini_file *profile, int place);
