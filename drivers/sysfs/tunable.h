/*
 * One tunable of a device of this machine: reading it, what the kernel allows, and writing it so
 * that what the kernel made of it is known. What a tunable is comes from its caller, who has it
 * from a schema.
 */
#pragma once

#include "base/text.h"
#include "sysfs/tree.h"

/* How the kernel writes the value that holds, and when two values are the same. */
enum tunable_form {
	TUNABLE_TEXT, /* as it is */
	TUNABLE_NUMBER, /* decimal or 0x..., compared as numbers; an unsigned one may read as -1 */
	TUNABLE_CHOICE, /* in brackets, among all that are allowed: "none [mq-deadline] kyber" */
	TUNABLE_LIST, /* processors, as 0-3,8: compared as sets */
	TUNABLE_MASK, /* processors, as a hexadecimal mask 1,0000000f: compared as sets */
	TUNABLE_SWITCH /* as Y or N, 1 or 0, on or off: compared as what they mean */
};

/* The longest value of a tunable, with its NUL. A longer one is refused, or can't be read. */
#define TUNABLE_VALUE 1024

/* What the kernel says of a refusal, with its NUL; the rest is cut off. */
#define TUNABLE_REASON 128

struct tunable {
	const char *attribute; /* for messages */
	const char *path; /* beneath the device's directory */
	enum tunable_form form;
	/* Files beneath the device's directory with what is allowed, or NULL. */
	const char *maximum; /* the highest number */
	const char *choices; /* the words, when the value itself does not show them */
	bool rounds; /* what the kernel makes of a value is taken, and said */
	int order; /* those of lower order are written first: others depend on them */
};

/*
 * What holds now, without brackets: 0, or -1 and errno: EOVERFLOW when it is longer than the room
 * of `size` bytes.
 */
int tunable_read(const struct sysfs_tree *tree, const char *device, const struct tunable *tunable,
	char *room, size_t size) MUST_CHECK;

/*
 * Appends what the kernel says is allowed: the words of a choice, a blank between, or "..MAXIMUM";
 * nothing when it says nothing. It may take more than it says: a scheduler whose module is not
 * loaded yet is in no list. 0, or -1 and errno.
 */
int tunable_allowed(const struct sysfs_tree *tree, const char *device,
	const struct tunable *tunable, struct text *allowed) MUST_CHECK;

/* Whether two values mean the same to the kernel, by the tunable's form. */
bool tunable_equal(const struct tunable *tunable, const char *one, const char *other);

/* Whether the kernel has the value now, as tunable_equal compares; not when it can't be read. */
bool tunable_has(const struct sysfs_tree *tree, const char *device, const struct tunable *tunable,
	const char *value);

enum tunable_outcome {
	/* Nothing was tried; or another one of its batch failed, and the old value holds. */
	TUNABLE_WITHDRAWN,
	TUNABLE_SET, /* the kernel has the value asked for */
	TUNABLE_ALREADY, /* it had it: nothing was written */
	TUNABLE_ROUNDED, /* it has another one, and the tunable is known to be rounded */
	TUNABLE_CHANGED, /* it made another value of it, which is not wanted; the old one holds */
	TUNABLE_REFUSED, /* it said no: `error`; the old one holds */
	TUNABLE_UNREADABLE, /* it can't be read: `error`; nothing was written, or the old one again
			     */
	TUNABLE_STUCK, /* the old one could not be put back: `now` is there */
	TUNABLE_GONE /* the device or the attribute is not there */
};

/* Whether the kernel has what was asked for, or what it makes of it. */
bool tunable_succeeded(enum tunable_outcome outcome);

/* What the caller asks for is in the first two; the rest is what came of it. */
struct tunable_change {
	const struct tunable *tunable;
	/* NULL: what it has is to stay, whatever the others of its batch do to it. */
	const char *value;
	enum tunable_outcome outcome;
	int error; /* errno of a refusal, or of reading */
	char reason[TUNABLE_REASON]; /* the kernel's own words of a refusal, "" for none */
	int unread; /* errno of reading it at first; 0 when it could be read */
	char before[TUNABLE_VALUE]; /* what was read first; "" when nothing could be read */
	char made[TUNABLE_VALUE]; /* what the kernel made of a value that it took otherwise, or ""
				   */
	char now[TUNABLE_VALUE]; /* what holds; "" when it can't be read */
};

/*
 * Writes one, unless what holds is equal, and reads it back: the outcome, which is in the change,
 * too. What the kernel changes besides is not seen: for that there is tunables_write.
 */
enum tunable_outcome tunable_write(
	const struct sysfs_tree *tree, const char *device, struct tunable_change *change);

/*
 * Writes several of one device in their tunables' order. A value that a later one takes away, as a
 * new scheduler does with the number of requests, is written again. The first that does not succeed
 * ends it: those before it get their old values back in the reverse order, and what only changed
 * because of them, too. True when all succeeded.
 */
bool tunables_write(const struct sysfs_tree *tree, const char *device,
	struct tunable_change *changes, size_t count);

/*
 * Appends a sentence without a full stop that says what happened to a change that did not succeed,
 * or that was rounded: the attribute, the value, what the kernel said and what is allowed. Nothing
 * for one that was set or was there already. What is foreign in it is escaped.
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
 * tunables_write for many devices. Those that need a write at all are written by threads of their
 * own, up to 32 at once, because some writes wait until a queue is empty; one that takes long holds
 * no other, but is waited for. The tree's access is called by several threads at once.
 */
void tunables_write_all(
	const struct sysfs_tree *tree, struct tunable_device *devices, size_t count);
