/* Devices that the kernel drives and that are there no more. */
#pragma once

#include "cfg_private.h"

/*
 * The device and what hangs on it is Defined now, and MISSING where detection would find it; but
 * not what another path leads to. 0 or -1. In a transaction of the caller's.
 */
int device_vanish(const char *name);

/*
 * Another device is at the place of one, which goes to the end of another path that leads to it, or
 * vanishes. 0 or -1.
 */
int device_displace(const char *name);

/* The path leads to nothing any more: what is entered at its end goes to another. 0 or -1. */
int path_vanish(const struct CuPath *path);
