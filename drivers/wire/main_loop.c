/* The loop of a main thread: an epoll set, and an eventfd that ends it. */
#include "wire/main_loop.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/errids.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "wire/log_file.h"

/* Both for as long as the process lives: any of its threads may still write to one. */
static int epoll_fd = -1, stop_fd = -1;

void main_loop_watch(int fd, uint32_t events, uint64_t about)
{
	struct epoll_event event = {.events = events, .data.u64 = about};

	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		error_log("KEX_WATCH", program_invocation_short_name, "epoll_ctl: %s",
			strerror(errno));
}

static int block_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	signal(SIGPIPE, SIG_IGN);
	return pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

int main_loop_prepare(void)
{
	errno = block_signals();
	if (errno != 0)
		return -1;
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	stop_fd = eventfd(0, EFD_CLOEXEC);
	if (epoll_fd < 0 || stop_fd < 0)
		return -1;
	main_loop_watch(stop_fd, EPOLLIN, MAIN_LOOP_STOP);
	return 0;
}

void main_loop_run(void (*dispatch)(uint64_t about), void (*mind_log)(void))
{
	for (;;) {
		struct epoll_event events[16];
		int count = epoll_wait(epoll_fd, events, 16, LOG_FILE_PERIOD);
		mind_log();
		for (int i = 0; i < count; i++) {
			if (events[i].data.u64 == MAIN_LOOP_STOP)
				return;
			dispatch(events[i].data.u64);
		}
	}
}

void request_stop(void)
{
	uint64_t one = 1;

	if (write(stop_fd, &one, sizeof(one)) < 0)
		error_log(
			"KEX_STOP", program_invocation_short_name, "eventfd: %s", strerror(errno));
}
