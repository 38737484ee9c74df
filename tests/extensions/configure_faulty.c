/*
 * configure_faulty EXTENSION ADAPTER FAULT [alone|others]: configures the faulty extension beside
 * an adapter, or where that can't work. configure_faulty EXTENSION term: unconfigures it.
 * configure_faulty EXTENSION kill ADAPTER: kills the adapter's process and unconfigures the adapter
 * at once, before its process is started again: 0 when its driver refused that with EBUSY.
 */
#include <errno.h>
#include <kex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/device.h>
#include <sys/sysmacros.h>

#include "faulty.h"

#define DEVNO makedev(200, 0)

static const char *const faults[] = {
	"none", "crash", "abort", "overflow", "loop", "sleep", "modify", "hang", "at-once"};

static dev_t find(const char *name)
{
	struct kex_device *list = NULL;
	ssize_t count = kex_devices(&list);
	dev_t devno = 0;

	for (ssize_t i = 0; i < count; i++)
		if (strcmp(list[i].name, name) == 0)
			devno = list[i].devno;
	free(list);
	return devno;
}

static int call(mid_t kmid, int cmd, struct faulty_dds *dds, dev_t process_of)
{
	struct cfg_dd parameter = {.kmid = kmid,
		.devno = DEVNO,
		.cmd = cmd,
		.ddsptr = (char *)dds,
		.ddslen = dds != NULL ? (int)sizeof(*dds) : 0};
	int result = kex_sysconfig(SYS_CFGDD, &parameter, sizeof(parameter), process_of);

	if (result < 0)
		fprintf(stderr, "sysconfig: %m: %s\n", kex_reason());
	return result;
}

static int configure(char *path, char **arguments, const char *where)
{
	struct cfg_load load = {.path = path};
	struct faulty_dds dds = {.scsi_id = 3, .adapter = find(arguments[0])};

	for (uint32_t fault = 0; fault < sizeof(faults) / sizeof(*faults); fault++)
		if (strcmp(faults[fault], arguments[1]) == 0)
			dds.fault = fault;
	if (sysconfig(SYS_SINGLELOAD, &load, sizeof(load)) < 0) {
		fprintf(stderr, "load: %s\n", kex_reason());
		return 1;
	}
	dev_t process_of = where == NULL                 ? dds.adapter
			   : strcmp(where, "alone") == 0 ? KEX_OWN_PROCESS
							 : KEX_SHARED_PROCESS;
	if (call(load.kmid, CFG_INIT, &dds, process_of) == 0)
		return 0;
	sysconfig(SYS_KULOAD, &load, sizeof(load));
	return 1;
}

static int kill_and_terminate(const char *adapter)
{
	struct cfg_dd parameter = {.devno = find(adapter), .cmd = CFG_TERM};
	struct kex_device device;

	if (kex_device(parameter.devno, &device) != 1 || kill(device.process, SIGKILL) < 0)
		return 1;
	/* Until the host has noticed the end a call fails with it. */
	while (sysconfig(SYS_CFGDD, &parameter, sizeof(parameter)) < 0)
		if (errno != EIO) {
			fprintf(stderr, "sysconfig: %m: %s\n", kex_reason());
			return errno != EBUSY;
		}
	fprintf(stderr, "%s was unconfigured below its devices\n", adapter);
	return 1;
}

int main(int argc, char **argv)
{
	struct cfg_load load = {.path = argc > 1 ? argv[1] : NULL};

	if (argc == 4 && strcmp(argv[2], "kill") == 0)
		return kill_and_terminate(argv[3]);
	if (argc == 4 || argc == 5)
		return configure(argv[1], argv + 2, argv[4]);
	if (argc != 3 || strcmp(argv[2], "term") != 0)
		return 2;
	if (sysconfig(SYS_QUERYLOAD, &load, sizeof(load)) < 0 ||
		call(load.kmid, CFG_TERM, NULL, KEX_SHARED_PROCESS) < 0)
		return 1;
	return sysconfig(SYS_KULOAD, &load, sizeof(load)) < 0;
}
