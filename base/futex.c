/* The two calls of futex(2), for words that processes share. */
#include "base/futex.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"

int futex_wait(_Atomic uint32_t *word, uint32_t value, int64_t nanoseconds)
{
	const struct timespec time = clock_timespec(nanoseconds);
	const struct timespec *limit = nanoseconds < 0 ? NULL : &time;

	return syscall(SYS_futex, word, FUTEX_WAIT, value, limit, NULL, 0) < 0 ? errno : 0;
}

void futex_wake(_Atomic uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}
