/*
 * One tunable of a device of this machine: reading it, what the kernel allows, and writing it so
 * that what the kernel made of it is known. What a tunable is comes from its caller, who has it
 * from a schema.
 */
#pragma once

#include "base/text.h"
#include "sysfs/tree.h"

/* How the kernel writes the value that holds. */
enum tunable_form {
	TUNABLE_TEXT, /* as it is */
	TUNABLE_NUMBER, /* compared as a number */
	TUNABLE_CHOICE, /* in brackets, among all that are allowed: "none [mq-deadline] kyber" */
	TUNABLE_MASK /* processors, as 0-3,8: compared as sets */
};

struct tunable {
	const char *attribute; /* for messages */
	const char *path; /* beneath the device's directory */
	enum tunable_form form;
	const char *
		maximum; /* a file beneath the device's directory with the highest value, or NULL */
	bool rounds; /* what the kernel makes of a value is taken, and said */
	int order; /* those of lower order are written first: others depend on them */
};

/* What holds now, without brackets: 0, or -1 and errno. */
int tunable_read(const struct sysfs_tree *tree, const char *device, const struct tunable *tunable,
	char *room, size_t size) MUST_CHECK;

/*
 * What the kernel says is allowed: the words of a choice, a blank between, or "..MAXIMUM"; "" when
 * it says nothing. 0, or -1 and errno.
 */
int tunable_allowed(const struct sysfs_tree *tree, const char *device,
	const struct tunable *tunable, struct text *allowed) MUST_CHECK;

/* Whether two values mean the same to the kernel, by the tunable's form. */
bool tunable_equal(const struct tunable *tunable, const char *one, const char *other);

enum tunable_outcome {
	TUNABLE_SET, /* the kernel has the value asked for */
	TUNABLE_ALREADY, /* it had it: nothing was written */
	TUNABLE_ROUNDED, /* it has another one, and the tunable is known to be rounded */
	TUNABLE_CHANGED, /* it made another value of it, which is not wanted; the old one is back */
	TUNABLE_REFUSED, /* it said no: `error` */
	TUNABLE_STUCK, /* it made another value of it and refused its old one: `now` is there */
	TUNABLE_GONE /* the device or the attribute is not there */
};

/* Whether the kernel has what was asked for, or what it makes of it. */
bool tunable_succeeded(enum tunable_outcome outcome);

struct tunable_change {
	const struct tunable *tunable;
	const char *value; /* asked for */
	enum tunable_outcome outcome;
	int error; /* errno of a refusal */
	char before[SYSFS_VALUE], now[SYSFS_VALUE]; /* what holds; "" when it can't be read */
};

/* Writes one: the outcome, which is in the change, too. */
enum tunable_outcome tunable_write(
	const struct sysfs_tree *tree, const char *device, struct tunable_change *change);

/*
 * Writes several of one device in their tunables' order. The first that does not succeed ends it,
 * and those before it get their old values back in the reverse order, and what only changed because
 * of them, too. True when all succeeded.
 */
bool tunables_write(const struct sysfs_tree *tree, const char *device,
	struct tunable_change *changes, size_t count);

/*
 * A sentence without a full stop that says what happened to a change that did not succeed, or that
 * was rounded: the attribute, the value, what the kernel said and what is allowed.
 */
void tunable_explain(const struct sysfs_tree *tree, const char *device,
	const struct tunable_change *change, struct text *text);

/* A device whose values are to be written, for tunables_write_all. */
struct tunable_device {
	const char *device; /* its directory */
	struct tunable_change *changes;
	size_t count;
	bool succeeded;
};

/*
 * Writes what many devices lack, each device's in its order. Devices that need a write at all are
 * written by threads of their own, because some writes wait until a queue is empty.
 */
void tunables_write_all(
	const struct sysfs_tree *tree, struct tunable_device *devices, size_t count);
