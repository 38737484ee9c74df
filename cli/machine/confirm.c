/* odmcfg confirm: keeps what chdev --confirm changed; the process that waits puts it back instead.
 */
#include <unistd.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/kernel.h"
#include "cli/shared/arguments.h"
#include "cli/shared/confirmation.h"
#include "cli/shared/device_command.h"
#include "cli/shared/names.h"
#include "commands.h"

static const char usage[] = "odmcfg confirm [-l Name] [-h]\n"
			    "       odmcfg confirm --wait Name";

struct request {
	const char *name, *waits_for;
};

static const struct argument stored[] = {ARGUMENT_TEXT('l', struct request, name),
	ARGUMENT_TEXT('w', struct request, waits_for), {0}};

/* Runs the device's Change method. False with a message. */
static bool change(const char *name, const char *assignments, const char *reach)
{
	AUTO(method_output_release) struct method_output output = {0};
	AUTO(device_release) struct device device = {0};
	const char *const arguments[] = {"-l", name, "-a", assignments, reach, NULL};

	return device_command_find(name, &device) &&
	       device_command_method(device.pddv.Change, arguments, &output) == E_OK;
}

/* Stores what was asked for; the kernel has it. 1, 0 when the device waits for nothing, -1. */
static int keep(const char *name)
{
	AUTO(confirmation_release) struct confirmation confirmation = {0};
	int found = confirmation_read(name, &confirmation);

	if (found != 1)
		return found;
	if (!change(name, confirmation.asked.data, NULL) || !confirmation_remove(name))
		return -1;
	foreign_printf(stdout, "%s keeps %s\n", name, confirmation.asked.data);
	return 1;
}

static int keep_all(const char *pattern)
{
	AUTO(names_release) struct names names = {0};
	int kept = 0, failed = 0;

	if (!names_match(&names, pattern))
		return EXIT_FAILED;
	for (int i = 0; i < names.count; i++) {
		int result = keep(names.list[i]);
		kept += result == 1;
		failed += result < 0;
	}
	if (kept == 0 && failed == 0)
		message("no change waits to be confirmed");
	return kept > 0 && failed == 0 ? 0 : EXIT_FAILED;
}

/* Sleeps until the deadline, which a later change of the device moves; then the old values are
 * back. */
static int wait_and_restore(const char *name)
{
	AUTO(confirmation_release) struct confirmation confirmation = {0};

	for (;;) {
		confirmation_release(&confirmation);
		if (confirmation_read(name, &confirmation) != 1)
			return 0;
		long long left = confirmation.deadline - confirmation_now();
		if (left <= 0)
			break;
		sleep(left < 60 ? (unsigned)left : 60);
	}
	if (!device_command_begin(true))
		return EXIT_FAILED;
	/* It may have been confirmed while the lock was waited for. */
	confirmation_release(&confirmation);
	if (confirmation_read(name, &confirmation) != 1)
		return 0;
	return change(name, confirmation.before.data, "-T") && confirmation_remove(name)
		       ? 0
		       : EXIT_FAILED;
}

int confirm_main(int argc, char **argv)
{
	static const struct option options[] = {{"wait", required_argument, NULL, 'w'}, {0}};
	static const struct syntax syntax = {usage, "l:h", options, stored, NULL};
	struct request request = {0};

	int status = arguments_read(argc, argv, &syntax, &request);
	if (status >= 0)
		return status;
	if (request.waits_for != NULL)
		return request.name != NULL
			       ? usage_mistake(usage, "-l and --wait exclude each other")
			       : wait_and_restore(request.waits_for);
	if (!device_command_begin(true))
		return EXIT_FAILED;
	return keep_all(request.name != NULL ? request.name : "*");
}
