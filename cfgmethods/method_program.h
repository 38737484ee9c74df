/* Methods that are programs: several may run at once. */
#pragma once

#include "base/trust.h"
#include "method.h"

struct method_program {
	int process; /* 0: none runs */
	int output, errors; /* files in memory that it writes to */
	long long started; /* microseconds of the monotonic clock */
};

/* Starts one; arguments ends with NULL. E_OK, or a code with the reason. */
int method_program_start(const char *path, const char *const *arguments,
	struct method_program *program, struct method_output *output);

/* Waits for its end and takes what it wrote. Returns the method's exit code. */
int method_program_wait(struct method_program *program, struct method_output *output);

/* The file to run for a method's path: itself, or ours of the installation. To be freed; or NULL.
 */
char *method_program_path(const char *path);

/*
 * Whether a program that runs as this user may be this file: it and its directory are trusted
 * (base/trust.h). *why tells the reason as what follows the path.
 */
bool method_program_trusted(const char *file, char why[TRUST_WHY]);

/* Microseconds of the monotonic clock. */
long long monotonic_microseconds(void);
