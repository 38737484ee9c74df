/* Listings of attributes: what is asked for, and which are meant. For lsattr and lspath. */
#pragma once

#include "attribute_origin.h"
#include "cfgmethods/attribute_changes.h"
#include "device_command.h"
#include "listing.h"
#include "type_selection.h"

#define EXIT_NO_ATTRIBUTE 255

struct lsattr_request {
	bool effective, defaults, running, pending, colon, ranges, changed_only, with_origin;
	struct listing listing;
	const char *separator; /* -Z: between records, in place of a newline */
	const char *name;
	struct type_selection types;
	struct text wanted; /* -a, joined by colons */
	struct text operations; /* -o, joined by blanks */
	struct PdDv pddv;
	struct attribute_origins origins; /* --origin */
	struct attribute_changes last; /* values of the last configuration: -P, --pending */
};

/* One row: an attribute, of one that has several values one of them. */
struct lsattr_row {
	const struct CuAt *attribute;
	const char *value; /* "" for none */
	const char *running; /* the value of the last configuration */
};

/* The attributes wanted: `all`, or those of the -a list in its order. */
struct lsattr_selection {
	struct CuAt *all;
	int all_count;
	struct lsattr_row *wanted;
	int count;
};
void lsattr_selection_release(struct lsattr_selection *selection);

/* Finds the type of the device or of the options: 0, or an exit status with a message. */
int lsattr_find_type(struct lsattr_request *request);

/* Reads the attributes, effective, running or default, and selects. False with a message. */
bool lsattr_select(struct lsattr_request *request, struct lsattr_selection *selection);

/*
 * Of a device that the kernel drives: what the kernel has takes the place of what is stored, or
 * with
 * --pending and --diff stands beside it. False with a message.
 */
bool lsattr_take_kernels(struct lsattr_request *request, struct lsattr_selection *selection);

/* What the kernel itself allows for an attribute, when it says so. */
bool lsattr_kernel_range(
	const struct lsattr_request *request, const char *attribute, struct text *allowed);

/* Selects from `all`: those of the -a list, or what is displayed. False with a message. */
bool lsattr_choose(struct lsattr_request *request, struct lsattr_selection *selection);

/* The forms of the listing; each returns the exit status. */
int lsattr_print_table(
	const struct lsattr_request *request, const struct lsattr_selection *selection);
int lsattr_print_colons(const struct lsattr_selection *selection);
/* symbol: PdAt, or PdPathAt, which is laid out the same. */
int lsattr_print_ranges(
	const struct lsattr_request *request, CLASS_SYMBOL symbol, const char *attribute);
int lsattr_print_operations(struct lsattr_request *request);
