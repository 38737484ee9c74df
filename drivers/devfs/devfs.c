/*
 * devfs DIRECTORY [option...]: the device special files as files for every program, so that dd,
 * cat, poll and ioctl work. Owner and mode of a file are the special file's, and say who may open
 * it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "devfs/open_device.h"

#define MOST_WRITE (1u << 20) /* bytes: one write is one record, so it must not be split */

/* The directory of the special files. */
static int special_fd = -1;

/* A path without its slash; the root itself is ".". */
static const char *name_of(const char *path)
{
	return path[1] != '\0' ? path + 1 : ".";
}

/* A signal to a program that waits in a read becomes one to the thread that reads for it. */
static void ignore(int number)
{
	(void)number;
}

static bool catch_interrupts(struct fuse_config *config)
{
	const struct sigaction action = {.sa_handler = ignore};

	config->intr = 1;
	config->intr_signal = SIGUSR1;
	return sigaction(SIGUSR1, &action, NULL) == 0;
}

static void *begin(struct fuse_conn_info *connection, struct fuse_config *config)
{
	connection->max_write = MOST_WRITE;
	config->direct_io = 1;
	/* What the driver says is what counts, and owner and mode may change at any time. */
	config->attr_timeout = config->entry_timeout = config->negative_timeout = 0;
	if (!catch_interrupts(config) || open_devices_begin() != 0)
		fuse_exit(fuse_get_context()->fuse);
	return NULL;
}

static int get_attributes(const char *path, struct stat *status, struct fuse_file_info *info)
{
	(void)info;
	if (fstatat(special_fd, name_of(path), status, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (!S_ISDIR(status->st_mode))
		status->st_size = 0;
	return 0;
}

static int list(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset,
	struct fuse_file_info *info, enum fuse_readdir_flags flags)
{
	(void)path;
	(void)offset;
	(void)info;
	(void)flags;
	int fd = openat(special_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	if (directory == NULL)
		return -errno;
	for (const struct dirent *entry = readdir(directory); entry != NULL;
		entry = readdir(directory))
		if (fill(buffer, entry->d_name, NULL, 0, 0) != 0)
			break;
	closedir(directory);
	return 0;
}

static int change_mode(const char *path, mode_t mode, struct fuse_file_info *info)
{
	(void)info;
	return fchmodat(special_fd, name_of(path), mode & 0777, 0) < 0 ? -errno : 0;
}

static int change_owner(const char *path, uid_t uid, gid_t gid, struct fuse_file_info *info)
{
	(void)info;
	return fchownat(special_fd, name_of(path), uid, gid, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

/* A shell's > truncates first: there is nothing to truncate. */
static int truncate_file(const char *path, off_t size, struct fuse_file_info *info)
{
	(void)path;
	(void)size;
	(void)info;
	return 0;
}

static struct open_device *device_of(const struct fuse_file_info *info)
{
	return (struct open_device *)(uintptr_t)info->fh;
}

static int open_file(const char *path, struct fuse_file_info *info)
{
	struct open_device *device;
	int error =
		open_device_create(name_of(path), info->flags & (O_ACCMODE | O_NONBLOCK), &device);

	if (error != 0)
		return -error;
	info->fh = (uint64_t)(uintptr_t)device;
	info->direct_io = 1;
	info->nonseekable = 1;
	return 0;
}

static int close_file(const char *path, struct fuse_file_info *info)
{
	(void)path;
	open_device_close(device_of(info));
	return 0;
}

static int read_file(
	const char *path, char *buffer, size_t size, off_t offset, struct fuse_file_info *info)
{
	(void)path;
	(void)offset;
	return open_device_read(device_of(info), buffer, size);
}

static int write_file(const char *path, const char *buffer, size_t size, off_t offset,
	struct fuse_file_info *info)
{
	(void)path;
	(void)offset;
	return open_device_write(device_of(info), buffer, size);
}

static int poll_file(const char *path, struct fuse_file_info *info, struct fuse_pollhandle *handle,
	unsigned *revents)
{
	(void)path;
	return open_device_poll(device_of(info), handle, revents);
}

/* The host sees this process only: it is told when that asks for somebody with fewer rights. */
static bool is_privileged(void)
{
	uid_t uid = fuse_get_context()->uid;

	return uid == 0 || uid == geteuid();
}

static int control_file(const char *path, unsigned cmd, void *argument, struct fuse_file_info *info,
	unsigned flags, void *data)
{
	(void)path;
	(void)argument;
	if (flags & FUSE_IOCTL_COMPAT)
		return -ENOSYS;
	return open_device_ioctl(device_of(info), cmd, data, is_privileged());
}

static const struct fuse_operations operations = {
	.init = begin,
	.getattr = get_attributes,
	.readdir = list,
	.chmod = change_mode,
	.chown = change_owner,
	.truncate = truncate_file,
	.open = open_file,
	.release = close_file,
	.read = read_file,
	.write = write_file,
	.poll = poll_file,
	.ioctl = control_file,
};

int main(int argc, char **argv)
{
	AUTO_FREE char *special = root_path(ROOT_SPECIAL, NULL);

	if (special == NULL || make_directories(special) < 0 ||
		(special_fd = open(special, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0) {
		fprintf(stderr, "devfs: %s: %m\n", special != NULL ? special : "");
		return 1;
	}
	return fuse_main(argc, argv, &operations, NULL);
}
