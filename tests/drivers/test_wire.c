#include "suite.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "wire/wire.h"

/* A message: its number, and so many bytes that follow from it. */
struct message {
	uint32_t number, length;
	unsigned char bytes[4000];
};
#define HEAD offsetof(struct message, bytes)

struct talk {
	struct wire_end client, server;
	struct mailboxes *boxes;
	uint32_t exchanges;
	uint32_t pause_every; /* the server sleeps longer than anybody looks; 0 never */
	atomic_bool disturb;
	bool wrong;
};

static uint32_t length_of(uint32_t number)
{
	return number % 7 == 0 ? 3000 : number % 400;
}

static void fill(struct message *message, uint32_t number)
{
	message->number = number;
	message->length = length_of(number);
	memset(message->bytes, (int)number, message->length);
}

static bool is_right(const struct message *message, ssize_t size, uint32_t number)
{
	if (size != (ssize_t)(HEAD + length_of(number)) || message->number != number ||
		message->length != length_of(number))
		return false;
	for (uint32_t i = 0; i < message->length; i++)
		if (message->bytes[i] != (unsigned char)number)
			return false;
	return true;
}

static bool take(struct wire_end *end, uint32_t number)
{
	struct message message;
	int fds[WIRE_FDS];
	ssize_t size;

	do
		size = wire_await(end, &message, sizeof(message), fds);
	while (size < 0 && errno == EINTR);
	return is_right(&message, size, number);
}

static bool give(struct wire_end *end, uint32_t number)
{
	struct message message;

	fill(&message, number);
	return wire_post(end, &message, HEAD + message.length, NULL, 0) == 0;
}

static void *serve(void *argument)
{
	struct talk *talk = argument;
	const struct timespec pause = {.tv_nsec = 15000000};

	for (uint32_t number = 0; number < talk->exchanges; number++) {
		if (talk->pause_every != 0 && number % talk->pause_every == 0)
			nanosleep(&pause, NULL);
		talk->wrong =
			talk->wrong || !take(&talk->server, number) || !give(&talk->server, number);
	}
	return NULL;
}

/* What another thread may do at any time. */
static void *disturb(void *argument)
{
	struct talk *talk = argument;

	while (atomic_load(&talk->disturb)) {
		wire_call_to_socket(talk->boxes->requests);
		sched_yield();
	}
	return NULL;
}

static void begin(struct talk *talk, uint32_t exchanges)
{
	int sockets[2];

	memset(talk, 0, sizeof(*talk));
	talk->exchanges = exchanges;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets), 0);
	talk->boxes = mmap(NULL, sizeof(*talk->boxes), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(talk->boxes, MAP_FAILED);
	talk->client.socket = sockets[0];
	talk->server.socket = sockets[1];
	wire_expect(talk->boxes->requests);
	wire_expect(talk->boxes->replies);
	wire_join(&talk->server, talk->boxes->requests, talk->boxes->replies);
	wire_join(&talk->client, talk->boxes->replies, talk->boxes->requests);
}

/* Asks with so many requests on their way. */
static void ask(struct talk *talk, uint32_t most)
{
	pthread_t server;

	ck_assert_int_eq(pthread_create(&server, NULL, serve, talk), 0);
	for (uint32_t asked = 0, answered = 0; answered < talk->exchanges;) {
		if (asked < talk->exchanges && asked - answered < most)
			ck_assert(give(&talk->client, asked++));
		else
			ck_assert_msg(take(&talk->client, answered), "answer %u", answered),
				answered++;
	}
	pthread_join(server, NULL);
	ck_assert(!talk->wrong);
}

static void end(struct talk *talk)
{
	close(talk->client.socket);
	close(talk->server.socket);
	munmap(talk->boxes, sizeof(*talk->boxes));
}

START_TEST(messages_of_any_size_come_in_their_order)
{
	struct talk talk;

	for (uint32_t most = 1; most <= MAILBOXES; most++) {
		begin(&talk, 5000);
		ask(&talk, most);
		end(&talk);
	}
}
END_TEST

START_TEST(who_waits_long_goes_to_the_socket_and_comes_back)
{
	struct talk talk;

	begin(&talk, 300);
	talk.pause_every = 10;
	ask(&talk, 1);
	end(&talk);
	begin(&talk, 300);
	talk.pause_every = 10;
	ask(&talk, MAILBOXES);
	end(&talk);
}
END_TEST

START_TEST(a_call_to_the_socket_loses_no_message)
{
	struct talk talk;
	pthread_t thread;

	begin(&talk, 5000);
	atomic_store(&talk.disturb, true);
	ck_assert_int_eq(pthread_create(&thread, NULL, disturb, &talk), 0);
	ask(&talk, 3);
	atomic_store(&talk.disturb, false);
	pthread_join(thread, NULL);
	end(&talk);
}
END_TEST

START_TEST(the_other_sides_end_is_seen)
{
	struct talk talk;
	struct message message;
	int fds[WIRE_FDS];

	begin(&talk, 1);
	close(talk.server.socket);
	ck_assert_int_eq(wire_await(&talk.client, &message, sizeof(message), fds), 0);
	talk.server.socket = -1;
	end(&talk);
}
END_TEST

/* What a hostile process could write into the memory. */
START_TEST(a_spoiled_mailbox_is_not_believed)
{
	struct talk talk;
	struct message message;

	begin(&talk, 1);
	struct mailbox *box = &talk.boxes->requests[0];
	box->length = MAILBOX_MESSAGE + 1;
	atomic_store(&box->state, MAILBOX_FULL);
	ck_assert_int_eq(mailbox_take(box, &message, sizeof(message)), -1);
	ck_assert_int_eq(errno, EMSGSIZE);
	box->length = 100;
	atomic_store(&box->state, MAILBOX_FULL);
	ck_assert_int_eq(mailbox_take(box, &message, 99), -1);
	ck_assert_int_eq(errno, EMSGSIZE);
	atomic_store(&box->state, 77);
	ck_assert_int_eq(mailbox_take(box, &message, sizeof(message)), 0);
	ck_assert(!mailbox_put(box, &message, HEAD));
	end(&talk);
}
END_TEST

SUITE_MAIN("wire", messages_of_any_size_come_in_their_order,
	who_waits_long_goes_to_the_socket_and_comes_back, a_call_to_the_socket_loses_no_message,
	the_other_sides_end_is_seen, a_spoiled_mailbox_is_not_believed)
