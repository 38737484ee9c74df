/* Methods that are programs: their standard output, and how they end. */
#include "method_program.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/paths.h"
#include "cfg_private.h"

long long monotonic_microseconds(void)
{
	return clock_nanoseconds() / 1000;
}

char *method_program_path(const char *path)
{
	size_t prefix = strlen(METHODS_DIRECTORY);

	if (access(path, X_OK) == 0)
		return strdup(path);
	if (strncmp(path, METHODS_DIRECTORY, prefix) != 0)
		return NULL;
	AUTO_FREE char *installed = install_path(INSTALL_METHODS, path + prefix);
	if (installed == NULL || access(installed, X_OK) < 0)
		return NULL;
	return TAKE(installed);
}

bool method_program_trusted(const char *file, char why[TRUST_WHY])
{
	AUTO_FREE char *directory = realpath(file, NULL);
	struct stat status;

	if (directory == NULL || stat(directory, &status) < 0) {
		snprintf(why, TRUST_WHY, "can't be looked at: %s", strerror(errno));
		return false;
	}
	if (!file_trusted(&status, why))
		return false;
	char *slash = strrchr(directory, '/');
	slash[slash == directory] = '\0';
	if (stat(directory, &status) == 0 && file_trusted(&status, why))
		return true;
	snprintf(why, TRUST_WHY, "is in a directory that others may write; chown or chmod that");
	return false;
}

/* What this program holds until the end of a step is no end of the step's own program either. */
static void hold_interrupts(void)
{
	static const int interrupts[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action;
	sigset_t held;

	sigemptyset(&held);
	for (size_t i = 0; i < sizeof(interrupts) / sizeof(*interrupts); i++)
		if (sigaction(interrupts[i], NULL, &action) == 0 && action.sa_handler != SIG_DFL &&
			action.sa_handler != SIG_IGN)
			sigaddset(&held, interrupts[i]);
	sigprocmask(SIG_BLOCK, &held, NULL);
}

static _Noreturn void become(const char *file, char *const *argv, const struct method_program *ends)
{
	hold_interrupts();
	if (dup2(ends->output, STDOUT_FILENO) >= 0 && dup2(ends->errors, STDERR_FILENO) >= 0)
		execv(file, argv);
	_exit(127);
}

int method_program_start(const char *path, const char *const *arguments,
	struct method_program *program, struct method_output *output)
{
	int count = 0;
	while (arguments[count] != NULL)
		count++;
	AUTO_FREE char *file = method_program_path(path);
	AUTO_FREE char **argv = calloc((size_t)count + 2, sizeof(*argv));
	if (file == NULL)
		return method_fail(output, E_ODMRUNMETHOD, "%s: %s.", path, strerror(errno));
	if (argv == NULL)
		return method_fail(output, E_MALLOC, "There is not enough memory.");
	char why[TRUST_WHY];
	if (geteuid() == 0 && !method_program_trusted(file, why))
		return method_fail(output, E_ODMRUNMETHOD, "%s is not run: it %s.", file, why);

	/* execv does not write to them. */
	argv[0] = file;
	for (int i = 0; i < count; i++)
		argv[i + 1] = (char *)(uintptr_t)arguments[i];
	*program = (struct method_program){.output = memfd_create("stdout", MFD_CLOEXEC),
		.errors = memfd_create("stderr", MFD_CLOEXEC),
		.started = monotonic_microseconds()};
	/* What is buffered would be printed by both. */
	fflush(NULL);
	program->process = program->output >= 0 && program->errors >= 0 ? fork() : -1;
	if (program->process == 0)
		become(file, argv, program);
	if (program->process > 0)
		return E_OK;
	int error = errno;
	auto_close(&program->output);
	auto_close(&program->errors);
	program->process = 0;
	return method_fail(output, E_ODMRUNMETHOD, "%s: %s.", path, strerror(error));
}

static void take_file(int file, struct text *text)
{
	char bytes[2048];
	ssize_t length;
	off_t place = 0;

	while ((length = pread(file, bytes, sizeof(bytes), place)) > 0) {
		text_append_bytes(text, bytes, (size_t)length);
		place += length;
	}
	close(file);
}

int method_program_wait(struct method_program *program, struct method_output *output)
{
	int status = 0;

	while (waitpid(program->process, &status, 0) < 0)
		if (errno != EINTR) {
			status = 127 << 8;
			break;
		}
	take_file(program->output, &output->names);
	take_file(program->errors, &output->reason);
	program->process = 0;
	struct text *reason = &output->reason;
	while (reason->length > 0 && reason->data[reason->length - 1] == '\n')
		reason->data[--reason->length] = '\0';
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
