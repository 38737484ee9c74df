/*
 * What the main threads of kexd and of a worker do: they wait for events until the process is to
 * stop, and look after the log meanwhile. For the two main.c; request_stop for whoever serves
 * WIRE_STOP.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"

/* What an event is about that ends the loop; the other numbers are the caller's. */
#define MAIN_LOOP_STOP UINT64_C(0)

/* Blocks SIGTERM and SIGINT, ignores SIGPIPE, and makes the set of events: 0, or -1 and errno. */
int main_loop_prepare(void) MUST_CHECK;

/* The EPOLL... events of a descriptor are about this number from now on. Any thread. */
void main_loop_watch(int fd, uint32_t events, uint64_t about);

/*
 * Waits for events, and hands them to `dispatch`, until one is about MAIN_LOOP_STOP. mind_log:
 * log_file_limit or log_file_follow.
 */
void main_loop_run(void (*dispatch)(uint64_t about), void (*mind_log)(void));

/* The loop ends once it is back from `dispatch`. Any thread. */
void request_stop(void);
