/* What tmsend and tmrecv share: events by name, and the numbers of their options. */
#pragma once

#include <stdint.h>

/* Prints the event flags (SCSI_... of <sys/scsi_buf.h>) by name on stderr, a line each. */
void tm_print_events(const char *device, uint32_t events);

/* A count with an optional K, M or G; a time as 10us, 1ms or 2s, in microseconds. -1: neither. */
int64_t tm_read_bytes(const char *text);
int64_t tm_read_time(const char *text);
