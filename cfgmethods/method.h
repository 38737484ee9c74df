/* Device methods: how they are called and what they answer. */
#pragma once

#include <cf.h>
#include <stdbool.h>

#include "base/text.h"

/* Where PdDv says that the methods are; ours are found there, and in the installation. */
#define METHODS_DIRECTORY "/usr/lib/methods/"

/* A method's answer besides its exit code. */
struct method_output {
	struct text names; /* what it prints on stdout: device names, each followed by a blank */
	struct text reason; /* what it prints on stderr: the cause in words */
};

void method_output_release(struct method_output *output);

/* Adds to the reason: a sentence or a few. Returns the code, for return method_fail(E_..., ...). */
int method_fail(struct method_output *output, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A method that is built in. argv as for a program. Returns an E_ code. */
typedef int method_function(int argc, char **argv, struct method_output *output);

/* The method built in under a name, NULL for none. */
method_function *method_builtin(const char *name);

/*
 * Runs the method that PdDv names by path: a built-in one of /usr/lib/methods in this process,
 * otherwise the program of that path or, when there is none, that of the methods directory of the
 * installation. arguments ends with NULL. Returns the method's exit code. With ODMCFG_EXEC_METHODS
 * in the environment built-in methods are run as programs too, which gives the same result.
 */
int method_run(const char *path, const char *const *arguments, struct method_output *output);

/* Whether method_run would call it within this process. */
bool method_runs_inside(const char *path);

/* Whether it is one of ours, called within the process or run as a program. */
bool method_is_ours(const char *path);

/* Whether method_run would find it. */
bool method_exists(const char *path);

/* The program that a method is when it is run by path: prints and returns the code. */
int method_main(method_function *method, int argc, char **argv);

/* Takes the lock that serialises configuration, for the whole command: an odm_lock id, or -1. */
int configuration_lock(void);

/* Flags of the methods, as the manual has them; NULL when not given. */
struct method_flags {
	const char *device; /* -l */
	const char *class, *subclass, *type; /* -c -s -t */
	const char *parent, *connection; /* -p -w */
	struct text attributes; /* -a, joined by blanks */
	bool database_only; /* -P */
	bool device_only; /* -T */
	bool live; /* -U */
	bool check_only; /* -n: ours */
	int phase; /* -1, -2, or 0 */
};
void method_flags_release(struct method_flags *flags);

/* Reads the flags in `allowed`, a getopt string. Returns E_OK or E_ARGS with the reason. */
int method_flags_read(int argc, char **argv, const char *allowed, struct method_flags *flags,
	struct method_output *output);

method_function method_defsys, method_define, method_undefine, method_change, method_unconfigure;
method_function method_chgsys, method_start, method_stop;
method_function method_cfgsim, method_cfgleaf, method_cfgiscsi, method_cfgvscsi, method_defif;
