/* Holds interrupts back until a step of the command is complete. */
#include "interrupt.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/message.h"

static const int interrupts[] = {SIGINT, SIGTERM, SIGHUP};
#define INTERRUPTS (sizeof(interrupts) / sizeof(*interrupts))

static volatile sig_atomic_t first; /* that came; 0: none */

/* What a handler may do to say something. */
static void print_now(const char *text)
{
	const char *command = message_command();
	const struct iovec parts[] = {
		{.iov_base = (void *)(uintptr_t)command, .iov_len = strlen(command)},
		{.iov_base = (void *)(uintptr_t)text, .iov_len = strlen(text)}};

	/* It is not tried again: nothing can be done when it fails. */
	ssize_t written = writev(STDERR_FILENO, parts, 2);
	(void)written;
}

/* The second one ends the command as if it had not been held: when the handler returns. */
static void note(int number)
{
	if (first == 0) {
		first = number;
		return;
	}
	print_now(": interrupted again: it ends in the middle of a step; the next cfgmgr or mkdev "
		  "recovers\n");
	signal(number, SIG_DFL);
	raise(number);
}

/* One that is ignored, as nohup has it, stays so. */
void interrupt_hold(void)
{
	const struct sigaction hold = {.sa_handler = note, .sa_flags = SA_RESTART};
	struct sigaction before;

	for (size_t i = 0; i < INTERRUPTS; i++)
		if (sigaction(interrupts[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
			sigaction(interrupts[i], &hold, NULL);
}

bool interrupt_pending(void)
{
	static bool told;

	if (first != 0 && !told)
		message("interrupted; what was done so far is complete");
	told = told || first != 0;
	return first != 0;
}

void interrupt_deliver(void)
{
	if (first == 0)
		return;
	fflush(NULL);
	signal(first, SIG_DFL);
	raise(first);
}
