/* Connections: the list of them, the thread of each, and what wakes it from outside. */
#include "worker/device_transfer.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/device.h>
#include <sys/errids.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * Guards the list and, in each connection, what other threads read: open, devno and the two
 * eventfds. connection_ended tells that one has left the list.
 */
static pthread_mutex_t connections_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t connection_ended = PTHREAD_COND_INITIALIZER;
static struct connection *connections;
static uint64_t last_id;

/* Of one user who is not the owner: each takes descriptors and a thread. */
#define MOST_OF_A_USER 64

void selnotify(dev_t devno, int chan, unsigned short revents)
{
	uint64_t one = 1;

	(void)chan;
	(void)revents;
	pthread_mutex_lock(&connections_mutex);
	for (struct connection *connection = connections; connection != NULL;
		connection = connection->next)
		if (connection->open && connection->devno == devno)
			/* A full counter is a notification that is still to be seen. */
			if (write(connection->notify_fd, &one, sizeof(one)) < 0)
				continue;
	pthread_mutex_unlock(&connections_mutex);
}

/* With the mutex held. */
static struct connection *find(uint64_t id)
{
	struct connection *connection = connections;

	while (connection != NULL && connection->id != id)
		connection = connection->next;
	return connection;
}

void connection_interrupted(uint64_t id)
{
	uint64_t count;

	pthread_mutex_lock(&connections_mutex);
	struct connection *connection = find(id);
	if (connection != NULL &&
		read(connection->interrupt_fd, &count, sizeof(count)) == sizeof(count))
		kern_thread_signal(&connection->thread);
	pthread_mutex_unlock(&connections_mutex);
}

/* With the mutex held: ends the thread's sleep, in a driver or between two requests. */
static void rouse(struct connection *connection)
{
	kern_thread_signal(&connection->thread);
	if (!connection->open)
		return;
	struct mailboxes *mailboxes = connection->mailboxes.address;
	wire_call_to_socket(mailboxes->requests);
}

void connection_hung_up(uint64_t id)
{
	pthread_mutex_lock(&connections_mutex);
	struct connection *connection = find(id);
	if (connection != NULL)
		rouse(connection);
	pthread_mutex_unlock(&connections_mutex);
}

void connection_opened(
	struct connection *connection, dev_t devno, int flags, int notify_fd, int interrupt_fd)
{
	pthread_mutex_lock(&connections_mutex);
	connection->open = true;
	connection->devno = devno;
	connection->flags = flags;
	connection->notify_fd = notify_fd;
	connection->interrupt_fd = interrupt_fd;
	pthread_mutex_unlock(&connections_mutex);
}

void connection_closed(struct connection *connection)
{
	pthread_mutex_lock(&connections_mutex);
	connection->open = false;
	pthread_mutex_unlock(&connections_mutex);
}

unsigned connections_open(void)
{
	unsigned open = 0;

	pthread_mutex_lock(&connections_mutex);
	for (const struct connection *connection = connections; connection != NULL;
		connection = connection->next)
		open += connection->open;
	pthread_mutex_unlock(&connections_mutex);
	return open;
}

void connections_end(void)
{
	pthread_mutex_lock(&connections_mutex);
	for (struct connection *connection = connections; connection != NULL;
		connection = connection->next) {
		/* Not the writing side: a call in progress still gets its reply. */
		shutdown(connection->wire.socket, SHUT_RD);
		rouse(connection);
	}
	while (connections != NULL)
		pthread_cond_wait(&connection_ended, &connections_mutex);
	pthread_mutex_unlock(&connections_mutex);
}

static void remove_connection(struct connection *gone)
{
	pthread_mutex_lock(&connections_mutex);
	struct connection **link = &connections;
	while (*link != gone)
		link = &(*link)->next;
	*link = gone->next;
	close(gone->wire.socket);
	if (gone->notify_fd >= 0)
		close(gone->notify_fd);
	if (gone->interrupt_fd >= 0)
		close(gone->interrupt_fd);
	pthread_cond_broadcast(&connection_ended);
	pthread_mutex_unlock(&connections_mutex);

	shared_segment_destroy(&gone->window);
	shared_segment_destroy(&gone->mailboxes);
	free(gone);
}

/* A signal left over from the call before concerns nobody; a hang-up stays true. */
static void forget_old_signals(struct connection *connection)
{
	struct pollfd end = {.fd = connection->wire.socket, .events = POLLRDHUP};

	if (!atomic_load(&connection->thread.signalled))
		return;
	kern_thread_clear(&connection->thread);
	if (poll(&end, 1, 0) > 0 && (end.revents & (POLLRDHUP | POLLHUP)))
		kern_thread_signal(&connection->thread);
}

/* Carries one request out and answers it: false when the client is gone. */
static bool answer(
	struct connection *connection, const struct wire_request *request, struct wire_reply *reply)
{
	int fds[WIRE_FDS], count = 0;

	memset(reply, 0, WIRE_REPLY_HEAD);
	reply->magic = WIRE_MAGIC;
	device_call(connection, request, reply, fds, &count);
	if (wire_post(&connection->wire, reply, WIRE_REPLY_HEAD + reply->payload_length, fds,
		    count) < 0)
		return false;
	struct mailboxes *mailboxes = connection->mailboxes.address;
	if (connection->open && connection->wire.incoming == NULL)
		wire_join(&connection->wire, mailboxes->requests, mailboxes->replies);
	return true;
}

/* Ends writes that are begun and answers them, until only `most` are left. */
static bool end_begun(struct connection *connection, struct wire_reply *reply, unsigned most)
{
	while (connection->begun > most) {
		memset(reply, 0, WIRE_REPLY_HEAD);
		reply->magic = WIRE_MAGIC;
		transfer_end_write(connection, reply);
		if (wire_post(&connection->wire, reply, WIRE_REPLY_HEAD, NULL, 0) < 0)
			return false;
	}
	return true;
}

/* A signal that comes while writes are begun concerns them. */
static bool carry_out(
	struct connection *connection, const struct wire_request *request, struct wire_reply *reply)
{
	if (connection->begun == 0)
		forget_old_signals(connection);
	if (transfer_begin_write(connection, request))
		return true;
	return end_begun(connection, reply, 0) && answer(connection, request, reply);
}

/* While the next request is not there writes may end; one more than the driver takes has to. */
static bool end_some(struct connection *connection, struct wire_reply *reply)
{
	if (!end_begun(connection, reply, D_WRITES - 1))
		return false;
	while (connection->begun > 0 && !wire_has_message(&connection->wire))
		if (!end_begun(connection, reply, connection->begun - 1))
			return false;
	return true;
}

static ssize_t await_request(
	struct connection *connection, struct wire_request *request, int fds[WIRE_FDS])
{
	ssize_t length;

	do
		length = wire_await(&connection->wire, request, sizeof(*request), fds);
	while (length < 0 && errno == EINTR);
	return length;
}

/*
 * Serves requests until the client is gone, the first of which came with the connection. The two
 * messages are on the heap: they are large.
 */
static void serve(
	struct connection *connection, struct wire_request *request, struct wire_reply *reply)
{
	int fds[WIRE_FDS];

	while (carry_out(connection, request, reply) && end_some(connection, reply)) {
		ssize_t length = await_request(connection, request, fds);
		if (length <= 0)
			return;
		wire_close(fds);
		if (!wire_is_request(request, length)) {
			error_log("KEX_WIRE", "kexd", "process %d sent a malformed message",
				(int)connection->pid);
			return;
		}
	}
}

static void *run(void *argument)
{
	struct connection *connection = argument;
	struct wire_request *request = malloc(sizeof(*request));
	struct wire_reply *reply = malloc(sizeof(*reply));

	kern_thread_enter(&connection->thread);
	if (request != NULL && reply != NULL) {
		memcpy(request, &connection->first, WIRE_REQUEST_HEAD);
		serve(connection, request, reply);
		/* For nobody any more: what still waits is aborted. */
		while (connection->begun > 0) {
			kern_thread_signal(&connection->thread);
			transfer_end_write(connection, reply);
		}
	}
	call_close(connection);
	kern_thread_leave();
	free(request);
	free(reply);
	remove_connection(connection);
	return NULL;
}

/* Enters it in the list: false when its user has too many, who is not the owner. */
static bool add_connection(struct connection *connection)
{
	unsigned of_user = 0;

	pthread_mutex_lock(&connections_mutex);
	for (const struct connection *other = connections; other != NULL; other = other->next)
		of_user += other->uid == connection->uid;
	bool fits = !connection->thread.unprivileged || of_user < MOST_OF_A_USER;
	if (fits) {
		connection->id = ++last_id;
		connection->next = connections;
		connections = connection;
	}
	pthread_mutex_unlock(&connections_mutex);
	return fits;
}

void connection_start(int socket, const struct wire_request *first)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	struct ucred peer;
	socklen_t size = sizeof(peer);
	pthread_t thread;

	if (connection == NULL || getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) {
		free(connection);
		close(socket);
		return;
	}
	connection->wire.socket = socket;
	connection->pid = peer.pid;
	connection->uid = peer.uid;
	connection->thread.unprivileged = peer.uid != 0 && peer.uid != geteuid();
	memcpy(&connection->first, first, WIRE_REQUEST_HEAD);
	connection->notify_fd = connection->interrupt_fd = -1;
	if (!add_connection(connection)) {
		wire_refuse(socket, EAGAIN,
			"this user has as many devices of this adapter open as one may have");
		free(connection);
		return;
	}
	watch_socket(connection->id, socket);
	int error = pthread_create(&thread, NULL, run, connection);
	if (error != 0) {
		error_log("KEX_THREAD", "kexd", "no thread for process %d: %s", (int)peer.pid,
			strerror(error));
		remove_connection(connection);
		return;
	}
	pthread_detach(thread);
}
