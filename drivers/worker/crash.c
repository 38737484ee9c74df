/* The handler of fatal signals: leaves a report in memory that kexd reads, and dies as before. */
#include "worker/crash.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "processor/owner.h"
#include "wire/worker.h"

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
#define FATAL_SIGNALS (sizeof(fatal_signals) / sizeof(*fatal_signals))

static struct crash_report *report;

/* What was there before: a sanitizer's own handler, or the default. */
static struct sigaction before[FATAL_SIGNALS];

static uintptr_t program_counter(const void *context)
{
	const ucontext_t *user = context;

#if defined(__x86_64__)
	return (uintptr_t)user->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (uintptr_t)user->uc_mcontext.pc;
#else
	(void)user;
	return 0;
#endif
}

/* Only plain stores: the thread may hold any lock. The first fault counts. */
static void leave_report(int signal, const siginfo_t *info, const void *context)
{
	uintptr_t offset;
	const char *owner = owner_of(program_counter(context), &offset);

	if (report->signal != 0)
		return;
	if (offset == 0)
		owner = owner_running();
	strncpy(report->owner, owner, sizeof(report->owner) - 1);
	report->offset = offset;
	report->address = (uintptr_t)info->si_addr;
	report->signal = signal;
}

/*
 * Then the signal comes again, to the one who had it before: a fault by itself, one that somebody
 * sent by being sent again.
 */
static void handle(int signal, siginfo_t *info, void *context)
{
	leave_report(signal, info, context);
	for (size_t i = 0; i < FATAL_SIGNALS; i++)
		if (fatal_signals[i] == signal)
			sigaction(signal, &before[i], NULL);
	if (info->si_code <= 0)
		raise(signal);
}

int crash_prepare(int report_fd)
{
	struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};

	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED, report_fd, 0);
	if (report == MAP_FAILED)
		return errno;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < FATAL_SIGNALS; i++)
		if (sigaction(fatal_signals[i], &action, &before[i]) < 0)
			return errno;
	return 0;
}
