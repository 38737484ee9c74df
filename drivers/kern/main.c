/*
 * kexd, the extension host. The main thread accepts connections and notices hang-ups, interrupts
 * and the wish to stop; every connection has a thread of its own.
 *
 * It is started by libkex, or by hand for a look at it in the foreground. With ODMCFG_KEXD_READY=fd
 * it writes "ok" or the reason why it can't start to that descriptor, once.
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
#include <time.h>
#include <unistd.h>

#include "base/paths.h"
#include "kern/connection.h"
#include "kern/host.h"

/* What an epoll event is about: a connection's id shifted left, or one of these. */
enum watched { WATCH_LISTEN, WATCH_SIGNALS, WATCH_STOP, WATCH_FIRST_ID };
#define WATCH_INTERRUPT 1u

int64_t host_started;

static int epoll_fd = -1, stop_fd = -1;

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

static void watch(int fd, uint32_t events, uint64_t about)
{
	struct epoll_event event = {.events = events, .data.u64 = about};

	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		error_log("KEX_WATCH", "kexd", "epoll_ctl: %s", strerror(errno));
}

void watch_socket(uint64_t id, int socket)
{
	watch(socket, EPOLLRDHUP | EPOLLET, (id << 1) + WATCH_FIRST_ID);
}

void watch_interrupt(uint64_t id, int fd)
{
	watch(fd, EPOLLIN | EPOLLET, (id << 1 | WATCH_INTERRUPT) + WATCH_FIRST_ID);
}

void request_stop(void)
{
	uint64_t one = 1;

	if (write(stop_fd, &one, sizeof(one)) < 0)
		error_log("KEX_STOP", "kexd", "eventfd: %s", strerror(errno));
}

/* Holds the file's lock for life: present and not locked, it tells that the host died. */
static int take_pid_file(void)
{
	AUTO_FREE char *path = root_path(ROOT_RUN, "kexd.pid");
	if (path == NULL)
		return refuse_start("start", "kexd");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0)
		return refuse_start("lock", path);
	char text[32];
	int length = snprintf(text, sizeof(text), "%d\n", (int)getpid());
	if (ftruncate(fd, 0) < 0 || pwrite(fd, text, (size_t)length, 0) != length)
		return refuse_start("write", path);
	return fd;
}

/* The socket's path may be longer than an address can be: it is reached through its directory. */
static int listen_for_clients(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	AUTO_FREE char *directory = root_path(ROOT_RUN, NULL);
	AUTO_FREE char *path = root_path(ROOT_RUN, "kexd.sock");
	if (directory == NULL || path == NULL)
		return refuse_start("start", "kexd");

	AUTO_CLOSE int directory_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/kexd.sock",
		directory_fd);
	unlink(path);
	if (directory_fd < 0 || fd < 0 ||
		bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 64) < 0)
		return refuse_start("listen at", path);
	/* Whoever may open a device may connect: each call checks what its client may do. */
	if (chmod(path, 0666) < 0)
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

static void accept_client(int listener)
{
	int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (client >= 0)
		connection_start(client);
}

static void dispatch(uint64_t about)
{
	uint64_t id = (about - WATCH_FIRST_ID) >> 1;

	if ((about - WATCH_FIRST_ID) & WATCH_INTERRUPT)
		connection_interrupted(id);
	else
		connection_hung_up(id);
}

/* Until somebody wants the host to stop. */
static void serve(int listener)
{
	for (;;) {
		struct epoll_event events[16];
		int count = epoll_wait(epoll_fd, events, 16, -1);
		for (int i = 0; i < count; i++) {
			if (events[i].data.u64 == WATCH_SIGNALS || events[i].data.u64 == WATCH_STOP)
				return;
			if (events[i].data.u64 == WATCH_LISTEN)
				accept_client(listener);
			else
				dispatch(events[i].data.u64);
		}
	}
}

/* Unconfigures what is configured, the last first, and unloads the extensions. */
static void unconfigure_all(void)
{
	struct kern_thread thread = {0};
	char reason[WIRE_REASON];
	struct module *module;
	dev_t devno;

	kern_thread_enter(&thread);
	pthread_mutex_lock(&configuration_mutex);
	while (device_last(&devno, &module)) {
		int error = module_call(module, devno, CFG_TERM, NULL, 0, reason);
		if (error != 0)
			error_log("KEX_TERM", module->name, "CFG_TERM at stop: %s %s",
				strerror(error), reason);
		device_withdraw(devno);
	}
	while (module_first() != NULL && !module_in_use(module_first()))
		if (module_unload(module_first()->kmid, reason) != 0)
			break;
	pthread_mutex_unlock(&configuration_mutex);
	kern_thread_leave();
}

static void remove_files(void)
{
	AUTO_FREE char *socket_path = root_path(ROOT_RUN, "kexd.sock");
	AUTO_FREE char *pid_path = root_path(ROOT_RUN, "kexd.pid");

	if (socket_path != NULL)
		unlink(socket_path);
	if (pid_path != NULL)
		unlink(pid_path);
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
	AUTO_CLOSE int listener = listen_for_clients();
	if (listener < 0)
		return 1;
	AUTO_CLOSE int signals = prepare_signals();
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	stop_fd = eventfd(0, EFD_CLOEXEC);
	if (signals < 0 || epoll_fd < 0 || stop_fd < 0)
		return refuse_start("prepare", "kexd") < 0;
	watch(listener, EPOLLIN, WATCH_LISTEN);
	watch(signals, EPOLLIN, WATCH_SIGNALS);
	watch(stop_fd, EPOLLIN, WATCH_STOP);
	host_started = time(NULL);

	error_log("KEX_START", "kexd", "started, process %d", (int)getpid());
	report_start("ok");
	serve(listener);
	connections_end();
	unconfigure_all();
	remove_files();
	error_log("KEX_STOP", "kexd", "stopped");
	close(epoll_fd);
	close(stop_fd);
	return 0;
}
