/* Writing interfaces' values. */
#include "ethtool/ethtool.h"

#include <errno.h>
#include <linux/ethtool_netlink.h>
#include <stdio.h>
#include <string.h>

#include "ethtool/features.h"
#include "ethtool/place.h"
#include "ethtool/sources.h"
#include "ethtool/values.h"

/* Refuses in our own words. */
static int refuse(int error, char reason[ETHTOOL_REASON], const char *words)
{
	snprintf(reason, ETHTOOL_REASON, "%s", words);
	errno = error;
	return -1;
}

static int put_feature(struct nl_msg *message, const char *name, bool on)
{
	struct nlattr *bit = nla_nest_start(message, NLA_F_NESTED | ETHTOOL_A_BITSET_BITS_BIT);

	if (bit == NULL || nla_put_string(message, ETHTOOL_A_BITSET_BIT_NAME, name) < 0 ||
		(on && nla_put_flag(message, ETHTOOL_A_BITSET_BIT_VALUE) < 0)) {
		errno = ENOMEM;
		return -1;
	}
	nla_nest_end(message, bit);
	return 0;
}

/* The kernel says nothing when it is asked to change what the driver has fixed. */
static int write_feature(struct ethtool_interface *interface, const struct ethtool_place *place,
	const char *value, struct nl_msg *message, char reason[ETHTOOL_REASON])
{
	int wanted = ethtool_wanted(value, reason);
	struct ethtool_feature feature;

	if (wanted < 0 || ethtool_read_feature(interface, place, &feature) < 0)
		return -1;
	if (feature.fixed && feature.active != (wanted == 1))
		return refuse(EOPNOTSUPP, reason,
			feature.active ? "the driver has it fixed at on"
				       : "the driver has it fixed at off");
	return put_feature(message, interface->ethtool->features.names[place->bit], wanted == 1);
}

static int put_setting(struct ethtool_interface *interface, const struct ethtool_group *group,
	const struct ethtool_setting *setting, struct nl_msg *message, char reason[ETHTOOL_REASON])
{
	struct ethtool_place place;

	if (ethtool_find_place(interface->ethtool, setting->path, &place) < 0)
		return -1;
	if (place.group != group)
		return refuse(EINVAL, reason, "values of several groups can't be set together");
	if (!ethtool_writable(&place))
		return refuse(EACCES, reason, "it can only be read");
	if (place.attribute == NULL)
		return write_feature(interface, &place, setting->value, message, reason);
	return ethtool_put(message, place.attribute, setting->value, reason);
}

/* The settings behind a message's header, those of features in a set of bits. */
static int put_settings(struct ethtool_interface *interface, const struct ethtool_group *group,
	const struct ethtool_setting *settings, size_t count, struct nl_msg *message,
	char reason[ETHTOOL_REASON])
{
	struct nlattr *set = NULL, *bits = NULL;

	if (group->features) {
		set = nla_nest_start(message, NLA_F_NESTED | ETHTOOL_A_FEATURES_WANTED);
		bits = set != NULL ? nla_nest_start(message, NLA_F_NESTED | ETHTOOL_A_BITSET_BITS)
				   : NULL;
		if (bits == NULL) {
			errno = ENOMEM;
			return -1;
		}
	}
	for (size_t i = 0; i < count; i++)
		if (put_setting(interface, group, &settings[i], message, reason) < 0)
			return -1;
	if (group->features) {
		nla_nest_end(message, bits);
		nla_nest_end(message, set);
	}
	return 0;
}

int ethtool_write_several(struct ethtool_interface *interface,
	const struct ethtool_setting *settings, size_t count, char reason[ETHTOOL_REASON])
{
	reason[0] = '\0';
	if (count == 0)
		return 0;
	const struct ethtool_group *group = ethtool_find_group(settings[0].path);
	if (group == NULL || ethtool_check_name(interface->name) < 0)
		return -1;
	/* Behind the changes of features there would be a second answer. */
	AUTO(ethtool_free_message)
	struct nl_msg *message = ethtool_message(interface->ethtool, group->set, group->header,
		interface->name, ETHTOOL_FLAG_OMIT_REPLY);
	if (message == NULL || put_settings(interface, group, settings, count, message, reason) < 0)
		return -1;
	int status = ethtool_request(interface->ethtool->generic, message, NULL, reason);
	ethtool_forget(interface);
	return status;
}

int ethtool_write(struct ethtool_interface *interface, const char *path, const char *value,
	char reason[ETHTOOL_REASON])
{
	const struct ethtool_setting setting = {path, value};

	return ethtool_write_several(interface, &setting, 1, reason);
}
