/* One value: out of a message into words, and back. */
#pragma once

#include "ethtool/ethtool.h"
#include "ethtool/groups.h"
#include "ethtool/request.h"

/* Says a value: 0, or -1 and errno EBADMSG when it has not got the size of its kind. */
int ethtool_say(const struct ethtool_attribute *attribute, const struct nlattr *in,
	char value[ETHTOOL_VALUE]) MUST_CHECK;

/*
 * Appends a value to a message: 0, or -1 and errno, EINVAL with a reason when the words are no
 * value of that kind.
 */
int ethtool_put(struct nl_msg *message, const struct ethtool_attribute *attribute,
	const char *value, char reason[ETHTOOL_REASON]) MUST_CHECK;
