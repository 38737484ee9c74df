/* What the odm commands share. */
#pragma once

#include <odmx.h>
#include <stdbool.h>

#include "base/cleanup.h"

/* The failed result of the library's pointer routines. */
#define ODM_FAILED ((void *)-1)

/* Prints "0518-NUMBER COMMAND: text" and the library's own words; returns 1. */
int odm_command_fails(const char *number, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Finds a class by name, with a message when there is none: NULL. */
CLASS_SYMBOL odm_command_class(const char *name);

/*
 * Finds the class of a command that does nothing else: when the database's version allows that.
 * NULL with a message.
 */
CLASS_SYMBOL odm_command_open(const char *name, bool changes);

/* Tells what was wrong with criteria, with a mark under the position. */
void odm_command_criteria(const char *crit);
