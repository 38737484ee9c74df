/* Finding, starting and stopping the host. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/root_file.h"
#include "client/build.h"
#include "client/client.h"

/* The path may be too long for an address: the socket is reached through its directory. */
static int connect_socket(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	AUTO_FREE char *directory = root_path(ROOT_RUN, NULL);
	if (directory == NULL)
		return -1;
	AUTO_CLOSE int directory_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (directory_fd < 0 || fd < 0)
		return -1;
	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/kexd.sock",
		directory_fd);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -1;
	int connected = fd;
	fd = -1;
	return connected;
}

/*
 * Whoever may lock the pid file could keep kexd from starting, so it is its owner's: others know
 * only whether somebody listens, and what process that says it is.
 */
static enum kexd_state state_for_others(pid_t *pid)
{
	AUTO_CLOSE int socket = connect_socket();

	if (socket < 0)
		return KEXD_STOPPED;
	*pid = build_process();
	return KEXD_RUNNING;
}

/*
 * kexd holds a lock on its pid file for life: a file without the lock tells that it died.
 * *stopping: it is on its way to a good end.
 */
static enum kexd_state pid_file_state(pid_t *pid, bool *stopping)
{
	char text[32];

	*pid = 0;
	*stopping = false;
	AUTO_CLOSE int fd = root_file_open(ROOT_RUN, "kexd.pid", O_RDONLY, 0);
	if (fd < 0)
		return errno == EACCES ? state_for_others(pid) : KEXD_STOPPED;
	bool running = flock(fd, LOCK_SH | LOCK_NB) < 0;
	ssize_t length = read(fd, text, sizeof(text) - 1);
	if (length > 0) {
		text[length] = '\0';
		*pid = (pid_t)strtol(text, NULL, 10);
		*stopping = strchr(text, ' ') != NULL;
	}
	return running ? KEXD_RUNNING : KEXD_DIED;
}

int host_connect(void)
{
	int fd = connect_socket();
	if (fd >= 0)
		return fd;

	pid_t pid;
	bool stopping;
	if (pid_file_state(&pid, &stopping) == KEXD_DIED)
		return fail(EHOSTDOWN,
			"kexd (process %d) has died; run cfgmgr to bring its devices back",
			(int)pid);
	return fail(EHOSTDOWN, "kexd is not running; run cfgmgr to configure the devices");
}

/* A relative root means another directory once the host's is the file system's root. */
static int fix_root(void)
{
	const char *root = getenv("ODMCFG_ROOT");
	AUTO_FREE char *run = root_path(ROOT_RUN, NULL);

	if (root == NULL || *root == '\0' || *root == '/')
		return 0;
	if (run == NULL)
		return -1;
	run[strlen(run) - strlen("/run")] = '\0';
	return setenv("ODMCFG_ROOT", run, 1);
}

/* In the new process: its child becomes the host, or tells why not. */
static _Noreturn void become_host(const char *program, int log, int ready)
{
	char descriptor[16];
	sigset_t none;

	setsid();
	sigemptyset(&none);
	snprintf(descriptor, sizeof(descriptor), "%d", ready);
	int null = open("/dev/null", O_RDWR);
	if (fork() == 0 && null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
		dup2(log, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0 && fix_root() == 0 &&
		chdir("/") == 0 && setenv("ODMCFG_KEXD_READY", descriptor, 1) == 0 &&
		sigprocmask(SIG_SETMASK, &none, NULL) == 0) {
		execl(program, "kexd", (char *)NULL);
		dprintf(ready, "%s: %s", program, strerror(errno));
	}
	_exit(0);
}

static char *host_program(void)
{
	const char *named = getenv("ODMCFG_KEXD");

	return named != NULL ? strdup(named) : install_path(INSTALL_KEXD, "kexd");
}

/* The host reports on the pipe's writing end, which therefore survives the exec. */
static int ready_pipe(int pipe_fds[2])
{
	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return -1;
	return fcntl(pipe_fds[1], F_SETFD, 0);
}

/* What the host wrote until it closed its end. */
static void read_outcome(int ready, char *outcome, size_t size)
{
	ssize_t length;

	do
		length = read(ready, outcome, size - 1);
	while (length < 0 && errno == EINTR);
	outcome[length > 0 ? length : 0] = '\0';
}

static int start_host(void)
{
	int pipe_fds[2];
	char outcome[512];
	AUTO_FREE char *program = host_program();
	AUTO_CLOSE int log =
		root_file_open(ROOT_LOG, "kexd.log", O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (log < 0)
		return fail(errno, "kexd can't be started: %s", root_file_reason());
	if (program == NULL || ready_pipe(pipe_fds) < 0)
		return fail(errno, "kexd can't be started: %s", strerror(errno));

	AUTO_CLOSE int ready = pipe_fds[0];
	pid_t child = fork();
	if (child == 0)
		become_host(program, log, pipe_fds[1]);
	close(pipe_fds[1]);
	if (child < 0)
		return fail(errno, "kexd can't be started: %s", strerror(errno));
	read_outcome(ready, outcome, sizeof(outcome));
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		continue;
	if (strcmp(outcome, "ok") != 0)
		return fail(ECHILD, "kexd can't be started: %s",
			outcome[0] != '\0' ? outcome : "it ended at once, see its log");
	return 0;
}

int host_connect_or_start(void)
{
	int fd = connect_socket();
	if (fd >= 0)
		return fd;

	/* Of several commands that find no host, one starts it and the others wait for that. */
	AUTO_CLOSE int lock = root_file_open(ROOT_RUN, "kexd.lock", O_RDWR | O_CREAT, 0600);
	if (lock < 0)
		return fail(errno, "%s", root_file_reason());
	/* An older build's may be open to all. */
	if (fchmod(lock, 0600) < 0 || flock(lock, LOCK_EX) < 0)
		return fail(errno, "kexd.lock: %s", strerror(errno));
	fd = connect_socket();
	if (fd < 0 && start_host() == 0)
		fd = host_connect();
	return fd;
}

/* Asks the running host. Not by host_call, whose words about a dead host come from here. */
static int ask_status(struct kexd_status *status)
{
	AUTO_CLOSE int socket = host_connect();
	AUTO_FREE struct wire_request *request = wire_request_create(WIRE_STATUS);
	AUTO_FREE struct wire_reply *reply = malloc(sizeof(*reply));
	int fds[WIRE_FDS];
	struct wire_status answer;

	if (socket < 0)
		return -1;
	if (request == NULL || reply == NULL)
		return fail(ENOMEM, "out of memory");
	if (wire_send(socket, request, WIRE_REQUEST_HEAD, NULL, 0) < 0 ||
		wire_receive(socket, reply, sizeof(*reply), fds) !=
			(ssize_t)(WIRE_REPLY_HEAD + sizeof(answer)))
		return fail(EHOSTDOWN, "kexd (process %d) does not answer", (int)status->pid);
	memcpy(&answer, reply->payload, sizeof(answer));
	status->started = answer.started;
	status->extensions = answer.extensions;
	status->devices = answer.devices;
	return 0;
}

/* A host that is being killed may still hold its lock, but it does not answer. */
bool host_is_running(void)
{
	struct kexd_status status = {0};
	bool stopping;

	return pid_file_state(&status.pid, &stopping) == KEXD_RUNNING && !stopping &&
	       ask_status(&status) == 0;
}

LIBKEX_API enum kexd_state kexd_look(pid_t *pid)
{
	bool stopping;

	return pid_file_state(pid, &stopping);
}

LIBKEX_API int kexd_query(struct kexd_status *status)
{
	*status = (struct kexd_status){0};
	clear_reason();
	bool stopping;
	status->state = pid_file_state(&status->pid, &stopping);
	if (status->state != KEXD_RUNNING)
		return 0;
	/* One that is just starting has not written its process yet. */
	if (!build_is_ours(status->pid, status->version) && status->pid != 0) {
		status->state = KEXD_OTHER;
		return 0;
	}
	return ask_status(status);
}

/* Until the host gives its pid file's lock back: it has unconfigured everything by then. */
static int await_end(int pid_fd)
{
	int result;

	do
		result = flock(pid_fd, LOCK_SH);
	while (result < 0 && errno == EINTR);
	return result;
}

/* With its lock held, which a kexd that is just starting would have taken. */
static int remove_pid_file(int pid_fd)
{
	if (flock(pid_fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? fail(EBUSY, "kexd has just been started; try again")
					    : fail(errno, "kexd.pid: %s", strerror(errno));
	return root_file_remove(ROOT_RUN, "kexd.pid") < 0 ? fail(errno, "%s", root_file_reason())
							  : 0;
}

/* What becomes of a kexd that would not understand. */
static int stop_other(const struct kexd_status *status, int pid_fd, bool force)
{
	if (!force)
		return fail(EPROTO,
			"process %d is of another build, version %s, and would not understand; use "
			"--force",
			(int)status->pid, status->version);
	if (build_end(status->pid, pid_fd) < 0)
		return -1;
	if (await_end(pid_fd) < 0)
		return fail(errno, "kexd.pid: %s", strerror(errno));
	return remove_pid_file(pid_fd);
}

LIBKEX_API int kexd_stop(bool force)
{
	pid_t pid;
	bool stopping;
	AUTO_CLOSE int pid_fd = root_file_open(ROOT_RUN, "kexd.pid", O_RDONLY, 0);
	switch (pid_file_state(&pid, &stopping)) {
	case KEXD_STOPPED:
		return 0;
	case KEXD_DIED:
		/* Nothing is running, and nobody is to be warned any more. */
		return remove_pid_file(pid_fd);
	case KEXD_RUNNING:
	case KEXD_OTHER:
		break;
	}
	struct kexd_status other = {.pid = pid};
	if (pid_fd >= 0 && pid != 0 && !build_is_ours(pid, other.version))
		return stop_other(&other, pid_fd, force);

	AUTO_CLOSE int socket = host_connect();
	AUTO_FREE struct wire_request *request = wire_request_create(WIRE_STOP);
	AUTO_FREE struct wire_reply *reply = malloc(sizeof(*reply));
	int fds[WIRE_FDS];
	if (socket < 0 || request == NULL || reply == NULL)
		return -1;
	request->value = force;
	if (host_call(socket, request, reply, -1, fds, -1) < 0)
		return -1;
	return pid_fd < 0 ? 0 : await_end(pid_fd);
}
