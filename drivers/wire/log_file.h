/*
 * kexd.log has a size: kexd renames it to kexd.log.1, where the one before is lost, and writes to a
 * new one; its workers follow. Where standard error is no such file, nothing happens.
 */
#pragma once

#define LOG_FILE_SIZE (4 << 20) /* bytes, at which it is renamed */
#define LOG_FILE_PERIOD 10000 /* milliseconds between two looks at it */

/*
 * What the main thread calls each time it has something to do, and LOG_FILE_PERIOD after it had:
 * they look no more often than that.
 */

/* kexd: begins a new file when this one is full. */
void log_file_limit(void);

/* A worker: goes on in the new file when there is one. */
void log_file_follow(void);
