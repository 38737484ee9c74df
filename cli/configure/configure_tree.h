/*
 * Devices configured level by level, with the children that their methods name. For cfgmgr and
 * Config_Rules.
 */
#pragma once

#include "cli/shared/names.h"
#include "configure_report.h"

struct configure_tree {
	struct configure_report *report;
	int phase; /* given to the methods as -1 or -2; 0 for none */
	const char *connection; /* of the first level only these children are followed, or NULL */
	bool failed; /* some device could not be configured; the others were */
};

/* Configures the devices of `level`, and all below them. The names are used up. */
void configure_tree(struct configure_tree *tree, struct names *level);
