/*
 * The process supervisor: one thread starts every worker's process and reaps it, as a process dies
 * with the thread that started it (PR_SET_PDEATHSIG), and this one lives as long as kexd. For
 * worker.c, and main.c at kexd's start and stop.
 */
#pragma once

#include "kexd/worker.h"

/* Starts the thread: 0 or an errno. */
int supervisor_begin(void);

/* The trace in the memory that all workers share, and that memory's descriptor and size. */
struct trace_memory *supervisor_trace(void);
int supervisor_shared_fd(void);

/* Starts a worker's process and waits until it runs: 0 or an errno. */
int supervisor_start(struct worker *worker);

/* Says that the end of a worker, which follows, is wanted; waits for it. */
void supervisor_expect_end(struct worker *worker);
void supervisor_await_end(struct worker *worker);

/*
 * Ends a process that does not answer, and returns when it is gone. It comes back as one that ended
 * by itself. Not with the worker's call mutex held.
 */
void supervisor_kill(struct worker *worker);

/* From now on workers have so many seconds to answer whom they owe one: then they are killed. */
void supervisor_kill_after(unsigned seconds);

/* Called in the supervisor's thread when a process ended that should not have. Defined in
 * restore.c.
 */
void worker_died(struct worker *worker);
