/* What the readers of the history share; only files of this folder. */
#pragma once

#include <stdbool.h>

#include "storage/repository.h"
#include "storage/sqlite.h"

/* Whether the contents came to a version after an entry of the history. */
bool contents_newer_than_entry(struct repository *repository, sqlite3_int64 entry);

/* The object that a change set's row is about: its class and id. */
sqlite3_int64 change_object_id(sqlite3_changeset_iter *change, const char **table);
