/* What there is to read and write, as tables: messages of the kernel, attributes in them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a value is in a message, and in words. */
enum ethtool_kind {
	ETHTOOL_NUMBER, /* 32 bits */
	ETHTOOL_SPEED, /* 32 bits, Mb/s or unknown */
	ETHTOOL_CHOICE, /* 8 bits: the place of a word in a list */
	ETHTOOL_TEXT,
	ETHTOOL_ADDRESS /* bytes */
};

struct ethtool_attribute {
	const char *name;
	enum ethtool_kind kind;
	uint16_t id;
	uint16_t maximum; /* id of the highest value in the same message, or 0 */
	const char *const *choices; /* of a choice; ends with NULL */
};

/* Where a group's values come from. */
enum ethtool_source {
	ETHTOOL_FROM_FAMILY, /* the ethtool family */
	ETHTOOL_FROM_ROUTE, /* the message about a link, of rtnetlink */
	ETHTOOL_FROM_IOCTL /* what netlink lacks: struct ethtool_drvinfo */
};

struct ethtool_group {
	const char *name;
	enum ethtool_source source;
	uint8_t get, set; /* messages; set is 0 for a group that is read only */
	uint16_t header; /* id of the header in either message */
	bool features; /* named by the kernel's strings and not by attributes */
	const struct ethtool_attribute *attributes;
	size_t count;
};
extern const struct ethtool_group ethtool_groups[];

/* The group that a path, or a group's name alone, begins with: NULL and errno ENOENT. */
const struct ethtool_group *ethtool_find_group(const char *path);

/*
 * The attribute of a name, which may be followed by "-max" where it has a maximum. *id is the one
 * of its value in a message. NULL and errno ENOENT.
 */
const struct ethtool_attribute *ethtool_find_attribute(
	const struct ethtool_group *group, const char *name, uint16_t *id);
