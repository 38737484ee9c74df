/* What every driver does first with CFG_INIT. */
#pragma once

#include <sys/dds.h>
#include <sys/kernel_uio.h>

/*
 * Copies a DDS of `size` bytes from the configuration call and checks it. Returns 0, or an errno,
 * with the check's reason by cfg_refuse. Environment: process.
 */
int dds_receive(struct uio *uiop, void *dds, size_t size,
	bool (*check)(const void *dds, size_t length, char reason[DDS_REASON]));
