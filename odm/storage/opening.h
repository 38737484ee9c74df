/* What the files of this folder do for one another when a repository is opened; no other floor. */
#pragma once

#include <stdbool.h>

#include "storage/repository.h"

/* The repository of an odm.db's directory, opened. NULL and odmerrno. */
typedef struct repository *repository_opener(const char *directory, bool create);

/* Makes the catalogue in an empty database. */
int format_make(sqlite3 *database);

/* Opens the repository's database, checks it, and has it wait and write back as below. */
int connection_open(struct repository *repository, const char *file);

/* Says when a connection writes the log back: after large commits, and when it is asked to. */
void checkpoint_prepare(struct repository *repository);

/* Makes the connection wait for other processes, half a minute at most. */
void wait_prepare(struct repository *repository);
/* Waits for a lock by flock(2); odm_on_wait's routine is given the path: 0, or -1 and errno. */
int wait_for_lock(int fd, const char *path);

/* Brings a repository to the level of odm_begin's transactions: 0, or -1 and odmerrno. */
int nesting_join(struct repository *repository);

/* repository_recover: `open_other` opens those other repositories. */
int recovery_finish(struct repository *repository, repository_opener *open_other);

/* Gives back what a thread holds that ended. */
void lock_end_thread(unsigned long thread);
