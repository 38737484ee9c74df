/* Raising and masking interrupts, against a bare atomic with an indirect call and a mutex. */
#include <pthread.h>
#include <stdio.h>
#include <sys/errids.h>
#include <sys/intr.h>

#include "bench.h"

#define CALLS 20000000

void error_log(const char *label, const char *resource, const char *format, ...)
{
	(void)label;
	(void)resource;
	(void)format;
}

static uint64_t calls;

static void handle(struct intr *intr, uint32_t flags)
{
	(void)intr;
	calls += flags;
}

static double time_raises(struct intr *intr)
{
	double start = now();

	for (int i = 0; i < CALLS; i++)
		i_raise(intr, 1);
	return (now() - start) / CALLS * 1e9;
}

static double time_bare_raises(void)
{
	static _Atomic uint64_t word;
	static void (*volatile handler)(struct intr * intr, uint32_t flags) = handle;
	double start = now();

	for (int i = 0; i < CALLS; i++) {
		atomic_fetch_or(&word, 1);
		handler(NULL, 1);
	}
	return (now() - start) / CALLS * 1e9;
}

static double time_masks(void)
{
	double start = now();

	for (int i = 0; i < CALLS; i++)
		i_enable(i_disable(INTCLASS3));
	return (now() - start) / CALLS * 1e9;
}

static double time_mutex(void)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	double start = now();

	for (int i = 0; i < CALLS; i++) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
	return (now() - start) / CALLS * 1e9;
}

int main(void)
{
	struct intr intr = {.handler = handle, .priority = INTCLASS3};

	if (i_init(&intr) != INTR_SUCC)
		return 1;
	double raise = time_raises(&intr), bare = time_bare_raises();
	printf("raise to handler: %.1f ns, fetch_or and call %.1f ns, time %.1fx\n", raise, bare,
		raise / bare);
	double mask = time_masks(), mutex = time_mutex();
	printf("i_disable and i_enable: %.1f ns, mutex pair %.1f ns, time %.1fx\n", mask, mutex,
		mask / mutex);

	int old = i_disable(INTCLASS3);
	i_raise(&intr, 1);
	double merged = time_raises(&intr);
	i_enable(old);
	printf("raise of a pending flag: %.1f ns\n", merged);
	i_clear(&intr);
	return calls == 0;
}
