/* What the kernel says of an interface by ioctl, to compare with what it says by netlink. */
#pragma once

#include <linux/ethtool.h>
#include <stdbool.h>

/* Sends one of the structures of linux/ethtool.h, with its command: 0, or -1 and errno. */
int ethtool_ioctl(const char *interface, void *structure);

/*
 * Whether a feature is active, wanted, and can be changed; the first is -1 when the interface is
 * not there or there is no such feature.
 */
struct feature_by_ioctl {
	int active;
	bool wanted, changeable;
};
struct feature_by_ioctl feature_by_ioctl(const char *interface, const char *name);
