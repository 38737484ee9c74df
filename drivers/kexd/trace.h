/* Trace sessions: whether the workers record, and what. For client.c. */
#pragma once

#include "wire/wire.h"

/* WIRE_TRACE: starts or ends a session. Fills in the reply; returns an errno. */
int trace_control(const struct wire_request *request, struct wire_reply *reply);
