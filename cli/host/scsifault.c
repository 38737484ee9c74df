/* odmcfg scsifault: makes an adapter's hardware fail, as far as that can be done. */
#include <fcntl.h>
#include <getopt.h>
#include <string.h>
#include <sys/scsi_buf.h>

#include "base/message.h"
#include "cli/shared/host_access.h"
#include "commands.h"

static const char usage[] = "odmcfg scsifault -l Adapter {reset | fatal | cmdfail | drop}";

static uint32_t event_of(const char *word)
{
	if (strcmp(word, "reset") == 0)
		return SCSI_RESET_EVENT;
	if (strcmp(word, "fatal") == 0)
		return SCSI_FATAL_HDW_ERR;
	if (strcmp(word, "drop") == 0)
		return SCSI_FAULT_SESSION;
	return strcmp(word, "cmdfail") == 0 ? SCSI_ADAP_CMD_FAILED : 0;
}

int scsifault_main(int argc, char **argv)
{
	const char *adapter = NULL;
	int option;

	while ((option = getopt(argc, argv, "l:")) != -1) {
		if (option != 'l')
			return usage_error(usage);
		adapter = option_value(optarg);
	}
	struct scsi_fault fault = {.event = argc - optind == 1 ? event_of(argv[optind]) : 0};
	if (adapter == NULL || fault.event == 0)
		return usage_error(usage);
	AUTO(host_file_close) struct kex_file *file = host_file_open(adapter, "", O_RDWR);
	if (file == NULL)
		return 1;
	if (kex_ioctl(file, SCIOFAULT, &fault) < 0) {
		message("%s: %s", adapter, host_reason());
		return 1;
	}
	return 0;
}
