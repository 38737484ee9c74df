/*
 * kexd, the extension host. It runs no extension itself: adapters have a process each, with what
 * hangs on them (kexworker, in worker/). kexd says which, takes configuration calls to them, hands
 * openers over, and starts a process again that ended by itself. The main thread accepts
 * connections and notices when it is to stop.
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
#include "kexd/restore.h"
#include "kexd/supervisor.h"
#include "kexd/version.h"
#include "wire/errlog.h"
#include "wire/log_file.h"
#include "wire/main_loop.h"

/* What an event is about, apart from a stop: a client comes. */
#define WATCH_LISTEN (MAIN_LOOP_STOP + 1)

/* What a driver may take to unconfigure its devices at a stop, and calls in progress to end. */
#define STOP_SECONDS 10
#define LAST_SECONDS 2 /* for those calls to end whose process was killed then */

int64_t host_started;

static int listener = -1;
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

/* The signals that stop kexd, as a descriptor: blocked by main_loop_prepare. */
static int open_stop_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Milliseconds that nobody is accepted for when there is no descriptor or memory for it. */
#define REST 100

/*
 * The client stays where it is when it can't be accepted, and epoll tells of it again at once: the
 * host rests before it looks again.
 */
static void accept_client(uint64_t about)
{
	const struct timespec rest = {.tv_nsec = REST * 1000000};
	int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	(void)about;
	if (client >= 0) {
		client_start(client);
		return;
	}
	if (errno == EINTR || errno == EAGAIN || errno == ECONNABORTED)
		return;
	error_log("KEX_CLIENTS", "kexd", "no client can be accepted: %s", strerror(errno));
	nanosleep(&rest, NULL);
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
	listener = inherit_socket();
	if (listener < 0 && !inherited)
		listener = listen_for_clients();
	if (listener < 0)
		return 1;
	if (main_loop_prepare() < 0)
		return refuse_start("prepare", "kexd") < 0;
	AUTO_CLOSE int signals = open_stop_signals();
	if (signals < 0)
		return refuse_start("prepare", "kexd") < 0;
	main_loop_watch(listener, EPOLLIN, WATCH_LISTEN);
	main_loop_watch(signals, EPOLLIN, MAIN_LOOP_STOP);
	log_file_limit();
	clients_prepare();
	workers_prepare();
	errno = supervisor_begin();
	if (errno != 0)
		return refuse_start("start", "the processes") < 0;
	host_started = time(NULL);

	error_log("KEX_START", "kexd", "started, process %d", (int)getpid());
	report_start("ok");
	sd_notifyf(0, "READY=1\nSTATUS=Serving %s", inherited ? "systemd's socket" : "its socket");
	main_loop_run(accept_client, log_file_limit);
	sd_notify(0, "STOPPING=1\nSTATUS=Unconfiguring devices");
	write_pid_file(pid_fd, " stopping");
	/* Before any process is killed, which would be started again. */
	restore_never();
	supervisor_kill_after(STOP_SECONDS);
	clients_end(STOP_SECONDS + LAST_SECONDS);
	end_workers();
	remove_files();
	error_log_flush();
	error_log("KEX_STOP", "kexd", "stopped");
	return 0;
}
