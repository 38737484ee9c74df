/* Who holds a lock of a file, for messages to who waits for it. */
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

/*
 * The process that holds a lock of a file by flock(2), or with `byte` not -1 by fcntl(2) one that
 * covers that byte of it. 0 when nobody does, or it can't be known. The file is not opened: to
 * close it would give back the caller's own locks.
 */
pid_t lock_holder(const struct stat *file, long long byte);
