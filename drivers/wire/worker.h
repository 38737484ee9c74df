/* What kexd and its worker processes agree on apart from the messages. For these two. */
#pragma once

#include <stdint.h>

#include "wire/trace.h"

/* Descriptors that a worker is started with. */
#define WORKER_CONTROL_FD 3 /* kexd's requests */
#define WORKER_CRASH_FD 4 /* struct crash_report, shared */

#define WORKER_SHARED_FD 5 /* struct worker_shared, of all workers */

#define WORKER_SLOTS 64
#define WORKER_HBAS 128

/* What all workers share. */
struct worker_shared {
	/* Of each number of an SDI HBA: its worker's slot + 1, 0 when it is free. */
	_Atomic uint8_t hba_owners[WORKER_HBAS];
	struct trace_memory trace;
};

/* What a worker that a fatal signal ends leaves behind: plain stores are all it can do then. */
struct crash_report {
	int32_t signal; /* 0: none */
	char owner[32]; /* the extension whose code it was, or who ran; "kexd" for the host */
	uint64_t offset; /* of the instruction from the extension's start, 0 when it is elsewhere */
	uint64_t address; /* that was accessed, with SIGSEGV and SIGBUS */
};
