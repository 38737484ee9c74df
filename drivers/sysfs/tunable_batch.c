/* Several tunables of one device, all of them or none. */
#include <string.h>

#include "sysfs/tunable_step.h"

/*
 * One change after another by the order of their tunables, and of the array where that is the same;
 * `count` is before the first and behind the last.
 */
static bool precedes(const struct tunable_change *changes, size_t one, size_t other, bool backwards)
{
	int a = changes[one].tunable->order, b = changes[other].tunable->order;
	bool before = a < b || (a == b && one < other);

	return one != other && before != backwards;
}

static size_t next_change(
	const struct tunable_change *changes, size_t count, size_t at, bool backwards)
{
	size_t next = count;

	for (size_t i = 0; i < count; i++)
		if ((at == count || precedes(changes, at, i, backwards)) &&
			(next == count || precedes(changes, i, next, backwards)))
			next = i;
	return next;
}

/* What a change asks for: a value, or what it had. */
static const char *wanted(const struct tunable_change *change)
{
	return change->value != NULL ? change->value : change->before;
}

static void set_unread(struct tunable_change *change, int error)
{
	change->error = error;
	change->outcome = tunable_is_gone(error) ? TUNABLE_GONE : TUNABLE_UNREADABLE;
}

static void read_first(
	const struct sysfs_tree *tree, const char *device, struct tunable_change *change)
{
	change->outcome = TUNABLE_WITHDRAWN;
	change->error = 0;
	change->made[0] = '\0';
	change->unread = tunable_read_now(tree, device, change->tunable, change->before);
	strcpy(change->now, change->before);
	int mistake = change->value != NULL ? tunable_check(change->value) : 0;
	if (change->value == NULL) {
		change->outcome = TUNABLE_ALREADY;
	} else if (mistake != 0) {
		change->error = mistake;
		change->outcome = TUNABLE_REFUSED;
	} else if (change->unread != 0) {
		set_unread(change, change->unread);
	} else if (tunable_equal(change->tunable, change->before, change->value)) {
		change->outcome = TUNABLE_ALREADY;
	}
}

bool tunables_are_there(const struct sysfs_tree *tree, const char *device,
	struct tunable_change *changes, size_t count)
{
	bool all = true;

	for (size_t i = 0; i < count; i++) {
		read_first(tree, device, &changes[i]);
		all &= changes[i].outcome == TUNABLE_ALREADY;
	}
	return all;
}

/* Whether a change that was made, or was not necessary, still holds. */
static bool holds(const struct tunable_change *change, const char *current)
{
	return tunable_equal(change->tunable, current,
		change->outcome == TUNABLE_ROUNDED ? change->now : wanted(change));
}

/* Writes a value that is not there, for the first time or again; false when that fails. */
static bool settle(const struct sysfs_tree *tree, const char *device, struct tunable_change *change,
	bool *wrote)
{
	char current[TUNABLE_VALUE];
	bool again = tunable_succeeded(change->outcome);

	if (change->value == NULL && change->unread != 0)
		return true;
	int error = tunable_read_now(tree, device, change->tunable, current);
	if (error != 0) {
		change->now[0] = '\0';
		set_unread(change, error);
		return false;
	}
	if (again && holds(change, current))
		return true;
	/* It came with a value that was written before. */
	if (change->unread != 0 && !again)
		strcpy(change->before, current);
	tunable_settle(tree, device, change, wanted(change), current);
	*wrote |= change->outcome != TUNABLE_ALREADY;
	return tunable_succeeded(change->outcome);
}

static bool settle_all(const struct sysfs_tree *tree, const char *device,
	struct tunable_change *changes, size_t count, bool *wrote)
{
	*wrote = false;
	for (size_t at = next_change(changes, count, count, false); at < count;
		at = next_change(changes, count, at, false))
		if (!settle(tree, device, &changes[at], wrote))
			return false;
	return true;
}

/* Two that take each other's value away can't both hold. */
static bool all_hold(const struct sysfs_tree *tree, const char *device,
	struct tunable_change *changes, size_t count)
{
	char current[TUNABLE_VALUE];

	for (size_t i = 0; i < count; i++) {
		struct tunable_change *change = &changes[i];
		if (change->value == NULL && change->unread != 0)
			continue;
		int error = tunable_read_now(tree, device, change->tunable, current);
		if (error == 0 && holds(change, current))
			continue;
		strcpy(change->now, current);
		strcpy(change->made, current);
		change->outcome = TUNABLE_CHANGED;
		if (error != 0)
			set_unread(change, error);
		return false;
	}
	return true;
}

/* Whether there is an old value that could be put back. */
static bool has_before(const struct tunable_change *change)
{
	return change->unread == 0 || change->before[0] != '\0';
}

/* Puts an old value back that does not hold; whether it held. */
static bool put_back(
	const struct sysfs_tree *tree, const char *device, struct tunable_change *change)
{
	if (!has_before(change) ||
		tunable_read_now(tree, device, change->tunable, change->now) != 0 ||
		tunable_equal(change->tunable, change->now, change->before))
		return true;
	/* What came of it is found out when all have been tried. */
	(void)tunable_put_back(tree, device, change->tunable, change->before, change->now);
	return false;
}

/* What is left of a change after all old values were put back. */
static void judge(const struct sysfs_tree *tree, const char *device, struct tunable_change *change)
{
	int error = tunable_read_now(tree, device, change->tunable, change->now);
	bool was_kept = change->value == NULL && change->outcome == TUNABLE_ALREADY;

	if (error != 0 && change->unread == 0) {
		set_unread(change, error);
	} else if (error == 0 && has_before(change) &&
		   !tunable_equal(change->tunable, change->now, change->before)) {
		change->outcome = TUNABLE_STUCK;
	} else if (tunable_succeeded(change->outcome) && !was_kept &&
		   (error != 0 || !tunable_equal(change->tunable, change->now, wanted(change)))) {
		change->outcome = TUNABLE_WITHDRAWN;
	} else if (change->outcome == TUNABLE_STUCK) {
		change->outcome = change->error != 0 ? TUNABLE_REFUSED : TUNABLE_CHANGED;
	}
}

/*
 * Those that were written, in the reverse order; then what differs still, because the others
 * changed it: in the order, because a scheduler that is back allows numbers that it did not before.
 */
static void withdraw(const struct sysfs_tree *tree, const char *device,
	struct tunable_change *changes, size_t count)
{
	for (size_t at = next_change(changes, count, count, true); at < count;
		at = next_change(changes, count, at, true))
		if (changes[at].outcome == TUNABLE_SET || changes[at].outcome == TUNABLE_ROUNDED)
			(void)put_back(tree, device, &changes[at]);
	bool all_held = false;
	for (int i = 0; i < 2 && !all_held; i++) {
		all_held = true;
		for (size_t at = next_change(changes, count, count, false); at < count;
			at = next_change(changes, count, at, false))
			all_held &= put_back(tree, device, &changes[at]);
	}
	for (size_t i = 0; i < count; i++)
		judge(tree, device, &changes[i]);
}

/* A value that can go to no kernel ends it before anything is written. */
static bool may_begin(struct tunable_change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (changes[i].outcome == TUNABLE_REFUSED)
			return false;
	/* An attribute may come with a value that is written before it. */
	for (size_t i = 0; i < count; i++)
		if (!tunable_succeeded(changes[i].outcome))
			changes[i].outcome = TUNABLE_WITHDRAWN;
	return true;
}

bool tunables_write_lacking(const struct sysfs_tree *tree, const char *device,
	struct tunable_change *changes, size_t count)
{
	bool wrote = true, good = may_begin(changes, count);

	if (!good)
		return false;
	for (int i = 0; i < 2 && good && wrote; i++)
		good = settle_all(tree, device, changes, count, &wrote);
	if (good && wrote)
		good = all_hold(tree, device, changes, count);
	if (!good)
		withdraw(tree, device, changes, count);
	return good;
}

bool tunables_write(const struct sysfs_tree *tree, const char *device,
	struct tunable_change *changes, size_t count)
{
	return tunables_are_there(tree, device, changes, count) ||
	       tunables_write_lacking(tree, device, changes, count);
}
