#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/bus.h"

#define INITIATOR 7
#define TARGET 3

static char path[] = "/tmp/odmcfg-bus-XXXXXX";

static void make_bus(void)
{
	strcpy(path + strlen(path) - 6, "XXXXXX");
	close(mkstemp(path));
	ck_assert_int_eq(bus_make(path), 0);
}

/* What every command sends the beginning of. */
#define MOST_DATA 600000
static char pattern[MOST_DATA];

static void fill_pattern(void)
{
	for (uint64_t i = 0; i < MOST_DATA; i++)
		pattern[i] = (char)(i * 2654435761u >> 13);
}

struct work {
	struct bus_port *port;
	int commands;
	uint32_t size; /* bytes a command */
	uint32_t piece; /* at most, of one call */
	bool resets; /* any command may be cut off */
	bool once; /* after less than it asked for it waits to be told */
	struct bus_reference data; /* the pattern's memory, for a target that takes it itself */
	int done, cut; /* how they ended */
	int taken; /* by the target itself */
	bool wrong; /* data was */
	atomic_bool stop;
	atomic_int kicks;
};

/* Serves commands until told to stop: takes data, holds off now and then, completes. */
static void *serve(void *argument)
{
	struct work *work = argument;
	struct bus_command command;
	static char data[MOST_DATA];
	uint32_t left = 0, taken = 0;
	bool busy = false;

	while (!atomic_load(&work->stop)) {
		bus_wait(work->port, -1);
		for (;;) {
			if (busy && bus_cut(work->port, INITIATOR)) {
				busy = false;
				work->cut++;
			}
			if (!busy && bus_accept(work->port, INITIATOR, &command)) {
				busy = true;
				taken = 0;
				left = command.data_length;
				bus_hold(work->port, INITIATOR, true);
				bus_hold(work->port, INITIATOR, false);
			}
			if (!busy)
				break;
			size_t want = left < work->piece ? left : work->piece;
			size_t got = bus_take(work->port, INITIATOR, data, want);
			work->wrong = work->wrong || memcmp(data, pattern + taken, got) != 0;
			taken += (uint32_t)got;
			left -= (uint32_t)got;
			if (left == 0) {
				bus_complete(work->port, INITIATOR, 0, NULL, 0);
				busy = false;
				work->done++;
			} else if (got == 0 || (work->once && got < want)) {
				break;
			}
		}
	}
	return NULL;
}

/* Sends one command; returns its outcome. */
static enum bus_outcome send_one(struct work *work, struct bus_result *result)
{
	const struct bus_command command = {.cdb = {0x0a},
		.cdb_length = 6,
		.direction = BUS_DATA_OUT,
		.data_length = work->size,
		.data = work->data};
	uint32_t sent = 0;

	if (bus_start(work->port, TARGET, &command) < 0)
		return BUS_NO_TARGET;
	for (;;) {
		size_t length = work->size - sent < work->piece ? work->size - sent : work->piece;
		size_t moved = length > 0 ? bus_put(work->port, TARGET, pattern + sent, length) : 0;
		sent += (uint32_t)moved;
		if (bus_finish(work->port, TARGET, result))
			return result->outcome;
		if (moved == 0)
			bus_wait(work->port, -1);
	}
}

static void *send_all(void *argument)
{
	struct work *work = argument;
	struct bus_result result;

	for (int i = 0; i < work->commands; i++) {
		enum bus_outcome outcome = send_one(work, &result);
		work->taken += result.taken == work->size;
		if (outcome == BUS_STATUS && result.status == 0 && result.holds == 1)
			work->done++;
		else if (outcome == BUS_RESET && work->resets)
			work->cut++;
		else
			work->wrong = true;
	}
	return NULL;
}

struct scene {
	struct work initiator, target;
	pthread_t sender, server;
};

static void begin(struct scene *scene, int commands, uint32_t size, uint32_t put, uint32_t take)
{
	make_bus();
	fill_pattern();
	memset(scene, 0, sizeof(*scene));
	scene->initiator = (struct work){.commands = commands, .size = size, .piece = put};
	scene->target = (struct work){.piece = take};
	scene->initiator.port = bus_attach(path, INITIATOR);
	scene->target.port = bus_attach(path, TARGET);
	ck_assert_ptr_nonnull(scene->initiator.port);
	ck_assert_ptr_nonnull(scene->target.port);
}

static void run(struct scene *scene)
{
	ck_assert_int_eq(pthread_create(&scene->server, NULL, serve, &scene->target), 0);
	ck_assert_int_eq(pthread_create(&scene->sender, NULL, send_all, &scene->initiator), 0);
}

static void end(struct scene *scene)
{
	pthread_join(scene->sender, NULL);
	atomic_store(&scene->target.stop, true);
	bus_kick(scene->target.port);
	pthread_join(scene->server, NULL);
	bus_detach(scene->initiator.port);
	bus_detach(scene->target.port);
	ck_assert_int_eq(bus_remove(path), 0);
	ck_assert(!scene->initiator.wrong);
	ck_assert(!scene->target.wrong);
}

START_TEST(data_arrives_in_order_whatever_the_pieces)
{
	static const uint32_t pieces[][2] = {{4096, 4096}, {65536, 1000}, {777, 65536}, {1, 3}};
	struct scene scene;

	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		uint32_t size = pieces[i][0] == 1 ? 5000 : 600000;
		begin(&scene, 10, size, pieces[i][0], pieces[i][1]);
		run(&scene);
		end(&scene);
		ck_assert_int_eq(scene.initiator.done, 10);
		ck_assert_int_eq(scene.target.done, 10);
	}
}
END_TEST

/* Many, for the moment between a look and a word is short. */
#define TOLD 6000
START_TEST(who_got_less_than_asked_for_is_told_of_more)
{
	struct scene scene;

	begin(&scene, TOLD, MOST_DATA, MOST_DATA, MOST_DATA);
	scene.target.once = true;
	run(&scene);
	end(&scene);
	ck_assert_int_eq(scene.initiator.done, TOLD);
	ck_assert_int_eq(scene.target.done, TOLD);
}
END_TEST

/* Somebody else resets the bus again and again. */
static void run_with_resets(struct scene *scene)
{
	struct bus_port *third = bus_attach(path, 0);

	scene->initiator.resets = true;
	run(scene);
	for (int i = 0; i < 300; i++) {
		bus_reset(third);
		sched_yield();
	}
	end(scene);
	bus_detach(third);
	ck_assert_int_eq(scene->initiator.done + scene->initiator.cut, scene->initiator.commands);
}

START_TEST(a_reset_ends_each_command_once_and_alike_on_both_sides)
{
	struct scene scene;

	begin(&scene, 2000, 3000, 700, 900);
	run_with_resets(&scene);
	ck_assert_int_eq(scene.target.done, scene.initiator.done);
	ck_assert_int_le(scene.target.cut, scene.initiator.cut);
}
END_TEST

/* The pattern, some way into a memory of its own. */
#define OFFSET 4097

static struct bus_reference pattern_memory(unsigned seals)
{
	struct stat status;
	int fd = memfd_create("pattern", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	fill_pattern();
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, pattern, MOST_DATA, OFFSET), MOST_DATA);
	ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, seals), 0);
	ck_assert_int_eq(fstat(fd, &status), 0);
	return (struct bus_reference){.process = (uint32_t)getpid(),
		.descriptor = (uint32_t)fd,
		.inode = status.st_ino,
		.offset = OFFSET};
}

/* Sends by reference; returns how many commands' data the target took itself. */
static int send_by(struct bus_reference data, uint32_t take)
{
	struct scene scene;

	begin(&scene, 20, MOST_DATA, MOST_DATA, take);
	scene.initiator.data = data;
	run(&scene);
	end(&scene);
	ck_assert_int_eq(scene.initiator.done, 20);
	ck_assert_int_eq(scene.target.done, 20);
	return scene.initiator.taken;
}

START_TEST(a_target_takes_the_data_itself)
{
	struct bus_reference data = pattern_memory(F_SEAL_SHRINK);

	ck_assert_int_eq(send_by(data, 4096), 20);
	ck_assert_int_eq(send_by(data, MOST_DATA), 20);
	close((int)data.descriptor);
}
END_TEST

START_TEST(memory_that_cannot_be_trusted_comes_through_the_ring)
{
	struct bus_reference unsealed = pattern_memory(F_SEAL_GROW);
	struct bus_reference other = pattern_memory(F_SEAL_SHRINK), beyond = other, gone = other;

	ck_assert_int_eq(send_by(unsealed, 4096), 0);
	other.inode++;
	ck_assert_int_eq(send_by(other, 4096), 0);
	beyond.offset = OFFSET + 1;
	ck_assert_int_eq(send_by(beyond, 4096), 0);
	beyond.offset = UINT64_MAX - 10;
	ck_assert_int_eq(send_by(beyond, 4096), 0);
	close((int)gone.descriptor);
	ck_assert_int_eq(send_by(gone, 4096), 0);
	close((int)unsealed.descriptor);
}
END_TEST

START_TEST(a_reset_cuts_off_who_takes_the_data_itself)
{
	struct bus_reference data = pattern_memory(F_SEAL_SHRINK);
	struct scene scene;

	begin(&scene, 2000, 30000, 1, 900);
	scene.initiator.data = data;
	run_with_resets(&scene);
	ck_assert_int_ge(scene.initiator.taken, scene.initiator.done);
	close((int)data.descriptor);
}
END_TEST

/* Wakes up for every kick, and says so. */
static void *count_kicks(void *argument)
{
	struct work *work = argument;

	while (!atomic_load(&work->stop))
		if (bus_wait(work->port, -1) & BUS_KICKED)
			atomic_fetch_add(&work->kicks, 1);
	return NULL;
}

/* The attendant leaves with news unseen, at any moment of the thread's falling asleep. */
START_TEST(news_wake_the_thread_when_its_attendant_leaves)
{
	struct work work = {0};
	pthread_t thread;

	make_bus();
	work.port = bus_attach(path, TARGET);
	ck_assert_int_eq(pthread_create(&thread, NULL, count_kicks, &work), 0);
	for (int i = 0; i < 3000; i++) {
		int before = atomic_load(&work.kicks);
		for (int pause = 0; pause < i % 40; pause++)
			sched_yield();
		bus_poll_begin(work.port);
		if (i % 2 == 0)
			bus_kick(work.port);
		for (int pause = 0; pause < i % 90; pause++)
			sched_yield();
		if (i % 2 == 1)
			bus_kick(work.port);
		bus_poll_end(work.port);
		while (atomic_load(&work.kicks) == before)
			sched_yield();
	}
	atomic_store(&work.stop, true);
	bus_kick(work.port);
	pthread_join(thread, NULL);
	bus_detach(work.port);
	bus_remove(path);
}
END_TEST

START_TEST(an_id_has_one_owner_and_a_missing_target_is_told)
{
	make_bus();
	struct bus_port *port = bus_attach(path, INITIATOR);
	struct bus_command command = {.cdb_length = 6};

	ck_assert_ptr_null(bus_attach(path, INITIATOR));
	ck_assert_int_eq(errno, EADDRINUSE);
	ck_assert_ptr_null(bus_attach(path, 8));
	ck_assert_int_eq(errno, EINVAL);
	ck_assert_ptr_null(bus_attach("/nonexistent/bus", 0));
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(bus_start(port, TARGET, &command), -1);
	ck_assert_int_eq(errno, ENODEV);
	ck_assert_uint_eq(bus_present(port), 1u << INITIATOR);
	bus_detach(port);
	bus_remove(path);
}
END_TEST

START_TEST(a_target_that_leaves_ends_the_command)
{
	struct bus_command command = {.cdb_length = 6, .direction = BUS_DATA_OUT, .data_length = 9};
	struct bus_result result;

	make_bus();
	struct bus_port *port = bus_attach(path, INITIATOR);
	struct bus_port *target = bus_attach(path, TARGET);
	for (int i = 0; i < BUS_DEPTH; i++)
		ck_assert_int_eq(bus_start(port, TARGET, &command), 0);
	ck_assert_int_eq(bus_start(port, TARGET, &command), -1);
	ck_assert_int_eq(errno, EBUSY);
	ck_assert(bus_accept(target, INITIATOR, &command));
	ck_assert(!bus_finish(port, TARGET, &result));
	bus_leave(target);
	ck_assert(bus_wait(port, 10000) & BUS_TO(TARGET));
	for (int i = 0; i < BUS_DEPTH; i++) {
		ck_assert(bus_finish(port, TARGET, &result));
		ck_assert_uint_eq(result.outcome, BUS_NO_TARGET);
	}
	bus_detach(target);

	/* A process that is killed gives its ID back. */
	pid_t child = fork();
	if (child == 0) {
		if (bus_attach(path, TARGET) != NULL)
			raise(SIGKILL);
		_exit(1);
	}
	int status;
	waitpid(child, &status, 0);
	ck_assert(WIFSIGNALED(status));
	target = bus_attach(path, TARGET);
	ck_assert_ptr_nonnull(target);
	bus_detach(target);
	bus_detach(port);
	bus_remove(path);
}
END_TEST

START_TEST(commands_are_carried_out_in_their_order_until_one_fails)
{
	struct bus_command command = {.cdb_length = 6}, accepted;
	struct bus_result result;
	uint8_t number = 0, done = 0;

	make_bus();
	struct bus_port *port = bus_attach(path, INITIATOR);
	struct bus_port *target = bus_attach(path, TARGET);
	for (int i = 0; i < 7; i++) {
		while (command.cdb[0] = number, bus_start(port, TARGET, &command) == 0)
			number++;
		ck_assert(bus_accept(target, INITIATOR, &accepted));
		ck_assert_uint_eq(accepted.cdb[0], done);
		ck_assert(!bus_accept(target, INITIATOR, &accepted));
		bus_complete(target, INITIATOR, 0, NULL, 0);
		ck_assert(bus_finish(port, TARGET, &result));
		ck_assert_uint_eq(result.outcome, BUS_STATUS);
		ck_assert(!bus_finish(port, TARGET, &result));
		done++;
	}
	/* The next fails; the target takes none before the initiator knows that. */
	ck_assert(bus_accept(target, INITIATOR, &accepted));
	bus_complete(target, INITIATOR, 8, NULL, 0);
	ck_assert(!bus_accept(target, INITIATOR, &accepted));
	ck_assert(bus_finish(port, TARGET, &result));
	ck_assert_uint_eq(result.status, 8);
	if (bus_finish(port, TARGET, &result))
		ck_assert_uint_eq(result.outcome, BUS_FLUSHED);
	ck_assert(!bus_accept(target, INITIATOR, &accepted));
	command.cdb[0] = 99;
	ck_assert_int_eq(bus_start(port, TARGET, &command), 0);
	ck_assert(bus_accept(target, INITIATOR, &accepted));
	ck_assert_uint_eq(accepted.cdb[0], 99);
	bus_detach(target);
	bus_detach(port);
	bus_remove(path);
}
END_TEST

START_TEST(a_command_that_ends_before_its_cut_is_seen_has_not_failed)
{
	struct bus_command command = {.cdb_length = 6}, accepted;
	struct bus_result result;

	make_bus();
	struct bus_port *port = bus_attach(path, INITIATOR);
	struct bus_port *target = bus_attach(path, TARGET);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(bus_start(port, TARGET, &command), 0);
		ck_assert(bus_accept(target, INITIATOR, &accepted));
		bus_reset(port);
		bus_complete(target, INITIATOR, 0, NULL, 0);
		ck_assert(!bus_cut(target, INITIATOR));
		ck_assert(bus_finish(port, TARGET, &result));
		ck_assert_uint_eq(result.outcome, BUS_STATUS);
	}
	bus_detach(target);
	bus_detach(port);
	bus_remove(path);
}
END_TEST

START_TEST(an_aborted_command_leaves_the_path_usable)
{
	struct bus_command command = {.cdb_length = 6, .direction = BUS_DATA_OUT, .data_length = 9};
	struct bus_command accepted;
	struct bus_result result;

	make_bus();
	struct bus_port *port = bus_attach(path, INITIATOR);
	struct bus_port *target = bus_attach(path, TARGET);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(bus_start(port, TARGET, &command), 0);
		if (i > 0)
			ck_assert(bus_accept(target, INITIATOR, &accepted));
		bus_abort(port, TARGET);
		ck_assert_int_eq(bus_cut(target, INITIATOR), i > 0);
		ck_assert(bus_finish(port, TARGET, &result));
		ck_assert_uint_eq(result.outcome, BUS_RESET);
	}
	bus_detach(target);
	bus_detach(port);
	bus_remove(path);
}
END_TEST

/*
 * Two commands come while the target is between its looks for the one and the other: a moment so
 * short that others have to take the processor away in it, again and again.
 */
#define PAIRS 60000u
#define OTHERS 4

static atomic_bool others_end;

static void *take_the_processor(void *argument)
{
	while (!atomic_load(&others_end))
		;
	return argument;
}

static void *send_pairs(void *argument)
{
	struct bus_port *port = argument;
	struct bus_command command = {.cdb_length = 6};
	struct bus_result result;

	for (uint32_t number = 0; number < 2 * PAIRS; number++) {
		memcpy(command.cdb, &number, sizeof(number));
		if (bus_start(port, TARGET, &command) < 0)
			break;
		for (unsigned left = number % 2 * 2; left > 0;)
			left -= bus_finish(port, TARGET, &result);
	}
	return NULL;
}

START_TEST(two_commands_that_come_during_a_look_keep_their_order)
{
	struct bus_command accepted;
	pthread_t sender, others[OTHERS];

	make_bus();
	struct bus_port *port = bus_attach(path, INITIATOR);
	struct bus_port *target = bus_attach(path, TARGET);
	for (int i = 0; i < OTHERS; i++)
		ck_assert_int_eq(pthread_create(&others[i], NULL, take_the_processor, NULL), 0);
	ck_assert_int_eq(pthread_create(&sender, NULL, send_pairs, port), 0);
	for (uint32_t number = 0; number < 2 * PAIRS; number++) {
		while (!bus_accept(target, INITIATOR, &accepted))
			;
		ck_assert_int_eq(memcmp(accepted.cdb, &number, sizeof(number)), 0);
		bus_complete(target, INITIATOR, 0, NULL, 0);
	}
	atomic_store(&others_end, true);
	pthread_join(sender, NULL);
	for (int i = 0; i < OTHERS; i++)
		pthread_join(others[i], NULL);
	bus_detach(target);
	bus_detach(port);
	bus_remove(path);
}
END_TEST

/* Attaches, opens a session, begins a command, and dies; `told` gets a byte when it is ready. */
static pid_t start_initiator(int told)
{
	const struct bus_command command = {.cdb_length = 6};
	pid_t child = fork();

	if (child != 0)
		return child;
	struct bus_port *port = bus_attach(path, INITIATOR);
	if (port != NULL) {
		bus_session_begin(port, TARGET);
		if (bus_start(port, TARGET, &command) == 0 && write(told, "", 1) == 1)
			pause();
	}
	_exit(1);
}

static void kill_child(pid_t child)
{
	int status;

	kill(child, SIGKILL);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFSIGNALED(status));
}

/* Waits until all of these causes have come. */
static void await_causes(struct bus_port *port, uint32_t wanted)
{
	for (int i = 0; i < 20 && wanted != 0; i++)
		wanted &= ~bus_wait(port, 500);
	ck_assert_uint_eq(wanted, 0);
}

/* Carried out to its end before anybody notices, or not: the session is broken either way. */
START_TEST(an_initiator_that_is_killed_is_lost_to_its_target)
{
	struct bus_command command;
	int told[2];

	for (int complete = 0; complete < 2; complete++) {
		make_bus();
		struct bus_port *target = bus_attach(path, TARGET);
		ck_assert_int_eq(pipe(told), 0);
		pid_t child = start_initiator(told[1]);
		ck_assert_int_eq(read(told[0], &(char){0}, 1), 1);
		ck_assert(bus_accept(target, INITIATOR, &command));
		ck_assert_uint_ne(command.session, 0);
		if (complete)
			bus_complete(target, INITIATOR, 0, NULL, 0);
		kill_child(child);
		await_causes(target, BUS_LOST(INITIATOR) | BUS_FROM(INITIATOR));
		ck_assert_int_eq(bus_cut(target, INITIATOR), !complete);
		ck_assert_int_eq(
			bus_session(target, INITIATOR, command.session), BUS_SESSION_BROKEN);
		ck_assert_uint_eq(bus_present(target), 1u << TARGET);
		bus_detach(target);
		bus_remove(path);
		close(told[0]);
		close(told[1]);
	}
}
END_TEST

START_TEST(a_session_ends_whole_or_given_up)
{
	struct bus_command command = {.cdb_length = 6}, accepted;
	struct bus_result result;

	make_bus();
	struct bus_port *port = bus_attach(path, INITIATOR);
	struct bus_port *target = bus_attach(path, TARGET);
	for (int given_up = 0; given_up < 2; given_up++) {
		bus_session_begin(port, TARGET);
		ck_assert_int_eq(bus_start(port, TARGET, &command), 0);
		ck_assert(bus_accept(target, INITIATOR, &accepted));
		bus_complete(target, INITIATOR, 0, NULL, 0);
		ck_assert(bus_finish(port, TARGET, &result));
		ck_assert_int_eq(
			bus_session(target, INITIATOR, accepted.session), BUS_SESSION_OPEN);
		bus_session_end(port, TARGET, given_up);
		ck_assert_int_eq(bus_session(target, INITIATOR, accepted.session),
			given_up ? BUS_SESSION_BROKEN : BUS_SESSION_ENDED);
	}
	/* Who leaves in good order is not missed. */
	bus_news(target);
	bus_detach(port);
	ck_assert(!(bus_news(target) & BUS_LOST(INITIATOR)));
	bus_detach(target);
	bus_remove(path);
}
END_TEST

/* Starts a command of the session and carries it out if it is for the reader; whether it was. */
static bool carried_out(struct bus_port *port, struct bus_port *target)
{
	const struct bus_command command = {.cdb_length = 6, .bound = 1};
	struct bus_command accepted;
	struct bus_result result;

	ck_assert_int_eq(bus_start(port, TARGET, &command), 0);
	ck_assert(bus_accept(target, INITIATOR, &accepted));
	bool is_for = bus_is_for_reader(target, INITIATOR, &accepted);
	bus_complete(target, INITIATOR, is_for ? 0 : 8, NULL, 0);
	ck_assert(bus_finish(port, TARGET, &result));
	return is_for;
}

START_TEST(bound_commands_are_for_the_reader_of_the_first)
{
	make_bus();
	struct bus_port *port = bus_attach(path, INITIATOR);
	struct bus_port *target = bus_attach(path, TARGET);
	bus_reader_begin(target, INITIATOR);
	bus_session_begin(port, TARGET);
	ck_assert(carried_out(port, target));
	ck_assert(carried_out(port, target));
	bus_reader_end(target, INITIATOR);
	bus_reader_begin(target, INITIATOR);
	ck_assert(!carried_out(port, target));
	/* The target's next process is another reader's, too. */
	bus_detach(target);
	target = bus_attach(path, TARGET);
	bus_reader_begin(target, INITIATOR);
	ck_assert(!carried_out(port, target));
	bus_session_end(port, TARGET, false);
	bus_session_begin(port, TARGET);
	ck_assert(carried_out(port, target));
	bus_detach(target);
	bus_detach(port);
	bus_remove(path);
}
END_TEST

SUITE_MAIN("bus", data_arrives_in_order_whatever_the_pieces,
	who_got_less_than_asked_for_is_told_of_more,
	a_reset_ends_each_command_once_and_alike_on_both_sides, a_target_takes_the_data_itself,
	memory_that_cannot_be_trusted_comes_through_the_ring,
	a_reset_cuts_off_who_takes_the_data_itself, news_wake_the_thread_when_its_attendant_leaves,
	an_id_has_one_owner_and_a_missing_target_is_told, a_target_that_leaves_ends_the_command,
	commands_are_carried_out_in_their_order_until_one_fails,
	a_command_that_ends_before_its_cut_is_seen_has_not_failed,
	an_aborted_command_leaves_the_path_usable,
	an_initiator_that_is_killed_is_lost_to_its_target, a_session_ends_whole_or_given_up,
	bound_commands_are_for_the_reader_of_the_first,
	two_commands_that_come_during_a_look_keep_their_order)
