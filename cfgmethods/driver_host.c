#include "driver_host.h"

static const struct driver_host libkex = {
	.sysconfig = sysconfig,
	.device = kex_device,
	.reason = kex_reason,
};

const struct driver_host *driver_host = &libkex;
