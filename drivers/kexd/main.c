/*
 * kexd, the extension host. It runs no extension itself: adapters have a process each, with what
 * hangs on them (kexworker, in worker/). kexd says which, takes configuration calls to them, hands
 * openers over, and starts a process again that ended by itself. The main thread accepts
 * connections and notices the wish to stop.
 *
 * It is started by libkex, by systemd, or by hand for a look at it in the foreground. With
 * ODMCFG_KEXD_READY=fd it writes "ok" or the reason why it can't start to that descriptor, once.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/errids.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "base/root_file.h"
#include "kexd/client.h"
#include "kexd/configured.h"
#include "kexd/nursery.h"
#include "kexd/restore.h"
#include "kexd/version.h"
#include "wire/errlog.h"
#include "wire/log_file.h"

enum watched { WATCH_LISTEN, WATCH_SIGNALS, WATCH_STOP };

/* What a driver may take to unconfigure its devices at a stop, and calls in progress to end. */
#define STOP_SECONDS 10
#define LAST_SECONDS 2 /* for those calls to end whose process was killed then */

int64_t host_started;

static int epoll_fd = -1, stop_fd = -1;
static bool inherited; /* the socket is systemd's */

/* Writes the outcome of the start to whoever waits for it. */
static void report_start(const char *outcome)
{
	const char *descriptor = getenv("ODMCFG_KEXD_READY");

	if (descriptor == NULL)
		return;
	int fd = atoi(descriptor);
	if (write(fd, outcome, strlen(outcome)) < 0)
		error_log("KEX_START", "kexd", "nobody waits for the start: %s", strerror(errno));
	close(fd);
	unsetenv("ODMCFG_KEXD_READY");
}

static int refuse_start(const char *what, const char *path)
{
	char outcome[512];

	snprintf(outcome, sizeof(outcome), "%s %s: %s", what, path, strerror(errno));
	error_log("KEX_START", "kexd", "%s", outcome);
	report_start(outcome);
	return -1;
}

static void watch(int fd, enum watched about)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = about};

	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		error_log("KEX_WATCH", "kexd", "epoll_ctl: %s", strerror(errno));
}

void request_stop(void)
{
	uint64_t one = 1;

	if (write(stop_fd, &one, sizeof(one)) < 0)
		error_log("KEX_STOP", "kexd", "eventfd: %s", strerror(errno));
}

/* The process, and what it does; one write, for those who read meanwhile. */
static bool write_pid_file(int fd, const char *state)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%d%s\n", (int)getpid(), state);

	return pwrite(fd, text, (size_t)length, 0) == length && ftruncate(fd, length) == 0;
}

/* Tries for a lock: somebody may look just now whether it is held, or remove the file. */
#define LOCK_TRIES 100
#define LOCK_PAUSE 10000000 /* nanoseconds */

/* The file with its lock; -1 with errno, and *what for refuse_start. */
static int open_pid_file(const char **what)
{
	const struct timespec pause = {0, LOCK_PAUSE};
	struct stat status;

	for (int tries = 0; tries < LOCK_TRIES; tries++) {
		int fd = root_file_open(ROOT_RUN, "kexd.pid", O_RDWR | O_CREAT, 0600);
		*what = fd < 0 ? root_file_reason() : "kexd.pid";
		if (fd < 0)
			return -1;
		bool locked = flock(fd, LOCK_EX | LOCK_NB) == 0;
		if (locked && fstat(fd, &status) == 0 && status.st_nlink > 0)
			return fd;
		close(fd);
		if (!locked)
			nanosleep(&pause, NULL);
	}
	errno = EWOULDBLOCK;
	return -1;
}

/* Nobody takes another's process for this one, or this one for another build. */
static bool fill_pid_file(int fd)
{
	return fchmod(fd, 0600) == 0 && ftruncate(fd, 0) == 0 && version_announce() == 0 &&
	       write_pid_file(fd, "");
}

/* Holds the file's lock for life: present and not locked, it tells that the host died. */
static int take_pid_file(void)
{
	const char *what;
	int fd = open_pid_file(&what);

	if (fd < 0)
		return refuse_start("lock", what);
	if (fill_pid_file(fd))
		return fd;
	refuse_start("write", "kexd.pid");
	/* One that is empty would tell of the death of a process 0. */
	version_withdraw();
	root_file_remove(ROOT_RUN, "kexd.pid");
	close(fd);
	return -1;
}

/* systemd made the socket, and keeps it when the host ends. -1: it did not. */
static int inherit_socket(void)
{
	int count = sd_listen_fds(1);

	if (count < 1)
		return -1;
	inherited = true;
	if (count == 1 && sd_is_socket(SD_LISTEN_FDS_START, AF_UNIX, SOCK_SEQPACKET, 1) > 0)
		return SD_LISTEN_FDS_START;
	errno = ENOTSOCK;
	return refuse_start("use", "what systemd passed");
}

/* The socket's path may be longer than an address can be: it is reached through its directory. */
static int listen_for_clients(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	AUTO_FREE char *path = root_path(ROOT_RUN, "kexd.sock");
	AUTO_CLOSE int directory_fd = root_directory_open(ROOT_RUN, true);
	if (directory_fd < 0)
		return refuse_start("use", root_file_reason());
	if (path == NULL)
		return refuse_start("start", "kexd");

	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/kexd.sock",
		directory_fd);
	unlinkat(directory_fd, "kexd.sock", 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
		listen(fd, 64) < 0)
		return refuse_start("listen at", path);
	/* Whoever may open a device may connect: each call checks what its client may do. */
	if (fchmodat(directory_fd, "kexd.sock", 0666, 0) < 0)
		return refuse_start("chmod", path);
	return fd;
}

static int prepare_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	signal(SIGPIPE, SIG_IGN);
	if (pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0)
		return -1;
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Milliseconds that nobody is accepted for when there is no descriptor or memory for it. */
#define REST 100

/*
 * The client stays where it is when it can't be accepted, and epoll tells of it again at once: the
 * host rests before it looks again.
 */
static void accept_client(int listener)
{
	const struct timespec rest = {.tv_nsec = REST * 1000000};
	int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (client >= 0) {
		client_start(client);
		return;
	}
	if (errno == EINTR || errno == EAGAIN || errno == ECONNABORTED)
		return;
	error_log("KEX_CLIENTS", "kexd", "no client can be accepted: %s", strerror(errno));
	nanosleep(&rest, NULL);
}

/* Until somebody wants the host to stop. Now and then it looks after its log. */
static void serve(int listener)
{
	for (;;) {
		struct epoll_event events[16];
		int count = epoll_wait(epoll_fd, events, 16, LOG_FILE_PERIOD);
		log_file_limit();
		for (int i = 0; i < count; i++) {
			if (events[i].data.u64 != WATCH_LISTEN)
				return;
			accept_client(listener);
		}
	}
}

/* Those that came last first: what is configured later depends on what came earlier. */
static void end_workers(void)
{
	pthread_mutex_lock(&configuration_mutex);
	for (int slot = WORKER_SLOTS - 1; slot >= 0; slot--)
		worker_end(&workers[slot]);
	pthread_mutex_unlock(&configuration_mutex);
}

static void remove_files(void)
{
	if (!inherited)
		root_file_remove(ROOT_RUN, "kexd.sock");
	root_file_remove(ROOT_RUN, "kexd.pid");
	version_withdraw();
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		fprintf(stderr, "usage: kexd\n");
		return 2;
	}
	AUTO_CLOSE int pid_fd = take_pid_file();
	if (pid_fd < 0)
		return 1;
	AUTO_CLOSE int listener = inherit_socket();
	if (listener < 0 && !inherited)
		listener = listen_for_clients();
	if (listener < 0)
		return 1;
	AUTO_CLOSE int signals = prepare_signals();
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	stop_fd = eventfd(0, EFD_CLOEXEC);
	if (signals < 0 || epoll_fd < 0 || stop_fd < 0)
		return refuse_start("prepare", "kexd") < 0;
	watch(listener, WATCH_LISTEN);
	watch(signals, WATCH_SIGNALS);
	watch(stop_fd, WATCH_STOP);
	log_file_limit();
	clients_prepare();
	workers_prepare();
	errno = nursery_begin();
	if (errno != 0)
		return refuse_start("start", "the processes") < 0;
	host_started = time(NULL);

	error_log("KEX_START", "kexd", "started, process %d", (int)getpid());
	report_start("ok");
	sd_notifyf(0, "READY=1\nSTATUS=Serving %s", inherited ? "systemd's socket" : "its socket");
	serve(listener);
	sd_notify(0, "STOPPING=1\nSTATUS=Unconfiguring devices");
	write_pid_file(pid_fd, " stopping");
	/* Before any process is killed, which would be started again. */
	restore_never();
	nursery_hurry(STOP_SECONDS);
	clients_end(STOP_SECONDS + LAST_SECONDS);
	end_workers();
	remove_files();
	error_log_settle();
	error_log("KEX_STOP", "kexd", "stopped");
	close(epoll_fd);
	close(stop_fd);
	return 0;
}
