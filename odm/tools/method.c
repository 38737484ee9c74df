/* odm_run_method: a command, its output and its exit status. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "storage/error.h"

/* One captured stream. */
struct capture {
	int fds[2]; /* reading and writing end, -1 when not captured */
	struct text text;
};

static void capture_release(struct capture *capture)
{
	for (int i = 0; i < 2; i++)
		if (capture->fds[i] >= 0)
			close(capture->fds[i]);
	text_release(&capture->text);
}

static int capture_open(struct capture *capture, bool wanted)
{
	*capture = (struct capture){.fds = {-1, -1}};
	if (wanted && pipe2(capture->fds, O_CLOEXEC) < 0)
		return odm_fail(ODMI_OPEN_PIPE);
	return 0;
}

static _Noreturn void run_command(
	const char *command, const struct capture *output, const struct capture *errors)
{
	if ((output->fds[1] < 0 || dup2(output->fds[1], STDOUT_FILENO) >= 0) &&
		(errors->fds[1] < 0 || dup2(errors->fds[1], STDERR_FILENO) >= 0))
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/* Reads what is there; closes the stream at its end. */
static int read_some(struct capture *capture)
{
	char bytes[2048];
	ssize_t length = read(capture->fds[0], bytes, sizeof(bytes));

	if (length < 0 && errno != EINTR)
		return odm_fail(ODMI_READ_PIPE);
	if (length > 0)
		text_append_bytes(&capture->text, bytes, (size_t)length);
	if (length == 0) {
		close(capture->fds[0]);
		capture->fds[0] = -1;
	}
	return 0;
}

static int read_all(struct capture *output, struct capture *errors)
{
	struct capture *captures[2] = {output, errors};

	for (int i = 0; i < 2; i++) {
		if (captures[i]->fds[1] >= 0)
			close(captures[i]->fds[1]);
		captures[i]->fds[1] = -1;
	}
	while (output->fds[0] >= 0 || errors->fds[0] >= 0) {
		struct pollfd wait[2] = {{.fd = output->fds[0], .events = POLLIN},
			{.fd = errors->fds[0], .events = POLLIN}};
		if (poll(wait, 2, -1) < 0 && errno != EINTR)
			return odm_fail(ODMI_READ_PIPE);
		for (int i = 0; i < 2; i++)
			if ((wait[i].revents & (POLLIN | POLLHUP)) && read_some(captures[i]) < 0)
				return -1;
	}
	return 0;
}

static int hand_over(struct capture *capture, char **wanted)
{
	if (wanted == NULL)
		return 0;
	*wanted = text_take(&capture->text);
	return *wanted != NULL ? 0 : odm_fail(ODMI_MALLOC_ERR);
}

LIBODM_API int odm_run_method(char *method, char *parameters, char **output, char **errors)
{
	AUTO_FREE char *command = NULL;
	AUTO(capture_release) struct capture captured_output = {.fds = {-1, -1}};
	AUTO(capture_release) struct capture captured_errors = {.fds = {-1, -1}};
	int status;

	if (asprintf(&command, "%s %s", method, parameters != NULL ? parameters : "") < 0)
		return odm_fail(ODMI_MALLOC_ERR);
	if (capture_open(&captured_output, output != NULL) < 0 ||
		capture_open(&captured_errors, errors != NULL) < 0)
		return -1;
	pid_t child = fork();
	if (child < 0)
		return odm_fail(ODMI_FORK);
	if (child == 0)
		run_command(command, &captured_output, &captured_errors);

	int result = read_all(&captured_output, &captured_errors);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return odm_fail(ODMI_FORK);
	if (result < 0 || hand_over(&captured_output, output) < 0 ||
		hand_over(&captured_errors, errors) < 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
