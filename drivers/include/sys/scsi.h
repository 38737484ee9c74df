/*
 * The older generation of the adapter driver's interface: parallel SCSI. Manual: SCIOSTART,
 * SCIOSTOP, SCIOHALT, SCIORESET, SCIOEVENT. An adapter serves both: these are the same sessions
 * that SCIOLSTART of <sys/scsi_buf.h> opens, with an ID and a LUN of a byte each.
 */
#pragma once

#include <stdint.h>
#include <sys/scsi_buf.h>

#define SC_IM_MODE SCSI_IM_MODE
#define SC_TM_MODE SCSI_TM_MODE
#define SC_FATAL_HDW_ERR SCSI_FATAL_HDW_ERR
#define SC_ADAP_CMD_FAILED SCSI_ADAP_CMD_FAILED
#define SC_SCSI_RESET_EVENT SCSI_RESET_EVENT
#define SC_BUFS_EXHAUSTED SCSI_BUFS_EXHAUSTED

/* What an event-handler routine gets, as struct scsi_event_info. */
struct sc_event_info {
	uint8_t id;
	uint8_t lun;
	uint8_t mode;
	uint32_t events;
	dev_t adap_devno;
	uintptr_t async_correlator;
};

/* Argument of SCIOEVENT. */
struct sc_event_struct {
	uint8_t id;
	uint8_t lun; /* target mode: 0 */
	uint8_t mode; /* SC_IM_MODE or SC_TM_MODE */
	uint8_t reserved; /* 0 */
	/* Runs at the adapter's interrupt priority; must not sleep. */
	void (*async_func)(const struct sc_event_info *info);
	uintptr_t async_correlator;
	struct device_counters *counters; /* ours, as in struct scsi_event_struct */
};

/* The packed argument of the other four: LUN in the low byte, SCSI ID in the next, then 0. */
#define SC_ADDRESS(id, lun) ((unsigned long)(id) << 8 | (unsigned long)(lun))
#define SCIOSTART _IOW('s', 1, unsigned long)
#define SCIOSTOP _IOW('s', 2, unsigned long)
#define SCIOEVENT _IOW('s', 3, struct sc_event_struct)
#define SCIOHALT _IOW('s', 4, unsigned long)
#define SCIORESET _IOW('s', 5, unsigned long)
