/* The old way to ask for an interface's settings. */
#include "ethtool_by_ioctl.h"

#include <linux/sockios.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/cleanup.h"

/* More than there are. */
#define FEATURES 256

int ethtool_ioctl(const char *interface, void *structure)
{
	AUTO_CLOSE int file = socket(AF_UNIX, SOCK_DGRAM, 0);
	struct ifreq request = {.ifr_data = structure};

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", interface);
	return ioctl(file, SIOCETHTOOL, &request);
}

/* The bit of a feature, or -1. */
static long bit_of(const char *interface, const char *name)
{
	AUTO_FREE struct ethtool_gstrings *names =
		calloc(1, sizeof(*names) + FEATURES * ETH_GSTRING_LEN);

	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_FEATURES;
	/* The kernel gives none to who expects another number of them. */
	names->len = 0;
	if (ethtool_ioctl(interface, names) < 0)
		return -1;
	for (uint32_t i = 0; i < names->len; i++)
		if (strncmp((char *)names->data + i * ETH_GSTRING_LEN, name, ETH_GSTRING_LEN) == 0)
			return i;
	return -1;
}

struct feature_by_ioctl feature_by_ioctl(const char *interface, const char *name)
{
	AUTO_FREE struct ethtool_gfeatures *features = calloc(
		1, sizeof(*features) + FEATURES / 32 * sizeof(struct ethtool_get_features_block));
	long bit = bit_of(interface, name);

	features->cmd = ETHTOOL_GFEATURES;
	features->size = FEATURES / 32;
	if (bit < 0 || ethtool_ioctl(interface, features) < 0)
		return (struct feature_by_ioctl){.active = -1};
	const struct ethtool_get_features_block *block = &features->features[bit / 32];
	uint32_t mask = UINT32_C(1) << bit % 32;
	return (struct feature_by_ioctl){.active = (block->active & mask) != 0,
		.wanted = (block->requested & mask) != 0,
		.changeable = (block->available & ~block->never_changed & mask) != 0};
}
