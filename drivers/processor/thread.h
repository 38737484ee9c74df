/*
 * The process context that a driver's entry point runs in. For services and the worker; not for
 * drivers.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A thread of the host that works for a caller. Zero-initialise it, and keep it in place between
 * kern_thread_enter and kern_thread_leave (services/thread.h).
 */
struct kern_thread {
	uint64_t id; /* thread_self(); set by kern_thread_enter, by no two threads alike */
	dev_t device; /* whose driver runs: device_current() */
	struct module *module; /* whose configuration entry point runs */
	uintptr_t entry; /* the entry point that was called, for owner_running */
	bool polls; /* the hardware: hardware_advance_until */
	bool keeps_polling; /* after a wait: another for the hardware follows before it sleeps */
	bool must_release; /* may have done hardware's work: hardware_release is due */
	bool unprivileged; /* works for somebody who is neither root nor the owner: suser() */
	char reason[160]; /* cfg_refuse()'s words, "" when there are none */
	atomic_bool signalled; /* set by kern_thread_signal: EVENT_SIGRET sleeps end */
	struct event_waiter *waiter; /* while asleep; under sleep.c's lock */
	uint32_t events; /* posted by et_post; under sleep.c's lock */
	struct kern_thread *next; /* of all threads; under sleep.c's lock */
};

/* The calling thread's context, NULL in a hardware thread. */
struct kern_thread *kern_thread_current(void);

/* Makes it `thread`, or none with NULL. For kern_thread_enter and kern_thread_leave. */
void kern_thread_become(struct kern_thread *thread);
