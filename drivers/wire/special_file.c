/* The text in a special file. */
#include "wire/special_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"

/* A file that is open for writing only is opened again: whoever holds it may not read it. */
int special_file_parse(int fd, dev_t *devno)
{
	char path[64], content[64], end;
	unsigned major_number, minor_number;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	AUTO_CLOSE int reader = open(path, O_RDONLY | O_CLOEXEC);
	if (reader < 0)
		return -1;
	ssize_t length = pread(reader, content, sizeof(content) - 1, 0);
	if (length < 0)
		return -1;
	content[length] = '\0';
	if (sscanf(content, "odmcfg device %u %u%c", &major_number, &minor_number, &end) != 3 ||
		end != '\n') {
		errno = ENXIO;
		return -1;
	}
	*devno = makedev(major_number, minor_number);
	return 0;
}
