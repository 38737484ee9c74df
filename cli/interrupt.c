#include "interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>

#include "base/message.h"

static const int interrupts[] = {SIGINT, SIGTERM, SIGHUP};
#define INTERRUPTS (sizeof(interrupts) / sizeof(*interrupts))

static void change_mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < INTERRUPTS; i++)
		sigaddset(&set, interrupts[i]);
	sigprocmask(how, &set, NULL);
}

void interrupt_hold(void)
{
	change_mask(SIG_BLOCK);
}

bool interrupt_pending(void)
{
	static bool told;
	sigset_t pending;
	bool came = false;

	sigpending(&pending);
	for (size_t i = 0; i < INTERRUPTS; i++)
		came = came || sigismember(&pending, interrupts[i]) == 1;
	if (came && !told)
		message("interrupted; what was done so far is complete");
	told = told || came;
	return came;
}

void interrupt_deliver(void)
{
	fflush(NULL);
	change_mask(SIG_UNBLOCK);
}
