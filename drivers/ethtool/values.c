/* Values in messages and in words. */
#include "ethtool/values.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/ethtool.h>
#include <stdio.h>
#include <string.h>

static int bad_message(void)
{
	errno = EBADMSG;
	return -1;
}

static int say_choice(const struct ethtool_attribute *attribute, const struct nlattr *in,
	char value[ETHTOOL_VALUE])
{
	const char *word = "unknown";

	if (nla_len(in) != 1)
		return bad_message();
	for (uint8_t i = 0; attribute->choices[i] != NULL; i++)
		if (i == nla_get_u8(in))
			word = attribute->choices[i];
	snprintf(value, ETHTOOL_VALUE, "%s", word);
	return 0;
}

static int say_number(const struct ethtool_attribute *attribute, const struct nlattr *in,
	char value[ETHTOOL_VALUE])
{
	uint32_t number;

	if (ethtool_number(in, &number) < 0)
		return -1;
	if (attribute->kind == ETHTOOL_SPEED && number == (uint32_t)SPEED_UNKNOWN)
		snprintf(value, ETHTOOL_VALUE, "unknown");
	else
		snprintf(value, ETHTOOL_VALUE, "%" PRIu32, number);
	return 0;
}

/* As aa:bb:cc. */
static int say_address(const struct nlattr *in, char value[ETHTOOL_VALUE])
{
	const unsigned char *byte = nla_data(in);
	int length = nla_len(in);

	if (length <= 0 || 3 * length > ETHTOOL_VALUE)
		return bad_message();
	for (int i = 0; i < length; i++)
		snprintf(value + 3 * i, 4, i < length - 1 ? "%02x:" : "%02x", byte[i]);
	return 0;
}

int ethtool_say(const struct ethtool_attribute *attribute, const struct nlattr *in,
	char value[ETHTOOL_VALUE])
{
	switch (attribute->kind) {
	case ETHTOOL_CHOICE:
		return say_choice(attribute, in, value);
	case ETHTOOL_TEXT:
		return nla_strlcpy(value, in, ETHTOOL_VALUE) < ETHTOOL_VALUE ? 0 : bad_message();
	case ETHTOOL_ADDRESS:
		return say_address(in, value);
	default:
		return say_number(attribute, in, value);
	}
}

static int put_choice(struct nl_msg *message, const struct ethtool_attribute *attribute,
	const char *value, char reason[ETHTOOL_REASON])
{
	AUTO(text_release) struct text words = {0};

	for (uint8_t i = 0; attribute->choices[i] != NULL; i++) {
		if (strcmp(attribute->choices[i], value) == 0)
			return nla_put_u8(message, attribute->id, i) == 0 ? 0
									  : (errno = ENOMEM, -1);
		text_printf(&words, "%s%s", i > 0 ? ", " : "", attribute->choices[i]);
	}
	snprintf(reason, ETHTOOL_REASON, "it is none of %s", words.failed ? "them" : words.data);
	errno = EINVAL;
	return -1;
}

static int put_number(struct nl_msg *message, const struct ethtool_attribute *attribute,
	const char *value, char reason[ETHTOOL_REASON])
{
	char *end;

	errno = 0;
	unsigned long long number = strtoull(value, &end, 10);
	if (!isdigit((unsigned char)value[0]) || *end != '\0' || errno != 0 ||
		number > UINT32_MAX) {
		snprintf(reason, ETHTOOL_REASON, "it is no number from 0 to %" PRIu32, UINT32_MAX);
		errno = EINVAL;
		return -1;
	}
	return nla_put_u32(message, attribute->id, (uint32_t)number) == 0 ? 0
									  : (errno = ENOMEM, -1);
}

int ethtool_put(struct nl_msg *message, const struct ethtool_attribute *attribute,
	const char *value, char reason[ETHTOOL_REASON])
{
	return attribute->kind == ETHTOOL_CHOICE ? put_choice(message, attribute, value, reason)
						 : put_number(message, attribute, value, reason);
}
