/*
 * What an interface of this machine can be tuned with, beyond sysfs: its rings, channels,
 * coalescing, offloads and pause frames, each by a path as of a file. For the methods of this
 * machine's own devices; knows no database.
 *
 *	rings/rx, rings/tx, ...		a number; rings/rx-max: the highest one, read only
 *	channels/combined, ...		the same
 *	coalesce/rx-usecs, ...		a number; coalesce/adaptive-rx: on or off
 *	pause/autoneg, rx, tx		on or off
 *	features/rx-gro, ...		by the kernel's names: on, off, "off [requested on]" where
 *it is wanted and something else prevents it, or the opposite link/autoneg, speed, duplex	read
 *only, as what follows address/permanent		the one that the hardware came with
 *	driver/name, version, firmware, bus
 *
 * What drivers say of themselves is data: a text may have any byte but NUL.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/text.h"

/* Room for every value, and for what the kernel says, with their NUL. */
#define ETHTOOL_VALUE 128
#define ETHTOOL_REASON 256

#define ETHTOOL_GROUPS 8

/*
 * The connection to the kernel, for any number of interfaces of the network namespace that it was
 * opened in, and for one thread at a time.
 */
struct ethtool;

/* Opens one: NULL and errno, EOPNOTSUPP of a kernel without ethtool. ethtool_close it. */
struct ethtool *ethtool_open(void) MUST_CHECK;
void ethtool_close(struct ethtool **ethtool);

/* The answer to a request for all values of a group. */
struct ethtool_answer {
	bool asked;
	int error; /* errno of a refusal */
	struct nl_msg *message;
};

/*
 * An interface whose values are read and written. A group is asked for once, when the first of its
 * values is read, and its answer serves the others until a write or ethtool_forget. Initialise the
 * first two members and zero the others; ethtool_forget it at the end, before its connection is
 * closed.
 */
struct ethtool_interface {
	struct ethtool *ethtool;
	const char *name;
	struct ethtool_answer answers[ETHTOOL_GROUPS];
};
void ethtool_forget(struct ethtool_interface *interface);

/*
 * Reads a value into room for ETHTOOL_VALUE bytes: 0, or -1 and errno. ENOENT: there is no such
 * path, or this kernel has no such feature. EOPNOTSUPP: the driver has no such value. ENODEV: there
 * is no such interface. ETIMEDOUT: the kernel does not answer within seconds.
 */
int ethtool_read(struct ethtool_interface *interface, const char *path,
	char value[ETHTOOL_VALUE]) MUST_CHECK;

/*
 * Calls `visit` with the path and the value of all that the driver has in a group, until it returns
 * other than 0, which is returned. 0, or -1 and errno as of ethtool_read.
 */
int ethtool_list(struct ethtool_interface *interface, const char *group,
	int (*visit)(void *closure, const char *path, const char *value), void *closure) MUST_CHECK;

/*
 * What may be written: "..MAXIMUM", the words of a choice with a blank between, of which a feature
 * that the driver has fixed has one, or "" when the kernel does not say, or for what is read only.
 * 0, or -1 and errno as of ethtool_read.
 */
int ethtool_allowed(
	struct ethtool_interface *interface, const char *path, struct text *allowed) MUST_CHECK;

struct ethtool_setting {
	const char *path, *value;
};

/*
 * Writes values of one group in one request, all or none: some drivers restart the interface for
 * each, and take some only together. 0, or -1 and errno as of ethtool_read or as the kernel says,
 * EINVAL for a value that is none or paths of several groups, EACCES for a path that is read only;
 * `reason` has the kernel's words or ours then, or "" when there are none. After ETIMEDOUT it is
 * unknown what holds.
 * Success does not say that the values hold: read them back, which asks the kernel again. What
 * ethtool_read gives can be written: of "off [requested on]" the wanted state is.
 */
int ethtool_write_several(struct ethtool_interface *interface,
	const struct ethtool_setting *settings, size_t count,
	char reason[ETHTOOL_REASON]) MUST_CHECK;

/* The same of one value. */
int ethtool_write(struct ethtool_interface *interface, const char *path, const char *value,
	char reason[ETHTOOL_REASON]) MUST_CHECK;
