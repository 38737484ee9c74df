/* Between the two halves of kexcheck: the scratch host, and what a driver has to do in it. */
#pragma once

#include <kex.h>

#include "base/cleanup.h"
#include "base/text.h"

/* The simulated adapter that is the parent of what the extension configures. */
#define KEXCHECK_ADAPTER "scsi0"

struct check {
	struct text text; /* the attributes, a line each */
	const char *dds_file;
	char *path; /* the extension's */
	char name[32]; /* the extension's */
	char *root; /* the scratch host's */
	char *dds; /* what CFG_INIT is given */
	size_t dds_length;
	mid_t kmid;
	struct kex_device adapter;
	int findings;
};

/* Prints what is wrong and counts it. */
void kexcheck_finding(struct check *check, const char *format, ...) PRINTF_LIKE(2, 3);

/* Loads the extension, makes it do all that a driver has to do, and unloads it. */
void kexcheck_run(struct check *check);
