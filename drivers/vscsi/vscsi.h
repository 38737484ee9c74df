/* The virtual SCSI adapter driver's private structures. */
#pragma once

#include <sys/counters.h>
#include <sys/dds.h>
#include <sys/device.h>
#include <sys/scsi_adapter.h>
#include <sys/sdi.h>

#include "adapter/commands.h"
#include "vscsi/port.h"

#define VSCSI_ADAPTERS 16 /* minor numbers */

/* A target-mode session: reception from one initiator. */
struct target_session {
	struct vscsi *vscsi;
	struct receiver receiver;
	uint64_t scsi_id;
	uintptr_t correlator;
	void (*recv_func)(struct tm_buf *tm_buf);
	void (*ended_func)(uintptr_t tm_correlator, uint32_t session, bool broken); /* or NULL */
	uint32_t told; /* the initiator's session whose end it was last told; interrupt level */
	struct tm_buf *tm_bufs; /* one for each buffer */
};

/* A configured adapter. */
struct vscsi {
	struct vscsi_dds dds; /* first, see struct driver */
	dev_t devno;
	int priority;
	struct scsi_adapter adapter;
	struct sdi_hba hba;
	struct adapter_commands commands;
	struct device_counters counters;
	struct port port;
	struct intr intr;
	_Atomic uint32_t causes; /* of the interrupt: PORT_ bits that the hardware set */

	/* Guards what follows; taken at `priority`. */
	Simple_lock lock;
	struct target_session *targets[SCSI_IDS];
	bool halted[SCSI_IDS][SCSI_LUNS]; /* since a SCIOLHALT */
};

/* The adapter of a device number, NULL when it is not configured. */
struct vscsi *vscsi_find(dev_t devno);

/* Entry points, see struct devsw. */
extern const struct ioctl_entry vscsi_ioctls[];
int vscsi_open(dev_t devno, unsigned long devflag, int chan, int ext);
int vscsi_ioctl(
	dev_t devno, unsigned long cmd, void *arg, unsigned long devflag, int chan, int ext);
int vscsi_strategy(struct buf *bp);

/* Makes the adapter an HBA of SDI: 0 or an errno. sdi_unregister undoes it. */
int hba_enter(struct vscsi *vscsi);

/* Reports adapter-wide events (SCSI_...) to SDI's owners, or those of one target; any environment.
 */
#define HBA_ALL (-1)
void hba_event(struct vscsi *vscsi, int target, uint32_t events);

/* SCIOSTARTTGT and SCIOSTOPTGT, of kernel callers. Return an errno. */
int target_start(struct vscsi *vscsi, struct scsi_strt_tgt *start);
int target_stop(struct vscsi *vscsi, const struct scsi_stop_tgt *stop);

/* SCIOTUNETGT, of kernel callers: other numbers of buffers for an open session. An errno. */
int target_tune(struct vscsi *vscsi, const struct scsi_tune_tgt *tune);

/* Hands every filled buffer of every target session to its device driver; interrupt level. */
void target_receive(struct vscsi *vscsi);

/* Reports that the buffers of a session are exhausted, and that reception went on after so many
 * nanoseconds; the hardware's thread. */
void target_exhausted(struct vscsi *vscsi, unsigned scsi_id);
void target_resumed(struct vscsi *vscsi, unsigned scsi_id, uint64_t time);
