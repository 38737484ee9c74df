/* The seal of a kept copy: what shows that it is as it was written. Only files of this folder. */
#pragma once

#include <stdbool.h>
#include <time.h>

/* The digits of a checksum of 128 bits, and the NUL. */
#define SEAL_DIGITS 33

/* What a kept copy says at its end. */
struct seal {
	struct timespec time; /* the state that was copied is of then */
	char sum[SEAL_DIGITS]; /* of everything before it */
};

/* Appends a seal with this time to a copy. 0, or -1 and odmerrno. */
int seal_append(const char *file, struct timespec time);

/* Whether a copy has a seal, and is as it was sealed. */
bool seal_check(const char *file, struct seal *seal);

/*
 * Whether a copy that is not sealed yet has the bytes of a sealed one. -1 and odmerrno when it
 * can't be read.
 */
int seal_same(const char *file, const struct seal *sealed);
