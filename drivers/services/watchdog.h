/*
 * The host's timer: ticks the watchdogs, and ends the process for a handler that does not end. For
 * the worker's main.c.
 */
#pragma once

/* Starts it, once: 0 or an errno. */
int watchdog_start(void);
