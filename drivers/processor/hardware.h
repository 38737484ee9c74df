/*
 * Hardware's work done by threads that wait for it. For sleeping services and the worker's calls.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>
#include <sys/hardware.h>

/*
 * Does hardware's work until *word is not `was` any more, as long as there is some and a moment
 * longer. Process level with interrupts enabled.
 */
void hardware_advance_until(_Atomic uint32_t *word, uint32_t was);

/*
 * The calling thread's call returns, or it sleeps: it polls no more, and what is in progress is
 * left to the hardware's own threads.
 */
void hardware_release(void);
