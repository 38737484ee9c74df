/* What every command begins with: its exit status, its usage, its operands. For commands. */
#pragma once

#include <stdbool.h>

typedef int command_function(int argc, char **argv);

/* Exit status of a command that failed, and of one that was called wrongly. */
#define EXIT_FAILED 1
#define EXIT_USAGE 2

/*
 * Which command runs: `summary` is what it does in a few words, `page` its manual page. All stay
 * where they are. Once, before anything else of it.
 */
void command_describe(const char *name, const char *summary, const char *page);

/* Print on stdout what the command does and how it is called; and its name and version. */
void command_print_help(const char *usage);
void command_print_version(void);

/* Prints usage on stderr; returns EXIT_USAGE. For a mistake that a message has told. */
int usage_error(const char *usage);

/* Says which mistake it was, as printf formats it, and prints usage; returns EXIT_USAGE. */
int usage_mistake(const char *usage, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* False, after the message that an option takes something else than this value. */
bool option_refused(const char *option, const char *value, const char *takes);

/* An option's value without blanks before it: cfgmgr "-l hdisk4" comes as one argument. */
const char *option_value(const char *value);
