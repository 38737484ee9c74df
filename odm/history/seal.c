/*
 * The seal of a kept copy: a line behind the last page, where SQLite does not look, with the time
 * of the state that was copied and a checksum. It is one file, so that it appears whole with its
 * seal.
 */
#include "seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "storage/error.h"
#include "storage/sqlite.h"

#define HEAD "odmcfg-copy 1 "
/* 20 digits, a point and 9 digits, a blank, the sum, a line end. */
#define TIME_LENGTH 30
#define SEAL_LENGTH (sizeof(HEAD) - 1 + TIME_LENGTH + 1 + SEAL_DIGITS)

/* What is read at a time. */
#define CHUNK 65536

static int fail_read(void)
{
	return odm_fail_errno(errno, ODMI_OPEN_ERR);
}

static void write_head(char head[SEAL_LENGTH + 1], struct timespec time)
{
	snprintf(
		head, SEAL_LENGTH + 1, HEAD "%020lld.%09ld ", (long long)time.tv_sec, time.tv_nsec);
}

/* The sum of the first bytes of a file and of a seal's head. */
static int sum_of(int fd, off_t length, const char *head, char sum[SEAL_DIGITS])
{
	XXH3_state_t state;
	AUTO_FREE char *bytes = malloc(CHUNK);

	if (bytes == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	if (lseek(fd, 0, SEEK_SET) < 0)
		return fail_read();
	XXH3_128bits_reset(&state);
	while (length > 0) {
		ssize_t count = read(fd, bytes, length < CHUNK ? (size_t)length : CHUNK);
		if (count < 0)
			return fail_read();
		if (count == 0)
			return odm_fail(ODMI_INVALID_CLASS);
		XXH3_128bits_update(&state, bytes, (size_t)count);
		length -= count;
	}
	XXH3_128bits_update(&state, head, strlen(head));
	XXH128_hash_t hash = XXH3_128bits_digest(&state);
	snprintf(sum, SEAL_DIGITS, "%016llx%016llx", (unsigned long long)hash.high64,
		(unsigned long long)hash.low64);
	return 0;
}

static int sum_of_file(const char *file, struct timespec time, char sum[SEAL_DIGITS])
{
	AUTO_CLOSE int fd = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char head[SEAL_LENGTH + 1];
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return fail_read();
	write_head(head, time);
	return sum_of(fd, status.st_size, head, sum);
}

int seal_append(const char *file, struct timespec time)
{
	char line[SEAL_LENGTH + 1], sum[SEAL_DIGITS];

	if (sum_of_file(file, time, sum) < 0)
		return -1;
	AUTO_CLOSE int fd = open(file, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return fail_read();
	write_head(line, time);
	strcat(strcat(line, sum), "\n");
	ssize_t written = write(fd, line, SEAL_LENGTH);
	if (written < 0)
		return odm_fail_errno(errno, ODMI_IO_ERR);
	return written == (ssize_t)SEAL_LENGTH ? 0 : odm_fail(ODMI_NO_SPACE);
}

/* A seal's line, whatever its sum. */
static bool read_line(const char *line, struct seal *seal)
{
	long long seconds;
	long nanoseconds;

	if (strncmp(line, HEAD, sizeof(HEAD) - 1) != 0 ||
		sscanf(line + sizeof(HEAD) - 1, "%20lld.%9ld %32[0-9a-f]", &seconds, &nanoseconds,
			seal->sum) != 3)
		return false;
	seal->time = (struct timespec){.tv_sec = seconds, .tv_nsec = nanoseconds};
	return true;
}

/* The seal is written as it would be anew: nothing of it may have changed. */
bool seal_check(const char *file, struct seal *seal)
{
	AUTO_CLOSE int fd = open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char line[SEAL_LENGTH + 1] = "", wanted[SEAL_LENGTH + 1], sum[SEAL_DIGITS];
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) ||
		status.st_size < (off_t)SEAL_LENGTH)
		return false;
	off_t length = status.st_size - (off_t)SEAL_LENGTH;
	if (pread(fd, line, SEAL_LENGTH, length) != (ssize_t)SEAL_LENGTH || !read_line(line, seal))
		return false;
	write_head(wanted, seal->time);
	if (sum_of(fd, length, wanted, sum) < 0)
		return false;
	strcat(strcat(wanted, sum), "\n");
	return memcmp(wanted, line, SEAL_LENGTH) == 0;
}

int seal_same(const char *file, const struct seal *sealed)
{
	char sum[SEAL_DIGITS];

	if (sum_of_file(file, sealed->time, sum) < 0)
		return -1;
	return strcmp(sum, sealed->sum) == 0;
}
