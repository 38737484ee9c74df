/* The host's clock: ticks the watchdogs and looks after handlers that do not end. */
#pragma once

/* Starts it, once: 0 or an errno. */
int watchdog_start(void);
