/* What the readers of the history share; only files of this folder. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "storage/repository.h"
#include "storage/sqlite.h"

/* Whether the contents came to a version after an entry of the history. */
bool contents_newer_than_entry(struct repository *repository, sqlite3_int64 entry);

/* The object that a change set's row is about: its class and id. */
sqlite3_int64 change_object_id(sqlite3_changeset_iter *change, const char **table);

/* Copies a database into a file, one state of it and a single file. 0, or -1 and odmerrno. */
int backup_write(sqlite3 *from, const char *file);
/* Has a file, or the directory that a file is in, written to the disk. 0, or -1 and odmerrno. */
int backup_sync_file(const char *file);
int backup_sync_directory(const char *file);
/* Gives a file the mode and owner of a directory's odm.db. 0, or -1 and odmerrno. */
int backup_give_mode(const char *file, const char *directory);
/*
 * Renames a directory's odm.db and what belongs to it to damaged-odm.db, and says so. 0, or -1 and
 * odmerrno with words on `errors`.
 */
int backup_put_aside(const char *directory, FILE *errors);
