/* A clock that only goes on. */
#pragma once

#include <stdint.h>

/* Nanoseconds of CLOCK_MONOTONIC. */
int64_t clock_nanoseconds(void);
