/* The device types that -c Class -s Subclass -t Type mean. For commands that take these. */
#pragma once

#include <stdbool.h>

#include "arguments.h"
#include "cfgmethods/device.h"

/* NULL: any. */
struct type_selection {
	const char *class, *subclass, *type;
};

/* The rows of -c, -s and -t in a table of arguments; `member` is the request's type_selection. */
#define TYPE_ARGUMENTS(request, member)                                                            \
	ARGUMENT_TEXT('c', request, member.class), ARGUMENT_TEXT('s', request, member.subclass),   \
		ARGUMENT_TEXT('t', request, member.type)

/* Whether any of the three is given, and whether all are. */
bool type_selection_any(const struct type_selection *selection);
bool type_selection_whole(const struct type_selection *selection);

/* Whether a type is one of those that are meant. */
bool type_selection_has(const struct type_selection *selection, const struct PdDv *type);

/*
 * For a listing that found nothing: says which of the three no device type has. Nothing when each
 * is known.
 */
void type_selection_explain(const struct type_selection *selection);

/* "Class/Subclass/Type" of a whole selection: false when it is too long for any type. */
bool type_selection_uniquetype(const struct type_selection *selection, char uniquetype[48]);
