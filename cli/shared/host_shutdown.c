/* Stops the extension host, takes device files away, and makes devices Defined. */
#include "host_shutdown.h"

#include <errno.h>
#include <kex.h>
#include <mntent.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "base/paths.h"
#include "base/process.h"

/* The first device that a process has open, with that process; "" when it was closed meanwhile. */
static void describe_open(char *description, size_t size)
{
	AUTO_FREE struct kex_device *list = NULL;
	char process[400];
	ssize_t count = kex_devices(&list);

	*description = '\0';
	for (ssize_t i = 0; i < count && *description == '\0'; i++)
		if (list[i].openers[0] != 0) {
			process_description(list[i].openers[0], process, sizeof(process));
			snprintf(
				description, size, "%s is open: process %s", list[i].name, process);
		}
}

bool host_stop(bool force)
{
	char open[512];

	if (kexd_stop(force) == 0)
		return true;
	if (errno == EBUSY) {
		describe_open(open, sizeof(open));
		message("kexd is not stopped: %s; close it, or use --force",
			open[0] != '\0' ? open : "a device was open");
	} else {
		message("kexd is not stopped: %s", kex_reason());
	}
	return false;
}

bool host_replace_other_build(void)
{
	struct kexd_status status;

	if (kexd_query(&status) < 0 || status.state != KEXD_OTHER)
		return true;
	if (kexd_stop(true) == 0)
		return true;
	message("kexd (process %d) is not replaced: %s", (int)status.pid, kex_reason());
	return false;
}

static bool is_mounted(const char *directory)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	bool found = false;

	for (struct mntent *mount; mounts != NULL && (mount = getmntent(mounts)) != NULL;)
		found = found || (strcmp(mount->mnt_fsname, "odmcfg") == 0 &&
					 strcmp(mount->mnt_dir, directory) == 0);
	if (mounts != NULL)
		endmntent(mounts);
	return found;
}

struct unmount_command host_unmount_command(const char *directory, bool force)
{
	return (struct unmount_command){
		{"fusermount3", force ? "-uz" : "-u", "--", directory, NULL}};
}

/* Files of no devices. They are closed by whoever has them open, sooner or later. */
static bool unmount_devices(bool force)
{
	AUTO_FREE char *named = root_path(ROOT_DEV, NULL);
	AUTO_FREE char *directory = named != NULL ? realpath(named, NULL) : NULL;
	struct unmount_command command = host_unmount_command(directory, force);
	pid_t child;
	int status = -1;

	if (directory == NULL || !is_mounted(directory))
		return true;
	int error = posix_spawnp(&child, command.arguments[0], NULL, NULL,
		(char *const *)(uintptr_t)command.arguments, environ);
	while (error == 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (error == 0 && status == 0)
		return true;
	message("%s is still mounted: fusermount3: %s", directory,
		error != 0 ? strerror(error) : "it failed; odmcfg devfs --unmount tries again");
	return false;
}

bool host_devices_down(enum shutdown_extent extent, bool force)
{
	AUTO(method_output_release) struct method_output output = {0};
	bool unmounted = unmount_devices(force);

	if (shutdown_devices(extent, &output) == E_OK)
		return unmounted;
	message("the devices are not Defined: %s",
		output.reason.data != NULL ? output.reason.data : "there is not enough memory");
	return false;
}
