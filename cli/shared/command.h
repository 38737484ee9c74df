/* What every command begins with: its exit status, its usage, its operands. For commands. */
#pragma once

#include <stdbool.h>

typedef int command_function(int argc, char **argv);

/* Exit status of a command that failed, and of one that was called wrongly. */
#define EXIT_FAILED 1
#define EXIT_USAGE 2

/* Prints usage on stderr; returns EXIT_USAGE. */
int usage_error(const char *usage);

/*
 * Empty operands are ignored, as scripts pass them; any other is a mistake. For after getopt:
 * false with a message when there is one.
 */
bool no_operands(int argc, char **argv);

/* An option's value without blanks before it: cfgmgr "-l hdisk4" comes as one argument. */
const char *option_value(const char *value);
