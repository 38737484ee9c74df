/*
 * Between the files of the hardware. Unless it says otherwise, each of these runs in the port's
 * thread with its mutex held.
 */
#pragma once

#include "vscsi/port.h"

/* Adds a submitted command to its target's queue. */
void send_queue(struct port *port, struct scsi_buf *command);

/* Moves the commands to one target on as far as the bus lets them. */
void send_progress(struct port *port, unsigned target);

/* Aborts the commands to the LUNs in the bit mask. */
void send_halt(struct port *port, unsigned target, uint32_t luns);

/* Sets an adapter status and errno; port_complete hands the command back. Any thread. */
void send_fail(struct scsi_buf *command, int error, uint8_t adapter_status);

/* Fails everything queued or running: the adapter is dead or goes away. */
void send_fail_all(struct port *port, uint8_t adapter_status);

/* Milliseconds until the next command times out, -1 when none can; resets the bus for one that did.
 */
int send_check_timeouts(struct port *port);

/* Ends a command: status is set, the driver is interrupted. Any thread. */
void port_complete(struct port *port, struct scsi_buf *command);

/* Receives from one initiator as far as buffers and bus allow. */
void receive_progress(struct port *port, unsigned initiator);

/* Reports a SEND that is in progress as cut off. */
void receive_cut(struct port *port, unsigned initiator);
