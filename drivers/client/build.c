/* A kexd of another build: known by its version file, and ended. */
#include "client/build.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/root_file.h"
#include "client/client.h"
#include "wire/version.h"

/* Milliseconds that it has to unconfigure its devices, and then to be gone. */
#define GRACE 15000
#define LAST_GRACE 5000

struct build {
	char name[VERSION_LENGTH];
	unsigned magic;
	int writer; /* the process */
};

static bool read_build(struct build *build)
{
	char text[128];
	AUTO_CLOSE int fd = root_file_open(ROOT_RUN, VERSION_FILE, O_RDONLY, 0);
	ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	text[length > 0 ? length : 0] = '\0';
	return sscanf(text, VERSION_SCAN, build->name, &build->magic, &build->writer) == 3;
}

pid_t build_process(void)
{
	struct build build;

	return read_build(&build) ? build.writer : 0;
}

bool build_is_ours(pid_t pid, char *version)
{
	struct build build;

	/* A kexd that was killed left its file: the one that runs now wrote none. */
	if (!read_build(&build) || build.writer != pid) {
		snprintf(version, KEXD_VERSION, "before %s", ODMCFG_VERSION);
		return false;
	}
	snprintf(version, KEXD_VERSION, "%s (protocol %x)", build.name, build.magic);
	return build.magic == WIRE_MAGIC;
}

/* Whether the process has the file open: a pid alone may be another's by now. */
static bool has_open(pid_t pid, int file)
{
	char path[64];
	struct stat wanted, found;
	bool has = false;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	DIR *directory = opendir(path);
	if (directory == NULL || fstat(file, &wanted) < 0)
		goto out;
	for (struct dirent *entry; !has && (entry = readdir(directory)) != NULL;)
		has = fstatat(dirfd(directory), entry->d_name, &found, 0) == 0 &&
		      found.st_dev == wanted.st_dev && found.st_ino == wanted.st_ino;
out:
	if (directory != NULL)
		closedir(directory);
	return has;
}

/* Sends the signal and waits for the process's end, so long. */
static bool ends_by(int process, int signal, int milliseconds)
{
	struct pollfd wait = {.fd = process, .events = POLLIN};

	if (syscall(SYS_pidfd_send_signal, process, signal, NULL, 0) < 0)
		return errno == ESRCH;
	return poll(&wait, 1, milliseconds) > 0;
}

int build_end(pid_t pid, int pid_fd)
{
	AUTO_CLOSE int process = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;

	if (process < 0)
		return fail(errno, "process %d of kexd.pid: %s", (int)pid, strerror(errno));
	if (!has_open(pid, pid_fd))
		return fail(EPERM,
			"process %d of kexd.pid is not this root's kexd, or another user's",
			(int)pid);
	if (!ends_by(process, SIGTERM, GRACE) && !ends_by(process, SIGKILL, LAST_GRACE))
		return fail(
			errno, "kexd (process %d) can't be ended: %s", (int)pid, strerror(errno));
	return 0;
}
