/* Where the values of a group come from. */
#pragma once

#include "ethtool/groups.h"
#include "ethtool/request.h"

/*
 * Whether a name can be one of an interface: 0, or -1 and errno ENODEV, for which the kernel has
 * other words when it is too long or empty.
 */
int ethtool_check_name(const char *interface) MUST_CHECK;

/*
 * Asks for all values of a group: 0, or -1 and errno. The caller frees the answer with
 * ethtool_free_message.
 */
int ethtool_ask(struct ethtool *ethtool, const struct ethtool_group *group, const char *interface,
	struct nl_msg **answer) MUST_CHECK;

/* One attribute of the answer: NULL and errno EOPNOTSUPP when the driver does not have it. */
const struct nlattr *ethtool_in_answer(
	const struct ethtool_group *group, struct nl_msg *answer, uint16_t id);
