/* A record of target mode, collected buffer by buffer and written to standard output. For tmrecv.
 */
#pragma once

#include <stdint.h>
#include <tm_reader.h>

/* Zero-initialise it; tm_record_release it. */
struct tm_record {
	const char *data; /* in the receive buffer, for a record that is in one; else in `memory` */
	size_t length;
	char *memory; /* what came of longer ones */
	size_t size;
};
void tm_record_release(struct tm_record *record);

/* Adds the next buffer, which stays filled until the record is written. False without memory. */
bool tm_record_add(struct tm_record *record, const struct tm_data *data);

/*
 * Writes the record, at most so many bytes of it, and begins the next one. Returns the bytes
 * written, or -1 with a message.
 */
int64_t tm_record_write(struct tm_record *record, int64_t most);
