/* How commands read their options: one loop, with -h, -f File and operands. For commands. */
#pragma once

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* An option that is only stored in the request: a flag, or a text without the blanks before it. */
struct argument {
	char letter;
	bool is_text;
	size_t offset;
};
#define ARGUMENT_TEXT(letter, type, member)                                                        \
	{                                                                                          \
		letter, true, offsetof(type, member)                                               \
	}
#define ARGUMENT_FLAG(letter, type, member)                                                        \
	{                                                                                          \
		letter, false, offsetof(type, member)                                              \
	}

struct syntax {
	const char *usage; /* printed for --help and -h, and for what is wrong */
	const char *letters; /* as for getopt; with "f:" options are also read from files */
	const struct option *options; /* long ones, NULL for none; --help and --version are added */
	const struct argument *stored; /* ended by {0}; NULL for none */
	/* Takes any other option into the request; false, with a message, for a wrong value. Or
	 * NULL. */
	bool (*take)(void *request, int option, const char *value);
};

/* The words that follow the options. */
struct operands {
	const char *name; /* what one is, as a message says it: "a file" */
	int least, most; /* most: -1 for any number */
};

/*
 * Reads a command's options into its request. Returns -1 to go on, or the exit status: 0 after
 * --help, -h or --version, EXIT_USAGE with a message and the usage. Words of -f files are taken
 * where the file is named; they stay in memory until the process ends.
 */
int arguments_read(int argc, char **argv, const struct syntax *syntax, void *request);

/* The same, but operands may follow: argv from optind on. Without "f:". */
int arguments_read_operands(int argc, char **argv, const struct syntax *syntax, void *request,
	const struct operands *operands);

/* Adds an option's value, without the blanks before it, to those of the same option. */
void argument_append(struct text *values, const char *separator, const char *value);
