/*
 * The processes that extensions run in. Each has a connection for kexd's requests, one at a time.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "wire/wire.h"
#include "wire/worker.h"

enum worker_state {
	WORKER_DOWN, /* no process: not started, or ended by itself */
	WORKER_UP,
	WORKER_ENDING, /* kexd wants it to end */
};

struct worker {
	int slot;
	/* Changed by the supervisor's thread only; read by anybody. */
	_Atomic int state;
	pid_t pid;
	int pidfd; /* -1: no process; under the supervisor's mutex for others than its thread */
	struct crash_report *report;

	/* Guards the connection: held over a request and its reply. */
	pthread_mutex_t call_mutex;
	int control; /* -1: none */
	unsigned owed; /* answers that did not come in time, and come before any other */

	/* Under the configuration mutex. */
	unsigned devices; /* configured in it */
	char name[32]; /* of the first of them, for messages */

	/* Deaths with less than a minute between, for the back-off; the restorer's. */
	unsigned deaths;
	int64_t started; /* nanoseconds of CLOCK_MONOTONIC */
	uint64_t generation; /* of its process */
};

/* All of them, by slot; one that has no device and no process is free for use. */
extern struct worker workers[WORKER_SLOTS];

/* The one for devices without a process of their own, and for what is no device's. */
#define COMMON_WORKER (&workers[0])

void workers_prepare(void);

/*
 * Has a call carried out. 0, or EIO when its process ended or ends meanwhile, or ETIMEDOUT when it
 * gave no answer for worker_patience() seconds: then it is killed, and comes back.
 */
int worker_call(
	struct worker *worker, const struct wire_request *request, struct wire_reply *reply);

/* What a driver may take for one call: ODMCFG_KEXD_PATIENCE, or 30 seconds. */
unsigned worker_patience(void);

/*
 * Asks for what it knows already. 0, EIO as above, or ETIMEDOUT when it has not answered for a
 * second: it may be stopped, or at work for somebody else.
 */
int worker_ask(struct worker *worker, const struct wire_request *request, struct wire_reply *reply);

/* What messages call it: after its first device. */
const char *worker_name(const struct worker *worker);

/* Why it did not answer, for the user. */
void worker_explain(const struct worker *worker, struct wire_reply *reply);

/* Hands a client's connection over with the request that opens a device: 0 or EIO. */
int worker_hand_over(struct worker *worker, const struct wire_request *request, int client);

/* Makes sure that its process runs: 0 or an errno. Configuration mutex held. */
int worker_start(struct worker *worker);

/* Ends the process in good order. Configuration mutex held. */
void worker_end(struct worker *worker);

/* A worker that is free, NULL when all are in use. Configuration mutex held. */
struct worker *worker_take(void);
