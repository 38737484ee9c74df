/* One tunable: what holds, what is allowed, and a write that is read back. */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "sysfs/tunable_step.h"

#define BLANKS " \t\r\n"

bool tunable_is_gone(int error)
{
	return error == ENOENT || error == ENODEV || error == ENXIO || error == ENOTDIR;
}

bool tunable_succeeded(enum tunable_outcome outcome)
{
	return outcome == TUNABLE_SET || outcome == TUNABLE_ALREADY || outcome == TUNABLE_ROUNDED;
}

/* The part of a value that counts: the word in brackets, and no blanks around. */
static const char *select_part(enum tunable_form form, const char *value, size_t *length)
{
	if (form == TUNABLE_TEXT) {
		*length = strlen(value);
		return value;
	}
	const char *open = form == TUNABLE_CHOICE ? strchr(value, '[') : NULL;
	const char *close = open != NULL ? strchr(open, ']') : NULL;
	if (close != NULL) {
		*length = (size_t)(close - open) - 1;
		return open + 1;
	}
	value += strspn(value, BLANKS);
	*length = strlen(value);
	while (*length > 0 && strchr(BLANKS, value[*length - 1]) != NULL)
		--*length;
	return value;
}

int tunable_read(const struct sysfs_tree *tree, const char *device, const struct tunable *tunable,
	char *room, size_t size)
{
	char whole[SYSFS_VALUE];
	size_t length;
	ssize_t read = sysfs_read_at(tree, device, tunable->path, whole, sizeof(whole));

	if (read < 0)
		return -1;
	const char *part = select_part(tunable->form, whole, &length);
	/* One that fills the room was cut off there. */
	if (length >= size || (size_t)read + 1 >= sizeof(whole)) {
		errno = EOVERFLOW;
		return -1;
	}
	memcpy(room, part, length);
	room[length] = '\0';
	return 0;
}

int tunable_read_now(const struct sysfs_tree *tree, const char *device,
	const struct tunable *tunable, char now[TUNABLE_VALUE])
{
	if (tunable_read(tree, device, tunable, now, TUNABLE_VALUE) == 0)
		return 0;
	now[0] = '\0';
	return errno;
}

bool tunable_has(const struct sysfs_tree *tree, const char *device, const struct tunable *tunable,
	const char *value)
{
	char now[TUNABLE_VALUE];

	return tunable_read(tree, device, tunable, now, sizeof(now)) == 0 &&
	       tunable_equal(tunable, now, value);
}

static void append_words(struct text *words, const char *list)
{
	bool first = true;

	for (list += strspn(list, BLANKS); *list != '\0'; list += strspn(list, BLANKS)) {
		size_t length = strcspn(list, BLANKS), inside = length;
		const char *word = list;
		if (*word == '[' && word[length - 1] == ']' && length > 2) {
			word++;
			inside -= 2;
		}
		if (!first)
			text_append_char(words, ' ');
		text_append_bytes(words, word, inside);
		first = false;
		list += length;
	}
}

/* A file that is not there says nothing. */
static int read_limit(const struct sysfs_tree *tree, const char *device, const char *path,
	char limit[SYSFS_VALUE])
{
	if (sysfs_read_at(tree, device, path, limit, SYSFS_VALUE) >= 0)
		return 0;
	limit[0] = '\0';
	return tunable_is_gone(errno) ? 0 : -1;
}

int tunable_allowed(const struct sysfs_tree *tree, const char *device,
	const struct tunable *tunable, struct text *allowed)
{
	char limit[SYSFS_VALUE];

	if (tunable->choices != NULL || tunable->form == TUNABLE_CHOICE) {
		bool own = tunable->choices == NULL;
		if (read_limit(tree, device, own ? tunable->path : tunable->choices, limit) < 0)
			return -1;
		if (!own || strchr(limit, '[') != NULL)
			append_words(allowed, limit);
	} else if (tunable->maximum != NULL) {
		size_t length;
		if (read_limit(tree, device, tunable->maximum, limit) < 0)
			return -1;
		const char *maximum = select_part(TUNABLE_NUMBER, limit, &length);
		if (length > 0) {
			text_append(allowed, "..");
			text_append_bytes(allowed, maximum, length);
		}
	}
	if (!allowed->failed)
		return 0;
	errno = ENOMEM;
	return -1;
}

int tunable_check(const char *value)
{
	size_t length = 0;

	for (; value[length] != '\0'; length++)
		if ((unsigned char)value[length] < ' ' || value[length] == 0x7f)
			return EINVAL;
	return length < TUNABLE_VALUE ? 0 : E2BIG;
}

static int write_value(const struct sysfs_tree *tree, const char *device,
	const struct tunable *tunable, const char *value)
{
	return sysfs_write_at(tree, device, tunable->path, value) == 0 ? 0 : errno;
}

/* An unsigned number may read as one below zero, and is not taken back as that. */
static int write_unsigned(const struct sysfs_tree *tree, const char *device,
	const struct tunable *tunable, const char *old)
{
	char value[32], *end;

	errno = 0;
	long long number = strtoll(old, &end, 10);
	if (errno != 0 || number >= 0 || *end != '\0')
		return EINVAL;
	if (number >= INT32_MIN) {
		snprintf(value, sizeof(value), "%u", (unsigned)(int)number);
		if (write_value(tree, device, tunable, value) == 0)
			return 0;
	}
	snprintf(value, sizeof(value), "%llu", (unsigned long long)number);
	return write_value(tree, device, tunable, value);
}

int tunable_put_back(const struct sysfs_tree *tree, const char *device,
	const struct tunable *tunable, const char *old, char now[TUNABLE_VALUE])
{
	int error = write_value(tree, device, tunable, old);

	if (error != 0 && !tunable_is_gone(error) && tunable->form == TUNABLE_NUMBER &&
		old[0] == '-' && write_unsigned(tree, device, tunable, old) == 0)
		error = 0;
	int unread = tunable_read_now(tree, device, tunable, now);
	if (unread != 0)
		return unread;
	if (tunable_equal(tunable, now, old))
		return 0;
	return error != 0 ? error : EINVAL;
}

/* The old value holds again, or the change says what does. */
static enum tunable_outcome undo(const struct sysfs_tree *tree, const char *device,
	struct tunable_change *change, enum tunable_outcome outcome, const char *current)
{
	int error = tunable_put_back(tree, device, change->tunable, current, change->now);

	if (error == 0)
		return outcome;
	return tunable_is_gone(error) && change->now[0] == '\0' ? TUNABLE_GONE : TUNABLE_STUCK;
}

/*
 * Every write is read back: the kernel's success says only that it did something, and a refusal not
 * that it did nothing.
 */
static enum tunable_outcome write_and_read(const struct sysfs_tree *tree, const char *device,
	struct tunable_change *change, const char *value, const char *current)
{
	const struct tunable *tunable = change->tunable;
	enum tunable_outcome outcome = TUNABLE_REFUSED;

	change->error = write_value(tree, device, tunable, value);
	bool words = change->error != 0 && tree->access->reason != NULL;
	snprintf(change->reason, sizeof(change->reason), "%s", words ? tree->access->reason() : "");
	int unread = tunable_read_now(tree, device, tunable, change->now);
	if (unread != 0) {
		change->error = change->error != 0 ? change->error : unread;
		return tunable_is_gone(unread)
			       ? TUNABLE_GONE
			       : undo(tree, device, change, TUNABLE_UNREADABLE, current);
	}
	if (change->error == 0) {
		if (tunable_equal(tunable, change->now, value))
			return TUNABLE_SET;
		memcpy(change->made, change->now, sizeof(change->made));
		if (tunable->rounds)
			return TUNABLE_ROUNDED;
		outcome = TUNABLE_CHANGED;
	}
	if (tunable_equal(tunable, change->now, current))
		return outcome;
	return undo(tree, device, change, outcome, current);
}

enum tunable_outcome tunable_settle(const struct sysfs_tree *tree, const char *device,
	struct tunable_change *change, const char *value, const char *current)
{
	change->made[0] = '\0';
	change->error = 0;
	if (tunable_equal(change->tunable, current, value)) {
		strcpy(change->now, current);
		change->outcome = TUNABLE_ALREADY;
	} else {
		change->outcome = write_and_read(tree, device, change, value, current);
	}
	return change->outcome;
}

enum tunable_outcome tunable_write(
	const struct sysfs_tree *tree, const char *device, struct tunable_change *change)
{
	bool there = tunables_are_there(tree, device, change, 1);

	if (there || change->outcome != TUNABLE_WITHDRAWN)
		return change->outcome;
	return tunable_settle(tree, device, change, change->value, change->before);
}
