/* What the faulty extension is configured with. */
#pragma once

#include <stdint.h>

enum fault {
	FAULT_NONE,
	FAULT_CRASH, /* writes to address 0 */
	FAULT_ABORT,
	FAULT_OVERFLOW, /* uses its stack up */
	FAULT_LOOP, /* never returns */
	FAULT_SLEEP, /* sleeps at interrupt level */
	FAULT_MODIFY, /* changes the event structure */
	FAULT_HANG_AT_ONCE, /* when it is configured, at process level: for ever */
	FAULT_CRASH_AT_ONCE, /* when it is configured, not at an event */
};

struct faulty_dds {
	uint32_t fault;
	uint32_t scsi_id;
	uint64_t adapter; /* devno */
};
