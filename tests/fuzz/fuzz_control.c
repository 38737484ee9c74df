/*
 * What a client says to kexd, and its workers answer: kexd's own code from the socket on, with
 * workers that answer what the input says. The client is the owner, who may do most.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysconfig.h>
#include <unistd.h>

#include "conversation.h"
#include "kexd/client.h"
#include "kexd/configured.h"
#include "kexd/extensions.h"
#include "kexd/restore.h"
#include "kexd/supervisor.h"
#include "wire/main_loop.h"
#include "wire/special_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static char root[] = "/tmp/odmcfg-fuzz-XXXXXX";

/* The descriptors that a message can come with. */
enum { FD_SPECIAL, FD_PATH, FD_OTHER, FD_DIRECTORY, FD_KINDS };
static int passed[FD_KINDS];

/* What workers say next. */
static pthread_mutex_t answers_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct input answers;

/* What main.c and supervisor.c define. */
int64_t host_started;
static struct trace_memory trace;
static pthread_t worker_threads[WORKER_SLOTS];
static int fake_ends[WORKER_SLOTS];

void request_stop(void)
{
}

struct trace_memory *supervisor_trace(void)
{
	return &trace;
}

int supervisor_shared_fd(void)
{
	return passed[FD_OTHER];
}

/* The next answer in the input, "done" when there is none. */
static size_t next_answer(struct wire_reply *reply)
{
	struct record record = {0};
	bool found = false;

	pthread_mutex_lock(&answers_mutex);
	while (!found && input_next(&answers, &record, reply, sizeof(*reply)))
		found = record.flags & RECORD_REPLY;
	pthread_mutex_unlock(&answers_mutex);
	if (!found) {
		memset(reply, 0, WIRE_REPLY_HEAD);
		reply->value = 1;
	} else if (record.flags & RECORD_RAW) {
		return record.length;
	}
	size_t length = record.length > WIRE_REPLY_HEAD ? record.length : WIRE_REPLY_HEAD;
	reply->magic = WIRE_MAGIC;
	reply->payload_length = (uint32_t)(length - WIRE_REPLY_HEAD);
	return length;
}

/* A worker: one answer a request, but for a connection that is handed over. */
static void *answer_all(void *argument)
{
	const int socket = *(int *)argument;
	struct wire_request *request = malloc(sizeof(*request));
	struct wire_reply *reply = malloc(sizeof(*reply));
	int fds[WIRE_FDS];

	while (wire_receive(socket, request, sizeof(*request), fds) > 0) {
		wire_close(fds);
		if (request->operation != WIRE_OPEN &&
			wire_send(socket, reply, next_answer(reply), NULL, 0) < 0)
			break;
	}
	free(request);
	free(reply);
	close(socket);
	return NULL;
}

int supervisor_start(struct worker *worker)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) < 0)
		abort();
	worker->control = pair[0];
	worker->generation++;
	fake_ends[worker->slot] = pair[1];
	if (pthread_create(
		    &worker_threads[worker->slot], NULL, answer_all, &fake_ends[worker->slot]) != 0)
		abort();
	atomic_store(&worker->state, WORKER_UP);
	return 0;
}

void supervisor_expect_end(struct worker *worker)
{
	atomic_store(&worker->state, WORKER_ENDING);
}

void supervisor_await_end(struct worker *worker)
{
	close(worker->control);
	worker->control = -1;
	pthread_join(worker_threads[worker->slot], NULL);
	atomic_store(&worker->state, WORKER_DOWN);
}

/* A worker here answers everything: who waits in vain has lost count of the answers. */
void supervisor_kill(struct worker *worker)
{
	(void)worker;
	abort();
}

static void remove_root(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", root);
	if (system(command) != 0)
		abort();
}

static void begin(void)
{
	char path[64];

	if (mkdtemp(root) == NULL || setenv("ODMCFG_ROOT", root, 1) < 0)
		abort();
	atexit(remove_root);
	snprintf(path, sizeof(path), "%s/special", root);
	if (mkdir(path, 0755) < 0)
		abort();
	passed[FD_DIRECTORY] = open(path, O_RDONLY | O_DIRECTORY);
	snprintf(path, sizeof(path), "%s/special/tmscsi1.tm", root);
	passed[FD_SPECIAL] = open(path, O_RDWR | O_CREAT, 0600);
	passed[FD_PATH] = open(path, O_PATH);
	passed[FD_OTHER] = memfd_create("other", 0);
	if (dprintf(passed[FD_SPECIAL], SPECIAL_FILE_FORMAT, 1, 1) < 0)
		abort();
	clients_prepare();
	workers_prepare();
	restore_never();
}

/* Sends one request with its descriptors; takes the answer when there is one. */
static bool ask(int socket, const struct record *record, const void *request, size_t length)
{
	static struct wire_reply reply;
	int fds[WIRE_FDS], count = record->fds & 3;

	for (int i = 0; i < count; i++)
		fds[i] = passed[(record->fds >> 4 >> i) % FD_KINDS];
	if (wire_send(socket, request, length, fds, count) < 0)
		return false;
	ssize_t answered = wire_receive(socket, &reply, sizeof(reply), fds);
	if (answered <= 0)
		return false;
	wire_close(fds);
	if (!wire_is_reply(&reply, answered))
		abort();
	return true;
}

/* Nothing of one input is there for the next. */
static void forget_all(void)
{
	struct wire_request *request = calloc(1, sizeof(*request));
	struct wire_reply *reply = calloc(1, sizeof(*reply));

	pthread_mutex_lock(&configuration_mutex);
	while (configured_first() != NULL)
		configured_remove(configured_first());
	request->command = SYS_KULOAD;
	while (extension_first() != NULL) {
		request->value = extension_first()->kmid;
		extension_load(request, reply);
	}
	for (int slot = 0; slot < WORKER_SLOTS; slot++) {
		worker_end(&workers[slot]);
		memset(workers[slot].name, 0, sizeof(workers[slot].name));
	}
	atomic_store(&trace.on, 0);
	pthread_mutex_unlock(&configuration_mutex);
	free(request);
	free(reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static struct wire_request request;
	static bool begun;
	struct input input = {bytes, count};
	struct record record;
	size_t length;
	int pair[2], fds[WIRE_FDS];

	if (!begun)
		begin();
	begun = true;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) < 0)
		abort();
	answers = input;
	client_start(pair[1]);
	while (input_request(&input, &record, &request, &length))
		if (!(record.flags & RECORD_REPLY) && !ask(pair[0], &record, &request, length))
			break;
	shutdown(pair[0], SHUT_WR);
	while (wire_receive(pair[0], &request, sizeof(request), fds) > 0)
		wire_close(fds);
	close(pair[0]);
	forget_all();
	return 0;
}
