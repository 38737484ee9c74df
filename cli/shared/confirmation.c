/* Records of changes that wait for odmcfg confirm. */
#include "confirmation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/message.h"
#include "base/root_file.h"
#include "cfgmethods/kernel.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

void confirmation_release(struct confirmation *confirmation)
{
	text_release(&confirmation->before);
	text_release(&confirmation->asked);
}

long long confirmation_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

static void file_name(const char *device, char name[32])
{
	snprintf(name, 32, "confirm.%s", device);
}

/* Of another start of the machine nothing is left to be taken back. */
static void boot_id(char id[64])
{
	AUTO_FCLOSE FILE *file = fopen(BOOT_ID, "re");

	if (file == NULL || fgets(id, 64, file) == NULL)
		strcpy(id, "unknown\n");
	id[strcspn(id, "\n")] = '\0';
}

bool confirmation_store(const struct confirmation *confirmation)
{
	AUTO(text_release) struct text text = {0};
	char name[32], id[64];

	boot_id(id);
	file_name(confirmation->device, name);
	text_printf(&text, "%s\n%lld\n%s\n%s\n", id, confirmation->deadline,
		confirmation->before.data, confirmation->asked.data);
	AUTO_CLOSE int fd = root_file_open(ROOT_RUN, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0) {
		message("%s", root_file_reason());
		return false;
	}
	if (text.failed || write(fd, text.data, text.length) != (ssize_t)text.length) {
		message("%s can't be written: %s", name, strerror(text.failed ? ENOMEM : ENOSPC));
		return false;
	}
	return true;
}

int confirmation_read(const char *device, struct confirmation *confirmation)
{
	AUTO(text_release) struct text text = {0};
	char name[32], id[64];

	*confirmation = (struct confirmation){0};
	snprintf(confirmation->device, sizeof(confirmation->device), "%s", device);
	file_name(device, name);
	boot_id(id);
	AUTO_CLOSE int fd = root_file_open(ROOT_RUN, name, O_RDONLY, 0);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || text_append_file(&text, fd) < 0) {
		message("%s", fd < 0 ? root_file_reason() : strerror(errno));
		return -1;
	}
	char *rest = text.data;
	const char *written_by = strsep(&rest, "\n");
	const char *deadline = strsep(&rest, "\n");
	const char *before = strsep(&rest, "\n");
	const char *asked = strsep(&rest, "\n");
	if (written_by == NULL || strcmp(written_by, id) != 0 || asked == NULL)
		return 0;
	confirmation->deadline = atoll(deadline);
	text_append(&confirmation->before, before);
	text_append(&confirmation->asked, asked);
	return 1;
}

bool confirmation_remove(const char *device)
{
	char name[32];

	file_name(device, name);
	if (root_file_remove(ROOT_RUN, name) == 0)
		return true;
	message("%s", root_file_reason());
	return false;
}

/* What the kernel has of the attributes that are to be changed, as assignments. */
static bool read_before(const char *name, const char *assignments, struct text *before)
{
	AUTO(attribute_changes_release) struct attribute_changes asked = {0}, now = {0}, old = {0};
	AUTO(method_output_release) struct method_output output = {0};
	struct kernel_device device;
	struct CuDv cudv;

	if (find_object(CuDv_CLASS, &cudv, "name = %s", name) != 1 ||
		kernel_device_find(&cudv, &device, &output) != E_OK) {
		message("%s can't be changed for a time: %s", name,
			output.reason.data != NULL ? output.reason.data : "it is not there");
		return false;
	}
	bool ok = attribute_changes_read(assignments, &asked) && kernel_values(&device, &now) == 0;
	for (int i = 0; i < asked.count && ok; i++) {
		const char *attribute = asked.changes[i].attribute;
		const char *value = attribute_changes_find(&now, attribute);
		if (value == NULL) {
			message("%s of %s can't be changed for a time: the kernel does not keep it",
				attribute, name);
			return false;
		}
		ok = attribute_changes_add(&old, attribute, value);
	}
	if (ok && attribute_changes_write(&old, before))
		return true;
	message("there is not enough memory");
	return false;
}

/* A process of its own, which outlives the session that asked for the change. */
static bool start_waiting(const char *device)
{
	pid_t child = fork();

	if (child < 0) {
		message("nobody can wait for the confirmation: %s", strerror(errno));
		return false;
	}
	if (child > 0) {
		waitpid(child, NULL, 0);
		return true;
	}
	if (fork() != 0)
		_exit(0);
	setsid();
	int nowhere = open("/dev/null", O_RDWR);
	for (int fd = 0; nowhere >= 0 && fd <= 2; fd++)
		dup2(nowhere, fd);
	close_range(3, ~0U, 0);
	execl("/proc/self/exe", "odmcfg", "confirm", "--wait", device, NULL);
	_exit(127);
}

bool confirmation_begin(const char *device, const char *assignments, int seconds)
{
	AUTO(confirmation_release)
	struct confirmation confirmation = {.deadline = confirmation_now() + seconds};

	snprintf(confirmation.device, sizeof(confirmation.device), "%s", device);
	text_append(&confirmation.asked, assignments);
	return read_before(device, assignments, &confirmation.before) &&
	       confirmation_store(&confirmation) && start_waiting(device);
}
