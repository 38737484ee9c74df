/* A client's requests: who may ask for what, and a connection handed over to a worker. */
#include "kexd/client.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/device.h>
#include <sys/errids.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "kexd/configure.h"
#include "kexd/extensions.h"
#include "kexd/lists.h"
#include "kexd/special.h"
#include "kexd/supervisor.h"
#include "kexd/trace.h"
#include "wire/main_loop.h"

struct client {
	int socket;
	pid_t pid;
	uid_t uid;
	bool owner; /* root or the host's own user: may load, configure and stop */
	struct client *next; /* all clients; under clients_mutex */
};

/* Guards the list of clients; client_ended tells that one has left it. */
static pthread_mutex_t clients_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t client_ended = PTHREAD_COND_INITIALIZER;
static struct client *clients;
static unsigned most_clients; /* the owner's among them; set before there is any */
static atomic_bool ending; /* requests that are not begun by now are not carried out */

/* Of one user who is not the owner. */
#define MOST_OF_A_USER 64

/* What kexd may have open beside its clients: three descriptors for each process, and its own. */
#define OTHER_DESCRIPTORS (3 * WORKER_SLOTS + 64)
#define DESCRIPTORS_WANTED 8192

static int status(const struct wire_request *request, struct wire_reply *reply)
{
	const struct wire_status answer = {.started = host_started,
		.extensions = extension_total(),
		.devices = configured_total()};

	(void)request;
	memcpy(reply->payload, &answer, sizeof(answer));
	reply->payload_length = sizeof(answer);
	return 0;
}

static int stop(const struct wire_request *request, struct wire_reply *reply)
{
	if (!request->value && count_open() > 0) {
		snprintf(reply->reason, WIRE_REASON, "a device is open");
		return EBUSY;
	}
	request_stop();
	return 0;
}

/* Every operation, who may ask for it, and whether it needs the configuration to stand still. */
static const struct {
	int (*function)(const struct wire_request *request, struct wire_reply *reply);
	bool owner_only, locked;
} operations[WIRE_OPERATIONS] = {
	[WIRE_SYSCONFIG_LOAD] = {extension_load, true, true},
	[WIRE_SYSCONFIG_CALL] = {configure, true, true},
	[WIRE_SYSCONFIG_SWITCH] = {query_switch, false, false},
	[WIRE_STATUS] = {status, false, false},
	[WIRE_STOP] = {stop, true, false},
	[WIRE_EXTENSIONS] = {list_extensions, false, true},
	[WIRE_DEVICES] = {list_devices, false, false},
	[WIRE_EDT] = {list_edt, false, false},
	[WIRE_TRACE] = {trace_control, true, false},
};

static void call(
	const struct client *client, const struct wire_request *request, struct wire_reply *reply)
{
	uint32_t operation = request->operation;

	if (operations[operation].function == NULL) {
		reply->error = EINVAL;
		return;
	}
	if (operations[operation].owner_only && !client->owner) {
		snprintf(reply->reason, WIRE_REASON, "only root and the owner of this root may");
		reply->error = EPERM;
		return;
	}
	if (operations[operation].locked)
		pthread_mutex_lock(&configuration_mutex);
	int error = operations[operation].function(request, reply);
	if (operations[operation].locked)
		pthread_mutex_unlock(&configuration_mutex);
	/* The reply may have been a worker's. */
	reply->magic = WIRE_MAGIC;
	reply->error = error;
}

/* Opens a device: the worker answers, and the connection is its from then on. */
static int hand_over(
	struct client *client, struct wire_request *request, int special, struct wire_reply *reply)
{
	char name[SPECIAL_NAME];
	dev_t devno;
	int error = special_check(special, request->command, &devno, name);

	if (error != 0)
		return error;
	struct worker *worker = configured_worker(devno, name);
	if (worker == NULL)
		return ENODEV;
	request->device = devno;
	request->payload_length = 0;
	error = worker_hand_over(worker, request, client->socket);
	if (error != 0)
		snprintf(reply->reason, WIRE_REASON,
			"its process ended and is being started again; odmcfg errpt tells why");
	return error;
}

/* One request: false when the connection is not ours any more. */
static bool serve_one(struct client *client, struct wire_request *request, struct wire_reply *reply)
{
	int fds[WIRE_FDS];
	ssize_t length = wire_receive(client->socket, request, sizeof(*request), fds);

	if (length <= 0)
		return false;
	bool valid = wire_is_request(request, length), handed_over = false;
	int shared = supervisor_shared_fd();
	memset(reply, 0, WIRE_REPLY_HEAD);
	reply->magic = WIRE_MAGIC;
	if (!valid)
		error_log("KEX_WIRE", "kexd", "process %d sent a malformed message",
			(int)client->pid);
	else if (request->operation == WIRE_OPEN)
		handed_over = (reply->error = hand_over(client, request, fds[0], reply)) == 0;
	else
		call(client, request, reply);
	wire_close(fds);
	bool with_memory = valid && request->operation == WIRE_TRACE && reply->error == 0;
	return valid && !handed_over &&
	       wire_send(client->socket, reply, WIRE_REPLY_HEAD + reply->payload_length, &shared,
		       with_memory) >= 0;
}

void clients_prepare(void)
{
	struct rlimit limit;

	most_clients = MOST_OF_A_USER;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	if (limit.rlim_cur < DESCRIPTORS_WANTED) {
		limit.rlim_cur =
			limit.rlim_max < DESCRIPTORS_WANTED ? limit.rlim_max : DESCRIPTORS_WANTED;
		setrlimit(RLIMIT_NOFILE, &limit);
		getrlimit(RLIMIT_NOFILE, &limit);
	}
	rlim_t most = limit.rlim_cur > DESCRIPTORS_WANTED ? DESCRIPTORS_WANTED : limit.rlim_cur;
	/* A client is its socket, and the descriptors that come with its message. */
	if (most > OTHER_DESCRIPTORS)
		most_clients = (unsigned)(most - OTHER_DESCRIPTORS) / (1 + WIRE_FDS);
}

/* Why there can't be one more client, NULL when it was added. A quarter is left to the owner. */
static const char *add_client(struct client *client)
{
	unsigned all = 0, of_user = 0;
	const char *refusal = NULL;

	pthread_mutex_lock(&clients_mutex);
	for (const struct client *other = clients; other != NULL; other = other->next) {
		all++;
		of_user += other->uid == client->uid;
	}
	if (all >= (client->owner ? most_clients : most_clients - most_clients / 4))
		refusal = "kexd has as many clients as it can have; try again";
	else if (!client->owner && of_user >= MOST_OF_A_USER)
		refusal = "this user has as many connections with kexd as one may have";
	if (refusal == NULL) {
		client->next = clients;
		clients = client;
	}
	pthread_mutex_unlock(&clients_mutex);
	return refusal;
}

static void remove_client(struct client *gone)
{
	pthread_mutex_lock(&clients_mutex);
	struct client **link = &clients;
	while (*link != gone)
		link = &(*link)->next;
	*link = gone->next;
	close(gone->socket);
	pthread_cond_broadcast(&client_ended);
	pthread_mutex_unlock(&clients_mutex);
	free(gone);
}

/* The two messages are on the heap: they are large. */
static void *run(void *argument)
{
	struct client *client = argument;
	AUTO_FREE struct wire_request *request = malloc(sizeof(*request));
	AUTO_FREE struct wire_reply *reply = malloc(sizeof(*reply));

	while (request != NULL && reply != NULL && !atomic_load(&ending) &&
		serve_one(client, request, reply))
		continue;
	remove_client(client);
	return NULL;
}

void client_start(int socket)
{
	struct client *client = calloc(1, sizeof(*client));
	struct ucred peer;
	socklen_t size = sizeof(peer);
	pthread_t thread;

	if (client == NULL || getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 ||
		wire_limit_sends(socket) < 0) {
		free(client);
		close(socket);
		return;
	}
	client->socket = socket;
	client->pid = peer.pid;
	client->uid = peer.uid;
	client->owner = peer.uid == 0 || peer.uid == geteuid();
	const char *refusal = add_client(client);
	if (refusal != NULL) {
		error_log("KEX_CLIENTS", "kexd", "process %d of user %u is refused: %s",
			(int)peer.pid, (unsigned)peer.uid, refusal);
		wire_refuse(socket, EAGAIN, refusal);
		free(client);
		return;
	}

	int error = pthread_create(&thread, NULL, run, client);
	if (error != 0) {
		error_log("KEX_THREAD", "kexd", "no thread for process %d: %s", (int)peer.pid,
			strerror(error));
		remove_client(client);
		return;
	}
	pthread_detach(thread);
}

void clients_end(unsigned seconds)
{
	const struct timespec until = clock_deadline(seconds * CLOCK_SECOND);
	unsigned left = 0;

	atomic_store(&ending, true);
	pthread_mutex_lock(&clients_mutex);
	/* Not the writing side: a call in progress still gets its reply. */
	for (const struct client *client = clients; client != NULL; client = client->next)
		shutdown(client->socket, SHUT_RD);
	while (clients != NULL)
		if (pthread_cond_clockwait(
			    &client_ended, &clients_mutex, CLOCK_MONOTONIC, &until) == ETIMEDOUT)
			break;
	for (const struct client *client = clients; client != NULL; client = client->next)
		left++;
	pthread_mutex_unlock(&clients_mutex);
	if (left > 0)
		error_log("KEX_STOP", "kexd", "%u calls do not end: their clients are left", left);
}
