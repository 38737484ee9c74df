/* What several workers have, in one list. For client.c. */
#pragma once

#include "kexd/worker.h"

/* Each fills in the reply to a client's request and returns an errno. */
int list_extensions(const struct wire_request *request, struct wire_reply *reply);
int list_devices(const struct wire_request *request, struct wire_reply *reply);
int list_edt(const struct wire_request *request, struct wire_reply *reply);

/* How many devices processes have open. */
unsigned count_open(void);
