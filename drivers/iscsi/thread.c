/*
 * The hardware's work: commands that came, news of the sessions' sockets, and time. One thread does
 * it, or who waits for a command's end.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "adapter/buf_list.h"
#include "base/clock.h"
#include "iscsi/initiator.h"

#define NEWS 32 /* sessions looked after at once */
#define LOGOUT_TIME 3000 /* milliseconds for all sessions */
#define LATE 500 /* milliseconds that something may be late when another did the thread's work */

static struct initiator *initiator_of(struct hardware *hardware)
{
	return (struct initiator *)((char *)hardware - offsetof(struct initiator, hardware));
}

static bool serve_sockets(struct initiator *initiator)
{
	struct epoll_event news[NEWS];
	int count = epoll_wait(initiator->inner, news, NEWS, 0);

	for (int i = 0; i < count; i++)
		session_service(news[i].data.ptr, (int)news[i].events);
	return count > 0;
}

static bool take_submitted(struct initiator *initiator)
{
	struct buf *bp = buf_list_take(&initiator->submitted);
	bool any = bp != NULL;

	while (bp != NULL) {
		struct buf *next = bp->av_forw;
		command_enter(initiator, (struct scsi_buf *)bp);
		bp = next;
	}
	return any;
}

static int64_t earliest(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

/* When something is due without news; and whether commands are on their way. */
static int64_t next_time(struct initiator *initiator)
{
	int64_t next = INT64_MAX;
	bool any = false;

	for (unsigned number = 0; number < initiator->target_limit; number++) {
		const struct target *target = initiator->targets[number];
		if (target == NULL)
			continue;
		next = earliest(next, session_next_time(target));
		next = earliest(next, command_next_time(target));
		any = any || (target->state == SESSION_UP && command_any(target));
	}
	atomic_store(&initiator->hardware.at_work, any);
	return next;
}

/* What there is to do, news of the sockets too if that is asked for. Returns when the next is due.
 */
static int64_t serve(struct initiator *initiator, bool sockets)
{
	if (sockets)
		serve_sockets(initiator);
	take_submitted(initiator);
	int64_t now = clock_milliseconds();
	for (unsigned number = 0; number < initiator->target_limit; number++) {
		struct target *target = initiator->targets[number];
		if (target == NULL)
			continue;
		session_check_time(target, now);
		command_check_time(target, now);
		command_progress(target, now);
		session_watch(target);
	}
	return next_time(initiator);
}

/* What the thread does, done by another one; false when somebody has the mutex. */
static bool advance(struct initiator *initiator, bool sockets)
{
	if (pthread_mutex_trylock(&initiator->mutex) != 0)
		return false;
	atomic_store(&initiator->serving, true);
	int64_t next = serve(initiator, sockets);
	if (next != INT64_MAX && next + LATE < atomic_load(&initiator->sleeps_until))
		atomic_store(&initiator->unwatched, true);
	pthread_mutex_unlock(&initiator->mutex);
	atomic_store(&initiator->serving, false);
	return true;
}

/*
 * What was submitted is taken. Whoever serves looks here behind that; one that has the mutex for
 * something else does not, so that the thread has to.
 */
static void advance_submitted(struct initiator *initiator)
{
	while (atomic_load(&initiator->submitted) != NULL)
		if (!advance(initiator, false)) {
			if (!atomic_load(&initiator->serving))
				hardware_kick(initiator);
			return;
		}
}

static bool has_news(struct initiator *initiator)
{
	struct epoll_event one;

	return atomic_load(&initiator->submitted) != NULL ||
	       epoll_wait(initiator->inner, &one, 1, 0) > 0;
}

static bool hardware_advance(struct hardware *hardware)
{
	struct initiator *initiator = initiator_of(hardware);

	if (!has_news(initiator) || !advance(initiator, true))
		return false;
	advance_submitted(initiator);
	return true;
}

/* Who polls looks at the sockets himself: the thread is not woken by them. */
static void hardware_set_polled(struct hardware *hardware, bool polled)
{
	struct initiator *initiator = initiator_of(hardware);
	struct epoll_event event = {.events = polled ? 0 : EPOLLIN, .data.fd = initiator->inner};

	epoll_ctl(initiator->outer, EPOLL_CTL_MOD, initiator->inner, &event);
}

static void hardware_release_all(struct hardware *hardware)
{
	struct initiator *initiator = initiator_of(hardware);

	if (atomic_exchange(&initiator->unwatched, false))
		hardware_kick(initiator);
}

void hardware_kick(struct initiator *initiator)
{
	uint64_t one = 1;

	/* A full counter is a kick that is still to be seen. */
	if (write(initiator->kick, &one, sizeof(one)) < 0)
		return;
}

void hardware_submit(struct initiator *initiator, struct scsi_buf *request)
{
	buf_list_push(&initiator->submitted, &request->bufstruct);
	if (hardware_may_advance())
		advance_submitted(initiator);
	else
		hardware_kick(initiator);
}

/* Ends the requests that are finished; at the adapter's interrupt priority. */
static void handle_interrupt(struct intr_source *source, uint32_t flags)
{
	struct initiator *initiator =
		(struct initiator *)((char *)source - offsetof(struct initiator, interrupt));
	struct buf *bp = buf_list_take(&initiator->completed);

	(void)flags;
	while (bp != NULL) {
		struct buf *next = bp->av_forw;
		iodone(bp);
		bp = next;
	}
}

void hardware_complete(struct initiator *initiator, struct scsi_buf *request)
{
	buf_list_push(&initiator->completed, &request->bufstruct);
	source_raise(&initiator->interrupt, 1);
}

static void await_news(struct initiator *initiator, int64_t until)
{
	struct epoll_event news[2];
	int64_t left = until == INT64_MAX ? -1 : until - clock_milliseconds();
	uint64_t count;

	if (until != INT64_MAX && left < 0)
		left = 0;
	/* It may be called earlier than the next is due, never so late that it overflows. */
	epoll_wait(initiator->outer, news, 2, left > 3600000 ? 3600000 : (int)left);
	if (read(initiator->kick, &count, sizeof(count)) < 0 && errno != EAGAIN)
		return;
}

static void *run(void *argument)
{
	struct initiator *initiator = argument;

	hardware_thread_begin();
	while (!atomic_load(&initiator->stopping)) {
		pthread_mutex_lock(&initiator->mutex);
		atomic_store(&initiator->serving, true);
		int64_t next = serve(initiator, true);
		atomic_store(&initiator->sleeps_until, next);
		pthread_mutex_unlock(&initiator->mutex);
		atomic_store(&initiator->serving, false);
		if (atomic_load(&initiator->submitted) == NULL)
			await_news(initiator, next);
	}
	return NULL;
}

static int watch(int epoll, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void close_all(struct initiator *initiator)
{
	const int fds[] = {initiator->outer, initiator->inner, initiator->kick};

	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static void make_elements(struct initiator *initiator)
{
	for (unsigned i = 0; i < initiator->settings.num_cmd_elems; i++) {
		initiator->elements[i].next = initiator->free_elements;
		initiator->free_elements = &initiator->elements[i];
	}
}

int hardware_on(struct initiator *initiator)
{
	initiator->interrupt =
		(struct intr_source){.handler = handle_interrupt, .priority = initiator->priority};
	initiator->hardware = (struct hardware){.advance = hardware_advance,
		.set_polled = hardware_set_polled,
		.release = hardware_release_all};
	initiator->kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	initiator->outer = epoll_create1(EPOLL_CLOEXEC);
	initiator->inner = epoll_create1(EPOLL_CLOEXEC);
	if (initiator->kick < 0 || initiator->outer < 0 || initiator->inner < 0 ||
		watch(initiator->outer, initiator->kick) < 0 ||
		watch(initiator->outer, initiator->inner) < 0) {
		close_all(initiator);
		return EMFILE;
	}
	make_elements(initiator);
	pthread_mutex_init(&initiator->mutex, NULL);
	pthread_mutex_init(&initiator->scan_mutex, NULL);
	int error = source_init(&initiator->interrupt) == INTR_SUCC ? 0 : EINVAL;
	if (error == 0) {
		error = pthread_create(&initiator->thread, NULL, run, initiator);
		if (error != 0)
			source_clear(&initiator->interrupt);
	}
	if (error != 0) {
		close_all(initiator);
		return error;
	}
	hardware_add(&initiator->hardware);
	return 0;
}

void hardware_off(struct initiator *initiator)
{
	hardware_remove(&initiator->hardware);
	atomic_store(&initiator->stopping, true);
	hardware_kick(initiator);
	pthread_join(initiator->thread, NULL);
	int64_t end = clock_milliseconds() + LOGOUT_TIME;
	for (unsigned number = 0; number < initiator->target_limit; number++)
		if (initiator->targets[number] != NULL)
			session_end(initiator->targets[number], end);
	source_clear(&initiator->interrupt);
	close_all(initiator);
	pthread_mutex_destroy(&initiator->mutex);
	pthread_mutex_destroy(&initiator->scan_mutex);
}
