/* A running kexd that is of another build than this library. For libkex's host.c. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/*
 * Whether the running kexd, process `pid`, understands this library's messages. `version` gets
 * KEXD_VERSION bytes of words: "0.1.0 (protocol 6b657836)", or that it is older than those that say
 * so.
 */
bool build_is_ours(pid_t pid, char *version);

/*
 * Ends a kexd of another build, which holds the lock of the pid file: as a signal asks it to, or
 * without its consent after a while. Its processes end with it. 0, or -1 and errno with the reason.
 */
int build_end(pid_t pid, int pid_fd);

/* The process that a kexd of this or a later build says it is; 0 when none says so. */
pid_t build_process(void);
