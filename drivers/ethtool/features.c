/* Features: their names, and what an interface has of them. */
#include "ethtool/features.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <netlink/genl/genl.h>
#include <stdio.h>
#include <string.h>

/* More than any kernel has: what is above that is no answer. */
#define FEATURES_MOST 4096

void ethtool_release_names(struct ethtool_feature_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->names[i]);
	free(names->names);
	*names = (struct ethtool_feature_names){0};
}

static int add_name(struct ethtool_feature_names *names, const struct nlattr *string)
{
	const struct nlattr *value = ethtool_inner(string, ETHTOOL_A_STRING_VALUE);
	uint32_t bit;

	if (ethtool_number(ethtool_inner(string, ETHTOOL_A_STRING_INDEX), &bit) < 0)
		return -1;
	if (value == NULL || bit >= names->count || names->names[bit] != NULL) {
		errno = EBADMSG;
		return -1;
	}
	/* A bit that is reserved. */
	if (nla_len(value) == 0 || *(const char *)nla_data(value) == '\0')
		return 0;
	names->names[bit] = strndup(nla_data(value), (size_t)nla_len(value));
	return names->names[bit] != NULL ? 0 : -1;
}

static int take_names(struct nl_msg *answer, struct ethtool_feature_names *names)
{
	const struct nlattr *sets =
		nlmsg_find_attr(nlmsg_hdr(answer), GENL_HDRLEN, ETHTOOL_A_STRSET_STRINGSETS);
	const struct nlattr *set = ethtool_inner(sets, ETHTOOL_A_STRINGSETS_STRINGSET);
	const struct nlattr *strings = ethtool_inner(set, ETHTOOL_A_STRINGSET_STRINGS);
	const struct nlattr *string;
	int left;
	uint32_t count;

	if (ethtool_number(ethtool_inner(set, ETHTOOL_A_STRINGSET_COUNT), &count) < 0)
		return -1;
	if (strings == NULL || count > FEATURES_MOST) {
		errno = EBADMSG;
		return -1;
	}
	names->names = calloc(count, sizeof(*names->names));
	if (names->names == NULL)
		return -1;
	names->count = count;
	for (string = nla_data(strings), left = nla_len(strings); nla_ok(string, left);
		string = nla_next(string, &left))
		if (add_name(names, string) < 0)
			return -1;
	return 0;
}

/* Asks for a set of strings that is the same for all interfaces. */
static int put_set(struct nl_msg *message, uint32_t set)
{
	struct nlattr *sets = nla_nest_start(message, NLA_F_NESTED | ETHTOOL_A_STRSET_STRINGSETS);
	struct nlattr *one = sets != NULL ? nla_nest_start(message,
						    NLA_F_NESTED | ETHTOOL_A_STRINGSETS_STRINGSET)
					  : NULL;

	if (one == NULL || nla_put_u32(message, ETHTOOL_A_STRINGSET_ID, set) < 0) {
		errno = ENOMEM;
		return -1;
	}
	nla_nest_end(message, one);
	nla_nest_end(message, sets);
	return 0;
}

int ethtool_load_names(struct ethtool *ethtool)
{
	if (ethtool->features.count > 0)
		return 0;
	AUTO(ethtool_free_message) struct nl_msg *answer = NULL;
	AUTO(ethtool_free_message)
	struct nl_msg *message =
		ethtool_message(ethtool, ETHTOOL_MSG_STRSET_GET, ETHTOOL_A_STRSET_HEADER, NULL, 0);

	if (message == NULL || put_set(message, ETH_SS_FEATURES) < 0 ||
		ethtool_request(ethtool->generic, message, &answer, NULL) < 0)
		return -1;
	if (take_names(answer, &ethtool->features) < 0) {
		int error = errno;
		ethtool_release_names(&ethtool->features);
		errno = error;
		return -1;
	}
	return 0;
}

long ethtool_find_feature(const struct ethtool_feature_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (names->names[i] != NULL && strcmp(names->names[i], name) == 0)
			return (long)i;
	errno = ENOENT;
	return -1;
}

/* Whether a bit of a compact set is 1: 1 or 0, or -1 and errno. */
static int bit_of(struct nl_msg *answer, int set, size_t bit)
{
	const struct nlattr *bits = ethtool_inner(
		nlmsg_find_attr(nlmsg_hdr(answer), GENL_HDRLEN, set), ETHTOOL_A_BITSET_VALUE);
	uint32_t word;

	if (bits == NULL || (size_t)nla_len(bits) / sizeof(word) <= bit / 32) {
		errno = EBADMSG;
		return -1;
	}
	memcpy(&word, (const char *)nla_data(bits) + bit / 32 * sizeof(word), sizeof(word));
	return word >> bit % 32 & 1;
}

int ethtool_feature_of(struct nl_msg *answer, size_t bit, struct ethtool_feature *feature)
{
	int changeable = bit_of(answer, ETHTOOL_A_FEATURES_HW, bit);
	int wanted = bit_of(answer, ETHTOOL_A_FEATURES_WANTED, bit);
	int active = bit_of(answer, ETHTOOL_A_FEATURES_ACTIVE, bit);
	int never = bit_of(answer, ETHTOOL_A_FEATURES_NOCHANGE, bit);

	if (changeable < 0 || wanted < 0 || active < 0 || never < 0)
		return -1;
	*feature = (struct ethtool_feature){.active = active == 1,
		.wanted = wanted == 1,
		.fixed = changeable == 0 || never == 1};
	return 0;
}

static const char *off_on(bool on)
{
	return on ? "on" : "off";
}

void ethtool_say_feature(const struct ethtool_feature *feature, char value[ETHTOOL_VALUE])
{
	/* Nobody wants anything of what is fixed. */
	if (feature->fixed || feature->wanted == feature->active)
		snprintf(value, ETHTOOL_VALUE, "%s", off_on(feature->active));
	else
		snprintf(value, ETHTOOL_VALUE, "%s [requested %s]", off_on(feature->active),
			off_on(feature->wanted));
}

int ethtool_wanted(const char *value, char reason[ETHTOOL_REASON])
{
	if (strcmp(value, "on") == 0 || strcmp(value, "off [requested on]") == 0)
		return 1;
	if (strcmp(value, "off") == 0 || strcmp(value, "on [requested off]") == 0)
		return 0;
	snprintf(reason, ETHTOOL_REASON, "it is neither on nor off");
	errno = EINVAL;
	return -1;
}
