/* An open device. For libkex's file.c and transfer.c. */
#pragma once

#include "client/client.h"

#define MAPPINGS 8

struct mapping {
	void *address;
	size_t size;
};

/* How a write ended whose end nobody has asked for yet. */
struct outcome {
	int error; /* errno, 0 for success */
	uint64_t value; /* bytes */
	char reason[WIRE_REASON];
};

/* Writes in the order in which they were begun; the counters only grow. */
struct write_queue {
	unsigned begun;
	unsigned answered; /* their outcomes are known */
	unsigned ended; /* by kex_write_end */
	struct outcome outcomes[KEX_WRITES]; /* of write n at n % KEX_WRITES */
};

struct kex_file {
	char *name;
	struct wire_end wire;
	int notify_fd; /* the host writes it: poll again */
	int interrupt_fd; /* this process writes it: a signal came */
	bool ended; /* the device's process has */
	bool tells_end; /* TMIOEVNT has yet to say so */
	struct mapping mailboxes; /* small messages' */
	struct mapping window; /* bulk data's way to the host and back: `slots` transfers */
	size_t slot_size;
	unsigned slots;
	struct write_queue writes;
	struct mapping mappings[MAPPINGS];
	int mapping_count;
	struct wire_request request;
	struct wire_reply reply;
};

/*
 * One call, with command, value and payload of the file's request filled in; writes on their way
 * end before it. The two halves of it, too. Return 0, or -1 and errno with the reason.
 */
int file_call(struct kex_file *file, enum wire_operation operation, uint32_t payload_length,
	int fds[WIRE_FDS]);
int file_begin(struct kex_file *file, enum wire_operation operation, uint32_t payload_length);
int file_end(struct kex_file *file, int fds[WIRE_FDS]);

/* Maps memory that the host shares. Returns 0, or -1 and errno with the reason. */
int file_map(struct kex_file *file, int fd, size_t size, struct mapping *mapping);
void file_unmap(struct mapping *mapping);

/* Takes the answers of all writes that are on their way, for kex_write_end to return. */
void writes_await(struct kex_file *file);
