/*
 * Targets by number: the SCSI ID that device drivers know a target at one of its portals by. A
 * number is kept in a file beside machine.cfg, so that it is the same in each process to come.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/root_file.h"
#include "iscsi/initiator.h"

static void file_name(const struct initiator *initiator, char name[32])
{
	snprintf(name, 32, "%s.targets", initiator->dds.header.logical_name);
}

static struct target *add(
	struct initiator *initiator, unsigned number, const char *name, const char *portal)
{
	struct target *target = calloc(1, sizeof(*target));

	if (target == NULL)
		return NULL;
	*target = (struct target){
		.initiator = initiator, .number = number, .fd = -1, .given_up = true};
	snprintf(target->name, sizeof(target->name), "%s", name);
	snprintf(target->portal, sizeof(target->portal), "%s", portal);
	initiator->targets[number] = target;
	if (number >= initiator->target_limit)
		initiator->target_limit = number + 1;
	return target;
}

int targets_load(struct initiator *initiator, char reason[ISCSI_REASON])
{
	char file[32], line[ISCSI_NAME + ISCSI_PORTAL + 16], name[ISCSI_NAME], portal[ISCSI_PORTAL];
	unsigned number;

	file_name(initiator, file);
	AUTO_FCLOSE FILE *stream = root_file_read(ROOT_ETC, file);
	if (stream == NULL && errno == ENOENT)
		return 0;
	if (stream == NULL) {
		snprintf(reason, ISCSI_REASON, "%.150s", root_file_reason());
		return -1;
	}
	while (fgets(line, sizeof(line), stream) != NULL) {
		/* A line that is cut off was not told to anybody yet. */
		if (strchr(line, '\n') == NULL)
			break;
		if (sscanf(line, "%u %223s %127s", &number, name, portal) != 3 ||
			number >= ISCSI_NUMBERS || initiator->targets[number] != NULL) {
			snprintf(reason, ISCSI_REASON, "%s beside machine.cfg is damaged: %.60s",
				file, line);
			reason[strcspn(reason, "\n")] = '\0';
			return -1;
		}
		if (add(initiator, number, name, portal) == NULL)
			return -1;
	}
	return 0;
}

void targets_free(struct initiator *initiator)
{
	for (unsigned number = 0; number < ISCSI_NUMBERS; number++) {
		struct target *target = initiator->targets[number];
		if (target == NULL)
			continue;
		for (struct unit *unit = target->units, *next; unit != NULL; unit = next) {
			next = unit->next;
			free(unit);
		}
		free(target);
		initiator->targets[number] = NULL;
	}
}

/* Before anybody is told the number it is in the file. */
static int store(const struct initiator *initiator, unsigned number, const char *name,
	const char *portal, char reason[ISCSI_REASON])
{
	char file[32], line[ISCSI_NAME + ISCSI_PORTAL + 16];

	file_name(initiator, file);
	AUTO_CLOSE int fd =
		root_file_open(ROOT_ETC, file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0) {
		snprintf(reason, ISCSI_REASON, "%.150s", root_file_reason());
		return -1;
	}
	int length = snprintf(line, sizeof(line), "%u %s %s\n", number, name, portal);
	if (write(fd, line, (size_t)length) == length && fdatasync(fd) == 0)
		return 0;
	snprintf(reason, ISCSI_REASON, "%s beside machine.cfg can't be written: %s", file,
		strerror(errno));
	return -1;
}

/* With its port; without the portal group that a target tells. */
static void normalise(const char *portal, char room[ISCSI_PORTAL])
{
	int length = (int)strcspn(portal, ",");
	const char *after = strrchr(portal, ']');
	bool has_port = strchr(after != NULL ? after : portal, ':') != NULL;

	snprintf(room, ISCSI_PORTAL, "%.*s%s", length, portal, has_port ? "" : ":3260");
}

/* What stands in a line of a file has no blanks or control characters. */
static bool is_word(const char *text)
{
	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++)
		if ((unsigned char)*text <= ' ' || (unsigned char)*text == 0x7f)
			return false;
	return true;
}

int target_number(struct initiator *initiator, const char *name, const char *portal,
	char reason[ISCSI_REASON])
{
	char at[ISCSI_PORTAL];
	unsigned used = 0;
	int vacant = -1;

	normalise(portal, at);
	if (!is_word(name) || !is_word(at) || strlen(name) >= ISCSI_NAME) {
		snprintf(reason, ISCSI_REASON, "a target has a name or a portal that is none");
		return -1;
	}
	for (int number = 0; number < ISCSI_NUMBERS; number++) {
		const struct target *target = initiator->targets[number];
		used += target != NULL;
		if (target == NULL && vacant < 0)
			vacant = number;
		if (target != NULL && strcmp(target->name, name) == 0 &&
			strcmp(target->portal, at) == 0)
			return number;
	}
	if (used >= initiator->settings.max_targets || vacant < 0) {
		snprintf(reason, ISCSI_REASON,
			"%.60s at %.40s is one target more than max_targets, %u", name, at,
			initiator->settings.max_targets);
		return -1;
	}
	if (store(initiator, (unsigned)vacant, name, at, reason) < 0)
		return -1;
	if (add(initiator, (unsigned)vacant, name, at) != NULL)
		return vacant;
	snprintf(reason, ISCSI_REASON, "there is not enough memory");
	return -1;
}
