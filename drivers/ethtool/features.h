/* Features of interfaces: bits of which the kernel has the names, and of each several sets. */
#pragma once

#include "base/text.h"
#include "ethtool/ethtool.h"
#include "ethtool/request.h"

/* Asks for the names unless they are there: 0, or -1 and errno. */
int ethtool_load_names(struct ethtool *ethtool) MUST_CHECK;
void ethtool_release_names(struct ethtool_feature_names *names);

/* The bit of a name: its number, or -1 and errno ENOENT. */
long ethtool_find_feature(const struct ethtool_feature_names *names, const char *name);

/* One feature of an interface. */
struct ethtool_feature {
	bool active, wanted;
	bool fixed; /* it can't be changed */
};

/* Takes one out of the answer to ETHTOOL_MSG_FEATURES_GET: 0, or -1 and errno EBADMSG. */
int ethtool_feature_of(
	struct nl_msg *answer, size_t bit, struct ethtool_feature *feature) MUST_CHECK;

/* Says it: "on", "off [requested on]". */
void ethtool_say_feature(const struct ethtool_feature *feature, char value[ETHTOOL_VALUE]);

/*
 * What a value wants, which may be as ethtool_say_feature has it: 1 or 0, or -1 and errno EINVAL
 * with a reason.
 */
int ethtool_wanted(const char *value, char reason[ETHTOOL_REASON]);
