/* odmcfg devfs: device files for every program, by a FUSE mount of the root's dev directory. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/message.h"
#include "base/paths.h"
#include "cli/shared/arguments.h"
#include "cli/shared/host_shutdown.h"
#include "commands.h"

static const char usage[] = "odmcfg devfs [--foreground | --unmount] [-h]";

/* Each call that waits has a thread. */
#define SHARED_OPTIONS "fsname=odmcfg,default_permissions,max_threads=256"

struct request {
	bool foreground, unmount;
};

static bool set_option(void *closure, int option, const char *value)
{
	struct request *request = closure;

	(void)value;
	if (option == 'f')
		request->foreground = true;
	else
		request->unmount = true;
	return true;
}

/* Replaces this process by a program. Returns only when that fails. */
static int replace_process(const char *program, const char *const arguments[])
{
	execvp(program, (char *const *)(uintptr_t)arguments);
	message("%s: %s%s", program, strerror(errno),
		errno == ENOENT ? "; Debian's package fuse3 has it" : "");
	return EXIT_FAILED;
}

/* Only root shares a mount with other users. */
static int mount_devices(const char *directory, bool foreground)
{
	AUTO_FREE char *program = install_path(INSTALL_KEXD, "devfs");
	const char *options = geteuid() == 0 ? SHARED_OPTIONS ",allow_other" : SHARED_OPTIONS;
	const char *const arguments[] = {
		program, directory, "-o", options, foreground ? "-f" : NULL, NULL};

	if (program == NULL || make_directories(directory) < 0) {
		message("%s: %s", directory, strerror(errno));
		return EXIT_FAILED;
	}
	/* The mount outlives the directory that this command was called in. */
	AUTO_FREE char *root = root_path(ROOT_RUN, NULL);
	if (root != NULL && getenv("ODMCFG_ROOT") != NULL) {
		root[strlen(root) - strlen("/run")] = '\0';
		setenv("ODMCFG_ROOT", root, 1);
	}
	return replace_process(program, arguments);
}

int devfs_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"foreground", no_argument, NULL, 'f'}, {"unmount", no_argument, NULL, 'u'}, {0}};
	static const struct syntax syntax = {usage, "h", options, NULL, set_option};
	struct request request = {0};
	AUTO_FREE char *directory = root_path(ROOT_DEV, NULL);

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (request.foreground && request.unmount)
		return usage_mistake(usage, "--foreground and --unmount exclude each other");
	if (directory == NULL) {
		message("there is not enough memory");
		return EXIT_FAILED;
	}
	if (!request.unmount)
		return mount_devices(directory, request.foreground);
	struct unmount_command unmount = host_unmount_command(directory, false);
	return replace_process(unmount.arguments[0], unmount.arguments);
}
