/* What is stored of the devices that the kernel drives against what the kernel has. */
#pragma once

#include "kernel.h"

struct kernel_difference {
	const char *device, *attribute;
	const char *stored;
	const char *now; /* NULL: the attribute is not there */
	bool pending; /* stored with -P, for the device's next configuration */
	bool lowered; /* the kernel takes such a number back by itself, and raises it again */
};

/*
 * Visits what differs, of the Available devices whose names match the pattern; the visitor's other
 * value than 0 ends it. What can't be looked at is told in the reason. How many differ, or -1 with
 * the reason, or the visitor's value if that is negative.
 */
int kernel_compare(const char *pattern,
	int (*visit)(const struct kernel_difference *difference, void *closure), void *closure,
	struct method_output *output);

/*
 * Gives the kernel what is stored of them and differs; each device's in its order, and several
 * devices' at once. Values that are pending are left, and those that the kernel has lowered, unless
 * `pending` is set. What the kernel
 * refuses is told in the reason. How many were refused, or -1 with the reason; *written tells how
 * many were given.
 */
int kernel_apply_all(const char *pattern, bool pending, int *written, struct method_output *output);

/* Who is told what came of applying to devices by their names. */
struct kernel_visitor {
	/* A value was given, or refused; `sentence` is what kernel_explain says of it, or "". */
	void (*written)(const char *device, const struct tunable_change *change,
		const char *sentence, void *closure);
	/* Another device, or none, is where this one was when it was detected. */
	void (*lost)(const char *device, void *closure);
	void *closure;
};

/*
 * The same for the Available ones of some devices, without what is pending. 0, or -1 with the
 * reason.
 */
int kernel_apply_names(char (*const names)[16], int count, const struct kernel_visitor *visitor,
	struct method_output *output);
