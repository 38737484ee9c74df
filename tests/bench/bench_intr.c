/* Raising and masking interrupts, against a bare atomic with an indirect call and a mutex. */
#include <pthread.h>
#include <stdio.h>
#include <sys/errids.h>
#include <sys/intr.h>
#include <unistd.h>

#include "bench.h"

#define CALLS 20000000

void error_log(const char *label, const char *resource, const char *format, ...)
{
	(void)label;
	(void)resource;
	(void)format;
}

static uint64_t calls;

static void handle(struct intr_source *source, uint32_t flags)
{
	(void)source;
	calls += flags;
}

static double time_raises(struct intr_source *source)
{
	double start = now();

	for (int i = 0; i < CALLS; i++)
		source_raise(source, 1);
	return (now() - start) / CALLS * 1e9;
}

static double time_bare_raises(void)
{
	static _Atomic uint64_t word;
	static void (*volatile handler)(struct intr_source * source, uint32_t flags) = handle;
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

/* The C library leaves the atomics out of a mutex while a process has one thread only. */
static void *sleep_for_ever(void *argument)
{
	(void)argument;
	for (;;)
		pause();
	return NULL;
}

static double time_pending_loads(void)
{
	static _Atomic uint64_t word = 1;
	uint64_t sum = 0;
	double start = now();

	for (int i = 0; i < CALLS; i++)
		sum += atomic_load(&word);
	double time = (now() - start) / CALLS * 1e9;
	return sum == CALLS ? time : 0;
}

int main(void)
{
	pthread_t second;
	struct intr_source source = {.handler = handle, .priority = INTCLASS3};

	if (source_init(&source) != INTR_SUCC)
		return 1;
	if (pthread_create(&second, NULL, sleep_for_ever, NULL) != 0)
		return 1;
	double raise = time_raises(&source), bare = time_bare_raises();
	printf("raise to handler: %.1f ns (%.0f M/s), fetch_or and call %.1f ns, time %.1fx\n",
		raise, 1000 / raise, bare, raise / bare);
	double mask = time_masks(), mutex = time_mutex();
	printf("i_disable and i_enable: %.1f ns, mutex pair %.1f ns, time %.1fx\n", mask, mutex,
		mask / mutex);

	int old = i_disable(INTCLASS3);
	source_raise(&source, 1);
	double merged = time_raises(&source);
	i_enable(old);
	double load = time_pending_loads();
	printf("raise of a pending flag: %.1f ns, atomic load %.1f ns, time %.1fx\n", merged, load,
		merged / load);
	source_clear(&source);
	return calls == 0;
}
