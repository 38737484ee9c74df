/* What is asked, and of whom: the ethtool family, rtnetlink, and the ioctl that is left. */
#include "ethtool/sources.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netlink/genl/genl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

static int ask_family(struct ethtool *ethtool, const struct ethtool_group *group,
	const char *interface, struct nl_msg **answer)
{
	AUTO(ethtool_free_message)
	struct nl_msg *message = ethtool_message(
		ethtool, group->get, group->header, interface, ETHTOOL_FLAG_COMPACT_BITSETS);

	return message != NULL ? ethtool_request(ethtool->generic, message, answer, NULL) : -1;
}

static int ask_route(struct ethtool *ethtool, const char *interface, struct nl_msg **answer)
{
	struct ifinfomsg link = {.ifi_family = AF_UNSPEC};
	AUTO(ethtool_free_message) struct nl_msg *message = nlmsg_alloc_simple(RTM_GETLINK, 0);

	if (message == NULL ||
		nlmsg_append(message, &link, sizeof(link), NLMSG_ALIGNTO) < 0 ||
		nla_put_string(message, IFLA_IFNAME, interface) < 0 ||
		nla_put_u32(message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS) < 0) {
		errno = ENOMEM;
		return -1;
	}
	return ethtool_request(ethtool->route, message, answer, NULL);
}

/* The structure's texts as attributes of a message, so that all answers are alike. */
static int ask_driver(struct ethtool *ethtool, const struct ethtool_group *group,
	const char *interface, struct nl_msg **answer)
{
	struct ethtool_drvinfo information = {.cmd = ETHTOOL_GDRVINFO};
	struct ifreq request = {.ifr_data = (void *)&information};

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", interface);
	if (ioctl(nl_socket_get_fd(ethtool->generic), SIOCETHTOOL, &request) < 0)
		return -1;
	AUTO(ethtool_free_message) struct nl_msg *message = nlmsg_alloc_simple(0, 0);
	bool put = message != NULL;
	for (size_t i = 0; put && i < group->count; i++) {
		char value[ETHTOOL_BUSINFO_LEN + 1] = "";
		memcpy(value, (const char *)&information + group->attributes[i].id,
			ETHTOOL_BUSINFO_LEN);
		put = value[0] == '\0' ||
		      nla_put_string(message, group->attributes[i].id, value) == 0;
	}
	if (!put) {
		errno = ENOMEM;
		return -1;
	}
	*answer = TAKE(message);
	return 0;
}

int ethtool_check_name(const char *interface)
{
	if (interface[0] != '\0' && strlen(interface) < IFNAMSIZ)
		return 0;
	errno = ENODEV;
	return -1;
}

int ethtool_ask(struct ethtool *ethtool, const struct ethtool_group *group, const char *interface,
	struct nl_msg **answer)
{
	if (ethtool_check_name(interface) < 0)
		return -1;
	switch (group->source) {
	case ETHTOOL_FROM_ROUTE:
		return ask_route(ethtool, interface, answer);
	case ETHTOOL_FROM_IOCTL:
		return ask_driver(ethtool, group, interface, answer);
	default:
		return ask_family(ethtool, group, interface, answer);
	}
}

const struct nlattr *ethtool_in_answer(
	const struct ethtool_group *group, struct nl_msg *answer, uint16_t id)
{
	static const int headers[] = {[ETHTOOL_FROM_FAMILY] = GENL_HDRLEN,
		[ETHTOOL_FROM_ROUTE] = sizeof(struct ifinfomsg),
		[ETHTOOL_FROM_IOCTL] = 0};
	const struct nlattr *attribute =
		nlmsg_find_attr(nlmsg_hdr(answer), headers[group->source], id);

	if (attribute == NULL)
		errno = EOPNOTSUPP;
	return attribute;
}
