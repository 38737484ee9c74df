/* Whether a worker's process may have network sockets. */
#pragma once

#include <stdbool.h>

/*
 * For good: from now on a socket of this process is one of AF_UNIX, or EAFNOSUPPORT. 0 or an errno;
 * ENOTSUP where the kernel or the processor is not known.
 */
int network_forbid(void);
