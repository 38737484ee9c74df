/* What the commands that talk to the extension host share. */
#pragma once

#include <kex.h>

#include "base/cleanup.h"

/* Opens a special file of a device: "tmscsi0", ".im". NULL with a message. */
struct kex_file *host_file_open(const char *device, const char *suffix, int oflag);
void host_file_close(struct kex_file **file);

/* The last failure of libkex in words. */
const char *host_reason(void);
