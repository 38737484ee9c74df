/* The table of libkex. */
#include "driver_host.h"

#include <fcntl.h>

static int ask(const char *special, unsigned long cmd, void *arg)
{
	struct kex_file *file = kex_open(special, O_RDWR);
	int result = file != NULL ? kex_ioctl(file, cmd, arg) : -1;

	kex_close(file);
	return result;
}

static const struct driver_host libkex = {
	.sysconfig = sysconfig,
	.sysconfig_in = kex_sysconfig,
	.device = kex_device,
	.reason = kex_reason,
	.ask = ask,
	.special_file_make = special_file_make_for,
	.special_file_read = special_file_read,
	.special_file_remove = special_file_remove,
};

const struct driver_host *driver_host = &libkex;
