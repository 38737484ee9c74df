/* odmcfg scsifault: makes an adapter's hardware fail, as far as that can be done. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/scsi_buf.h>

#include "base/message.h"
#include "cli/shared/arguments.h"
#include "cli/shared/host_access.h"
#include "cli/shared/suggestion.h"
#include "commands.h"

static const char usage[] = "odmcfg scsifault -l Adapter {reset | fatal | cmdfail | drop}";

#define KIND "SCSI adapter"

struct request {
	const char *adapter;
};

static const struct argument stored[] = {ARGUMENT_TEXT('l', struct request, adapter), {0}};

/* 0, with a message, for a word that is no event. */
static uint32_t event_of(const char *word)
{
	static const struct {
		const char *word;
		uint32_t event;
	} known[] = {{"reset", SCSI_RESET_EVENT}, {"fatal", SCSI_FATAL_HDW_ERR},
		{"cmdfail", SCSI_ADAP_CMD_FAILED}, {"drop", SCSI_FAULT_SESSION}};
	struct suggestion suggestion = {.word = word};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (strcmp(known[i].word, word) == 0)
			return known[i].event;
		suggestion_consider(&suggestion, known[i].word);
	}
	if (suggestion.nearest != NULL)
		message("there is no event '%s'; did you mean %s?", word, suggestion.nearest);
	else
		message("there is no event '%s': there are reset, fatal, cmdfail and drop", word);
	return 0;
}

int scsifault_main(int argc, char **argv)
{
	static const struct syntax syntax = {usage, "l:h", NULL, stored, NULL};
	static const struct operands event = {"the event: reset, fatal, cmdfail or drop", 1, 1};
	struct request request = {0};

	int status = arguments_read_operands(argc, argv, &syntax, &request, &event);
	if (status >= 0)
		return status;
	if (request.adapter == NULL)
		return usage_mistake(usage, "the adapter is missing: -l Adapter");
	struct scsi_fault fault = {.event = event_of(argv[optind])};
	if (fault.event == 0)
		return usage_error(usage);
	AUTO(host_file_close)
	struct kex_file *file = host_file_open(request.adapter, "", KIND, O_RDWR);
	if (file == NULL)
		return EXIT_FAILED;
	if (kex_ioctl(file, SCIOFAULT, &fault) == 0)
		return 0;
	if (errno == EOPNOTSUPP)
		message("%s is not supported by the hardware of %s", argv[optind], request.adapter);
	else
		host_call_failed(request.adapter, KIND);
	return EXIT_FAILED;
}
