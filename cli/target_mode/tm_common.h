/* What tmsend and tmrecv share: events by name, and the numbers of their options. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Prints the event flags (SCSI_... of <sys/scsi_buf.h>) by name on stderr, a line each. */
void tm_print_events(const char *device, uint32_t events);

/* What messages call a device that these commands are for. */
#define TM_KIND "target-mode device"

/*
 * The value of an option: a count with an optional K, M or G; a time as 10us, 1ms or 2s, in
 * microseconds. False, with a message, for anything else.
 */
bool tm_take_bytes(const char *option, const char *text, int64_t *bytes);
bool tm_take_time(const char *option, const char *text, int64_t *microseconds);
