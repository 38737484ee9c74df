/* A file system for SQLite whose writes and syncs can be made to fail. */
#pragma once

/* Makes it the default for what is opened from here on. */
void failing_vfs_install(void);

/*
 * Lets `good` more writes, syncs and truncations through and fails those that follow with an SQLite
 * code: `times` of them, all for -1. A negative `good` never fails.
 */
void failing_vfs_set(int good, int code, int times);

/* Whether one has failed since failing_vfs_set. */
int failing_vfs_failed(void);
