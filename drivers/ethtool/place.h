/* What a path names, and what the kernel answered about an interface. */
#pragma once

#include "ethtool/ethtool.h"
#include "ethtool/features.h"
#include "ethtool/groups.h"

struct ethtool_place {
	const struct ethtool_group *group;
	const struct ethtool_attribute *attribute; /* NULL: a feature */
	uint16_t id; /* of the attribute's value, or of its maximum */
	size_t bit; /* of the feature */
};

/* Finds it, which may ask the kernel for the names of features: 0, or -1 and errno. */
int ethtool_find_place(
	struct ethtool *ethtool, const char *path, struct ethtool_place *place) MUST_CHECK;

/* Whether a path can be written at all. */
bool ethtool_writable(const struct ethtool_place *place);

/*
 * The answer to a request for a group, of now or before, which the interface keeps: NULL and errno.
 */
struct nl_msg *ethtool_answer_of(
	struct ethtool_interface *interface, const struct ethtool_group *group);

/* What an interface has of a feature: 0, or -1 and errno. */
int ethtool_read_feature(struct ethtool_interface *interface, const struct ethtool_place *place,
	struct ethtool_feature *feature) MUST_CHECK;
