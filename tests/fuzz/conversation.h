/*
 * A conversation as a fuzz target's input: records of a head and what follows it, as the recorder
 * (record_wire.c) writes them. Magic and lengths are put right, or nothing behind them would ever
 * be reached, unless the record says that its bytes are to stay as they are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "wire/wire.h"

enum record_flags {
	RECORD_REPLY = 1, /* of a worker to kexd; otherwise a client's request */
	RECORD_RAW = 2,
	RECORD_BY_SOCKET = 4, /* even where there are mailboxes */
};

struct record {
	uint8_t flags;
	uint8_t fds; /* how many come with it in the low half; which, for the target, in the high */
	uint16_t length;
};

struct input {
	const uint8_t *bytes;
	size_t left;
};

/* The next record, and its message in `room`, filled up with zeros. False at the end. */
static inline bool input_next(struct input *input, struct record *record, void *room, size_t size)
{
	if (input->left < sizeof(*record))
		return false;
	memcpy(record, input->bytes, sizeof(*record));
	input->bytes += sizeof(*record);
	input->left -= sizeof(*record);
	if (record->length > input->left)
		record->length = (uint16_t)input->left;
	if (record->length > size)
		record->length = (uint16_t)size;
	memset(room, 0, size);
	memcpy(room, input->bytes, record->length);
	input->bytes += record->length;
	input->left -= record->length;
	return true;
}

/* The next request, and how many bytes it has. */
static inline bool input_request(
	struct input *input, struct record *record, struct wire_request *request, size_t *length)
{
	if (!input_next(input, record, request, sizeof(*request)))
		return false;
	*length = record->length;
	if (record->flags & RECORD_RAW)
		return true;
	if (*length < WIRE_REQUEST_HEAD)
		*length = WIRE_REQUEST_HEAD;
	request->magic = WIRE_MAGIC;
	request->operation %= WIRE_OPERATIONS;
	request->payload_length = (uint32_t)(*length - WIRE_REQUEST_HEAD);
	return true;
}
