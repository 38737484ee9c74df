/* Each thread's stack for the handler of a fatal signal, freed with the thread. */
#include "processor/fault_stack.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

/* On top of what the kernel puts there itself: the handler's own frames. */
#define HANDLER_ROOM 16384

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t stacks;
static bool have_key;

static size_t stack_size(void)
{
	long kernel = sysconf(_SC_SIGSTKSZ);

	return (kernel > 0 ? (size_t)kernel : (size_t)SIGSTKSZ) + HANDLER_ROOM;
}

/* At the thread's end. */
static void release(void *stack)
{
	const stack_t none = {.ss_flags = SS_DISABLE};

	sigaltstack(&none, NULL);
	munmap(stack, stack_size());
}

static void make_key(void)
{
	have_key = pthread_key_create(&stacks, release) == 0;
}

void fault_stack_prepare(void)
{
	stack_t before;

	pthread_once(&once, make_key);
	/* A sanitizer gives its threads one of its own, which it takes away itself. */
	if (!have_key || sigaltstack(NULL, &before) < 0 || !(before.ss_flags & SS_DISABLE))
		return;
	stack_t stack = {.ss_size = stack_size()};
	stack.ss_sp = mmap(NULL, stack.ss_size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (stack.ss_sp == MAP_FAILED)
		return;
	if (pthread_setspecific(stacks, stack.ss_sp) != 0 || sigaltstack(&stack, NULL) < 0) {
		pthread_setspecific(stacks, NULL);
		munmap(stack.ss_sp, stack.ss_size);
	}
}
