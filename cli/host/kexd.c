/* odmcfg kexd: the extension host's state, and its end. */
#include <kex.h>
#include <stdio.h>
#include <time.h>

#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/host_access.h"
#include "cli/shared/host_shutdown.h"
#include "cli/shared/json_output.h"
#include "commands.h"

static const char usage[] = "odmcfg kexd {--status [--json] | --stop [--force]} [-h]";

struct request {
	bool status, stop, force, json;
};

static const struct argument stored[] = {ARGUMENT_FLAG('s', struct request, status),
	ARGUMENT_FLAG('x', struct request, stop), ARGUMENT_FLAG('f', struct request, force),
	ARGUMENT_FLAG('j', struct request, json), {0}};

static bool status_members(json_t *object, const struct kexd_status *status)
{
	static const char *const states[] = {[KEXD_STOPPED] = "stopped",
		[KEXD_DIED] = "died",
		[KEXD_OTHER] = "other version",
		[KEXD_RUNNING] = "running"};

	if (!json_set(object, "state", json_string(states[status->state])))
		return false;
	if (status->state == KEXD_STOPPED)
		return true;
	if (!json_set(object, "process", json_integer(status->pid)))
		return false;
	if (status->state == KEXD_DIED)
		return true;
	if (!json_set(object, "version", json_text(status->version)))
		return false;
	return status->state == KEXD_OTHER ||
	       (json_set(object, "since", json_time((int64_t)status->started)) &&
		       json_set(object, "extensions", json_integer(status->extensions)) &&
		       json_set(object, "devices", json_integer(status->devices)));
}

/* The exit status is the same as without --json. */
static int print_status_json(void)
{
	struct kexd_status status;
	AUTO(json_release) json_t *object = json_object();

	if (kexd_query(&status) < 0) {
		message("%s", host_reason());
		return 1;
	}
	if (!json_output(status_members(object, &status) ? object : NULL))
		return 1;
	return status.state == KEXD_RUNNING || status.state == KEXD_OTHER ? 0 : 1;
}

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
		{"stop", no_argument, NULL, 'x'}, {"force", no_argument, NULL, 'f'},
		{"json", no_argument, NULL, 'j'}, {0}};
	static const struct syntax syntax = {usage, "h", options, stored, NULL};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (request.status == request.stop)
		return usage_mistake(usage, request.stop ? "--status and --stop exclude each other"
							 : "--status or --stop is missing");
	if (request.force && !request.stop)
		return usage_mistake(usage, "--force is for --stop");
	if (request.json && !request.status)
		return usage_mistake(usage, "--json is for --status");
	if (request.stop)
		return stop(request.force);
	return request.json ? print_status_json() : print_status();
}
