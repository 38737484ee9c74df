/* The table of libkex. */
#include "driver_host.h"

static const struct driver_host libkex = {
	.sysconfig = sysconfig,
	.sysconfig_in = kex_sysconfig,
	.device = kex_device,
	.reason = kex_reason,
	.special_file_make = special_file_make_for,
	.special_file_read = special_file_read,
	.special_file_remove = special_file_remove,
};

const struct driver_host *driver_host = &libkex;
