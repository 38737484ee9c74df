/* Whether the device database makes sense as a whole. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/*
 * Looks for objects of devices that do not exist, devices without type or parent, values that their
 * predefined attributes do not allow, and keys that are there twice. Each is a line on `report`.
 * repair: removes them, in one transaction; an Available device stays. Classes that the repository
 * does not have are passed over. Returns how many problems are left, -1 and odmerrno on failure.
 */
int database_check(bool repair, FILE *report);
