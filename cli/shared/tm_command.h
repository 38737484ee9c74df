/* What the commands that talk to kexd share. */
#pragma once

#include <kex.h>
#include <stdint.h>

#include "base/cleanup.h"

/* Opens a special file of a device: "tmscsi0", ".im". NULL with a message. */
struct kex_file *tm_open(const char *device, const char *suffix, int oflag);
void tm_close(struct kex_file **file);

/* The last failure of libkex in words. */
const char *tm_reason(void);

/* Prints the event flags (SCSI_... of <sys/scsi_buf.h>) by name on stderr, a line each. */
void tm_print_events(const char *device, uint32_t events);

/* A count with an optional K, M or G; a time as 10us, 1ms or 2s, in microseconds. -1: neither. */
int64_t tm_read_bytes(const char *text);
int64_t tm_read_time(const char *text);
