/*
 * Trace of the host's own hooks. For services, scsi and the worker; drivers have
 * <sys/trcmacros.h>.
 */
#pragma once

#include "wire/trace.h"

/* Where the records go, before any thread is started; without it nothing is recorded. */
void trace_attach(struct trace_memory *memory);

/* One of the host's hooks, with two numbers behind the data word. */
void trace_numbers(uint32_t hook, uint32_t data_word, uint64_t first, uint64_t second);
