/*
 * One thread starts every worker and sees its end: a process dies with the thread that started it
 * (PR_SET_PDEATHSIG), and this thread lives as long as kexd.
 */
#pragma once

#include "kexd/worker.h"

/* Starts the thread: 0 or an errno. */
int nursery_begin(void);

/* The trace in the memory that all workers share, and that memory's descriptor and size. */
struct trace_memory *nursery_trace(void);
int nursery_shared_fd(void);

/* Starts a worker's process and waits until it runs: 0 or an errno. */
int nursery_start(struct worker *worker);

/* Says that the end of a worker, which follows, is wanted; waits for it. */
void nursery_expect_end(struct worker *worker);
void nursery_await_end(struct worker *worker);

/*
 * Ends a process that does not answer, and returns when it is gone. It comes back as one that ended
 * by itself. Not with the worker's call mutex held.
 */
void nursery_kill(struct worker *worker);

/* From now on workers have so many seconds to answer whom they owe one: then they are killed. */
void nursery_hurry(unsigned seconds);

/* Called in the nursery's thread when a process ended that should not have. Defined in restore.c.
 */
void worker_died(struct worker *worker);
