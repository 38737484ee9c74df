/*
 * odmcfg boot: what a restart of the machine does to its devices. All are unconfigured, then those
 * that the machine has are configured with what the database says.
 */
#include <kex.h>

#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/device_command.h"
#include "cli/shared/host_shutdown.h"
#include "commands.h"
#include "config_rules.h"

static const char usage[] = "odmcfg boot [--force] [-v] [-h]";

struct request {
	bool force, verbose;
};

static const struct argument stored[] = {
	ARGUMENT_FLAG('f', struct request, force),
	ARGUMENT_FLAG('v', struct request, verbose),
	{0},
};

/* A host that has no device yet, as systemd starts it, is as good as a new one. */
static bool empty_host(bool force)
{
	struct kexd_status status;

	if (kexd_query(&status) < 0) {
		message("%s", kex_reason());
		return false;
	}
	if (status.state == KEXD_OTHER)
		return host_replace_other_build();
	return (status.state == KEXD_RUNNING && status.devices == 0) || host_stop(force);
}

int boot_main(int argc, char **argv)
{
	static const struct option options[] = {{"force", no_argument, NULL, 'f'}, {0}};
	static const struct syntax syntax = {usage, "vh", options, stored, NULL};
	AUTO(configure_report_release) struct configure_report report = {0};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (!device_command_begin(true) || !config_rules_ready() || !empty_host(request.force) ||
		!host_devices_down(SHUTDOWN_ALL, request.force))
		return EXIT_FAILED;
	configure_report_begin(&report, request.verbose);
	struct configure_tree tree = {.report = &report};
	bool ok = config_rules_run(2, 0, &tree);
	configure_report_finish(&report);
	device_command_keep_copy();
	return ok && !tree.failed ? 0 : EXIT_FAILED;
}
