/* Requests to the kernel over netlink: each is sent, and its answer waited for. */
#pragma once

#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdint.h>

#include "base/cleanup.h"

/* Features by their place in the kernel's bit sets. */
struct ethtool_feature_names {
	char **names; /* NULL where there is none */
	size_t count;
};

struct ethtool {
	struct nl_sock *generic, *route;
	int family; /* the number of the ethtool family */
	struct ethtool_feature_names features; /* none until they are asked for */
};

/* For AUTO(). */
static inline void ethtool_free_message(struct nl_msg **message)
{
	nlmsg_free(*message);
}

/*
 * A message of the ethtool family with its header, which names an interface unless that is NULL;
 * flags are ETHTOOL_FLAG_. NULL and errno ENOMEM. ethtool_free_message it.
 */
struct nl_msg *ethtool_message(struct ethtool *ethtool, uint8_t command, uint16_t header,
	const char *interface, uint32_t flags) MUST_CHECK;

/*
 * Sends a message and waits until the kernel is done with it. *answer gets what it answered, unless
 * `answer` is NULL; the caller frees it. 0, or -1 and errno, and the kernel's words in `reason`,
 * room for ETHTOOL_REASON bytes, when it has any and that is not NULL.
 */
int ethtool_request(struct nl_sock *socket, struct nl_msg *message, struct nl_msg **answer,
	char *reason) MUST_CHECK;

/* The attribute of an id among those in another one: NULL when there is none. */
struct nlattr *ethtool_inner(const struct nlattr *outer, int id);

/* The number in an attribute of 32 bits: 0, or -1 and errno EBADMSG. */
int ethtool_number(const struct nlattr *attribute, uint32_t *number) MUST_CHECK;
