/* odmcfg kexd: the extension host's state, and its end. */
#include <getopt.h>
#include <kex.h>
#include <stdio.h>
#include <time.h>

#include "base/message.h"
#include "cli/shared/device_command.h"
#include "cli/shared/host_access.h"
#include "cli/shared/host_shutdown.h"
#include "commands.h"

static const char usage[] = "odmcfg kexd {--status | --stop [--force]}";

/* Exit status 0: running, 1: not. */
static int print_status(void)
{
	struct kexd_status status;
	char since[32];

	if (kexd_query(&status) < 0) {
		message("%s", host_reason());
		return 1;
	}
	switch (status.state) {
	case KEXD_STOPPED:
		printf("kexd is not running\n");
		return 1;
	case KEXD_DIED:
		printf("kexd (process %d) has died; cfgmgr starts it again with its devices\n",
			(int)status.pid);
		return 1;
	case KEXD_OTHER:
		printf("kexd is running: process %d, version %s, which does not understand this "
		       "one; cfgmgr replaces it\n",
			(int)status.pid, status.version);
		return 0;
	case KEXD_RUNNING:
		break;
	}
	time_t started = (time_t)status.started;
	struct tm local;
	strftime(since, sizeof(since), "%Y-%m-%d %H:%M:%S", localtime_r(&started, &local));
	printf("kexd is running: process %d since %s, version %s, %u extensions, %u devices\n",
		(int)status.pid, since, status.version, status.extensions, status.devices);
	return 0;
}

/* A root without a repository has no devices. */
static bool has_repository(void)
{
	if (odm_initialize() < 0 || odm_open_class(CuDv_CLASS) != ODM_FAILED)
		return true;
	return odmerrno != ODMI_CLASS_DNE && odmerrno != ODMI_INVALID_PATH;
}

static int stop(bool force)
{
	struct kexd_status status;

	/* Without the configuration lock: who holds it may be waiting for a driver. */
	if (!host_stop(force))
		return EXIT_FAILED;
	printf("kexd is stopped\n");
	if (!has_repository())
		return 0;
	if (!device_command_begin(true))
		return EXIT_FAILED;
	/* Who waited for the lock may have started it again. */
	bool again = kexd_query(&status) == 0 && status.state == KEXD_RUNNING;
	bool ok = again || host_devices_down(SHUTDOWN_HOSTED, force);
	device_command_checkpoint();
	return ok ? 0 : EXIT_FAILED;
}

int kexd_main(int argc, char **argv)
{
	static const struct option options[] = {{"status", no_argument, NULL, 's'},
		{"stop", no_argument, NULL, 'x'}, {"force", no_argument, NULL, 'f'}, {0}};
	bool status = false, end = false, force = false;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 's')
			status = true;
		else if (option == 'x')
			end = true;
		else if (option == 'f')
			force = true;
		else
			return usage_error(usage);
	}
	if (status == end || (force && !end) || !no_operands(argc, argv))
		return usage_error(usage);
	return status ? print_status() : stop(force);
}
