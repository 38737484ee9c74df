/* Who holds a lock of a file, read from /proc/locks. */
#include "base/holder.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"

struct held {
	char kind[16];
	int pid;
	unsigned major, minor;
	unsigned long inode;
	long long first, last;
};

/* "1: POSIX  ADVISORY  WRITE 123 fe:00:456 120 120"; one that waits has "->" behind the number. */
static bool read_line(const char *line, struct held *held)
{
	char last[32];

	if (sscanf(line, "%*d: %15s %*s %*s %d %x:%x:%lu %lld %31s", held->kind, &held->pid,
		    &held->major, &held->minor, &held->inode, &held->first, last) != 7)
		return false;
	if (strcmp(last, "EOF") == 0)
		held->last = -1;
	else if (sscanf(last, "%lld", &held->last) != 1)
		return false;
	return true;
}

static bool covers(const struct held *held, long long byte)
{
	if (byte == -1)
		return strcmp(held->kind, "FLOCK") == 0;
	return (strcmp(held->kind, "POSIX") == 0 || strcmp(held->kind, "OFDLCK") == 0) &&
	       held->first <= byte && (held->last == -1 || byte <= held->last);
}

pid_t lock_holder(const struct stat *file, long long byte)
{
	AUTO_FCLOSE FILE *locks = fopen("/proc/locks", "re");
	char line[256];
	struct held held;

	while (locks != NULL && fgets(line, sizeof(line), locks) != NULL)
		if (read_line(line, &held) && held.pid > 0 && held.pid != getpid() &&
			held.inode == file->st_ino && held.major == major(file->st_dev) &&
			held.minor == minor(file->st_dev) && covers(&held, byte))
			return held.pid;
	return 0;
}
