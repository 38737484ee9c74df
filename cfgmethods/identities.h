/* Devices by their unique_id: for detection, which keeps a device's name wherever it reappears. */
#pragma once

#include <stdbool.h>

/* All unique_ids of the database, when they were read. */
struct identities;
struct identities *identities_read(void); /* NULL without memory, or when the database fails */
void identities_free(struct identities *identities);

/* The device's name, NULL when none is known by it. */
const char *identities_find(const struct identities *identities, const char *unique_id);

/* A device has it now. False without memory. */
bool identities_add(struct identities *identities, const char *unique_id, const char *name);

/*
 * Whether the device that is entered at a place, known by a unique_id, is the one of a type that is
 * found there with another: when one of two with the same identity has come or gone; when what was
 * found there said of itself only where it was, and says more now; or when an adapter says less.
 */
bool identity_same(const char *stored, const char *found, const char *uniquetype);

/* Whether an identity read from the device itself is that of a unique_id, duplicate or not. */
bool identity_matches(const char *unique_id, const char *identity);
