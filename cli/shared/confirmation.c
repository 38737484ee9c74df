/* Records of changes that wait for odmcfg confirm. */
#include "cli/shared/confirmation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/message.h"
#include "base/root_file.h"

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
