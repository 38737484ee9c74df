/*
 * Devices whose driver has values that are not stored yet: a mark that outlives a killed method, so
 * that the next Configure does not believe the driver. It is a file of the run directory: with the
 * machine the drivers' state ends, too.
 */
#pragma once

#include <stdbool.h>

/* 0, or -1 and errno. */
int change_mark_set(const char *device);
void change_mark_clear(const char *device);
bool change_mark_is_set(const char *device);
