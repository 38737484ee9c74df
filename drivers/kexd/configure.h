/*
 * Calls of configuration entry points: which worker they go to, and what kexd remembers of them.
 * For client.c and restore.c.
 */
#pragma once

#include "kexd/configured.h"

/* SYS_CFGDD and SYS_CFGKMOD. Fills in the reply; returns an errno. */
int configure(const struct wire_request *request, struct wire_reply *reply);

/* Configures a device again in its worker's new process. An errno, with the reply's reason. */
int configure_again(struct configured *device, struct wire_reply *reply);

/* SYS_QDVSW: DSW_ bits of a major number, whichever worker has it. */
int query_switch(const struct wire_request *request, struct wire_reply *reply);
