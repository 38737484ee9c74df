/* The tables of groups and their attributes. */
#include "ethtool/groups.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/if_link.h>
#include <string.h>

#include "ethtool/ethtool.h"

static const char *const off_on[] = {"off", "on", NULL};
static const char *const data_split[] = {"auto", "off", "on", NULL};
static const char *const duplex[] = {"half", "full", NULL};

#define NUMBER(name, id)                                                                           \
	{                                                                                          \
		name, ETHTOOL_NUMBER, ETHTOOL_A_##id, 0, NULL                                      \
	}
#define LIMITED(name, id, maximum)                                                                 \
	{                                                                                          \
		name, ETHTOOL_NUMBER, ETHTOOL_A_##id, ETHTOOL_A_##maximum, NULL                    \
	}
#define SWITCH(name, id)                                                                           \
	{                                                                                          \
		name, ETHTOOL_CHOICE, ETHTOOL_A_##id, 0, off_on                                    \
	}

static const struct ethtool_attribute rings[] = {
	LIMITED("rx", RINGS_RX, RINGS_RX_MAX),
	LIMITED("rx-mini", RINGS_RX_MINI, RINGS_RX_MINI_MAX),
	LIMITED("rx-jumbo", RINGS_RX_JUMBO, RINGS_RX_JUMBO_MAX),
	LIMITED("tx", RINGS_TX, RINGS_TX_MAX),
	NUMBER("rx-buf-len", RINGS_RX_BUF_LEN),
	NUMBER("cqe-size", RINGS_CQE_SIZE),
	SWITCH("tx-push", RINGS_TX_PUSH),
	{"tcp-data-split", ETHTOOL_CHOICE, ETHTOOL_A_RINGS_TCP_DATA_SPLIT, 0, data_split},
};

static const struct ethtool_attribute channels[] = {
	LIMITED("rx", CHANNELS_RX_COUNT, CHANNELS_RX_MAX),
	LIMITED("tx", CHANNELS_TX_COUNT, CHANNELS_TX_MAX),
	LIMITED("other", CHANNELS_OTHER_COUNT, CHANNELS_OTHER_MAX),
	LIMITED("combined", CHANNELS_COMBINED_COUNT, CHANNELS_COMBINED_MAX),
};

static const struct ethtool_attribute coalesce[] = {
	SWITCH("adaptive-rx", COALESCE_USE_ADAPTIVE_RX),
	SWITCH("adaptive-tx", COALESCE_USE_ADAPTIVE_TX),
	NUMBER("rx-usecs", COALESCE_RX_USECS),
	NUMBER("rx-frames", COALESCE_RX_MAX_FRAMES),
	NUMBER("rx-usecs-irq", COALESCE_RX_USECS_IRQ),
	NUMBER("rx-frames-irq", COALESCE_RX_MAX_FRAMES_IRQ),
	NUMBER("tx-usecs", COALESCE_TX_USECS),
	NUMBER("tx-frames", COALESCE_TX_MAX_FRAMES),
	NUMBER("tx-usecs-irq", COALESCE_TX_USECS_IRQ),
	NUMBER("tx-frames-irq", COALESCE_TX_MAX_FRAMES_IRQ),
	NUMBER("stats-block-usecs", COALESCE_STATS_BLOCK_USECS),
	NUMBER("pkt-rate-low", COALESCE_PKT_RATE_LOW),
	NUMBER("rx-usecs-low", COALESCE_RX_USECS_LOW),
	NUMBER("rx-frames-low", COALESCE_RX_MAX_FRAMES_LOW),
	NUMBER("tx-usecs-low", COALESCE_TX_USECS_LOW),
	NUMBER("tx-frames-low", COALESCE_TX_MAX_FRAMES_LOW),
	NUMBER("pkt-rate-high", COALESCE_PKT_RATE_HIGH),
	NUMBER("rx-usecs-high", COALESCE_RX_USECS_HIGH),
	NUMBER("rx-frames-high", COALESCE_RX_MAX_FRAMES_HIGH),
	NUMBER("tx-usecs-high", COALESCE_TX_USECS_HIGH),
	NUMBER("tx-frames-high", COALESCE_TX_MAX_FRAMES_HIGH),
	NUMBER("sample-interval", COALESCE_RATE_SAMPLE_INTERVAL),
	SWITCH("cqe-mode-rx", COALESCE_USE_CQE_MODE_RX),
	SWITCH("cqe-mode-tx", COALESCE_USE_CQE_MODE_TX),
};

static const struct ethtool_attribute pause_frames[] = {
	SWITCH("autoneg", PAUSE_AUTONEG),
	SWITCH("rx", PAUSE_RX),
	SWITCH("tx", PAUSE_TX),
};

static const struct ethtool_attribute link_modes[] = {
	SWITCH("autoneg", LINKMODES_AUTONEG),
	{"speed", ETHTOOL_SPEED, ETHTOOL_A_LINKMODES_SPEED, 0, NULL},
	{"duplex", ETHTOOL_CHOICE, ETHTOOL_A_LINKMODES_DUPLEX, 0, duplex},
};

static const struct ethtool_attribute address[] = {
	{"permanent", ETHTOOL_ADDRESS, IFLA_PERM_ADDRESS, 0, NULL},
};

/* There is no message: the ids are the places in the structure. */
static const struct ethtool_attribute driver[] = {
	{"name", ETHTOOL_TEXT, offsetof(struct ethtool_drvinfo, driver), 0, NULL},
	{"version", ETHTOOL_TEXT, offsetof(struct ethtool_drvinfo, version), 0, NULL},
	{"firmware", ETHTOOL_TEXT, offsetof(struct ethtool_drvinfo, fw_version), 0, NULL},
	{"bus", ETHTOOL_TEXT, offsetof(struct ethtool_drvinfo, bus_info), 0, NULL},
};

#define ATTRIBUTES(table) table, sizeof(table) / sizeof((table)[0])

const struct ethtool_group ethtool_groups[] = {
	{"rings", ETHTOOL_FROM_FAMILY, ETHTOOL_MSG_RINGS_GET, ETHTOOL_MSG_RINGS_SET,
		ETHTOOL_A_RINGS_HEADER, false, ATTRIBUTES(rings)},
	{"channels", ETHTOOL_FROM_FAMILY, ETHTOOL_MSG_CHANNELS_GET, ETHTOOL_MSG_CHANNELS_SET,
		ETHTOOL_A_CHANNELS_HEADER, false, ATTRIBUTES(channels)},
	{"coalesce", ETHTOOL_FROM_FAMILY, ETHTOOL_MSG_COALESCE_GET, ETHTOOL_MSG_COALESCE_SET,
		ETHTOOL_A_COALESCE_HEADER, false, ATTRIBUTES(coalesce)},
	{"pause", ETHTOOL_FROM_FAMILY, ETHTOOL_MSG_PAUSE_GET, ETHTOOL_MSG_PAUSE_SET,
		ETHTOOL_A_PAUSE_HEADER, false, ATTRIBUTES(pause_frames)},
	{"features", ETHTOOL_FROM_FAMILY, ETHTOOL_MSG_FEATURES_GET, ETHTOOL_MSG_FEATURES_SET,
		ETHTOOL_A_FEATURES_HEADER, true, NULL, 0},
	{"link", ETHTOOL_FROM_FAMILY, ETHTOOL_MSG_LINKMODES_GET, 0, ETHTOOL_A_LINKMODES_HEADER,
		false, ATTRIBUTES(link_modes)},
	{"address", ETHTOOL_FROM_ROUTE, 0, 0, 0, false, ATTRIBUTES(address)},
	{"driver", ETHTOOL_FROM_IOCTL, 0, 0, 0, false, ATTRIBUTES(driver)},
};
_Static_assert(sizeof(ethtool_groups) / sizeof(ethtool_groups[0]) == ETHTOOL_GROUPS,
	"an interface has room for an answer of each group");

const struct ethtool_group *ethtool_find_group(const char *path)
{
	size_t length = strcspn(path, "/");

	for (size_t i = 0; i < ETHTOOL_GROUPS; i++)
		if (strncmp(ethtool_groups[i].name, path, length) == 0 &&
			ethtool_groups[i].name[length] == '\0')
			return &ethtool_groups[i];
	errno = ENOENT;
	return NULL;
}

const struct ethtool_attribute *ethtool_find_attribute(
	const struct ethtool_group *group, const char *name, uint16_t *id)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct ethtool_attribute *attribute = &group->attributes[i];
		size_t length = strlen(attribute->name);
		if (strncmp(attribute->name, name, length) != 0)
			continue;
		bool highest = attribute->maximum != 0 && strcmp(name + length, "-max") == 0;
		if (highest || name[length] == '\0') {
			*id = highest ? attribute->maximum : attribute->id;
			return attribute;
		}
	}
	errno = ENOENT;
	return NULL;
}
