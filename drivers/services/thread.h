/* A thread that works for a caller begins and ends, and is signalled. For the worker. */
#pragma once

#include "processor/thread.h"

/* Makes `thread` the calling thread's context, until kern_thread_leave. */
void kern_thread_enter(struct kern_thread *thread);
void kern_thread_leave(void);

/*
 * What a signal to the calling process is: its sleep with EVENT_SIGRET ends with EVENT_SIG, and so
 * do later ones, until kern_thread_clear. Any thread.
 */
void kern_thread_signal(struct kern_thread *thread);
void kern_thread_clear(struct kern_thread *thread);
