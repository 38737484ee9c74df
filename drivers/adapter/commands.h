/*
 * Commands that adapter drivers make for their callers: INQUIRY, TEST UNIT READY and others, each a
 * request to the adapter's own strategy routine that is waited for.
 */
#pragma once

#include <sys/scsi_buf.h>

/* What an adapter driver says of itself. */
struct adapter_commands {
	dev_t devno;
	uint32_t max_transfer; /* bytes of one command */
	int (*strategy)(struct buf *bp);
};

/* Each carries out the ioctl of its structure on an open session. Return an errno. */
int command_inquire(const struct adapter_commands *adapter, struct scsi_inquiry *inquiry);
int command_test_ready(const struct adapter_commands *adapter, struct scsi_ready *ready);
int command_start_unit(const struct adapter_commands *adapter, const struct scsi_startunit *start);
int command_read_block(const struct adapter_commands *adapter, const struct scsi_readblk *read);
int command_pass(const struct adapter_commands *adapter, struct scsi_iocmd *pass);
