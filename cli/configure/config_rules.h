/* Config_Rules: the programs that find the devices, from the system down. For cfgmgr and boot. */
#pragma once

#include "configure_tree.h"

/*
 * Whether the machine's description can be read: asked before anything is defined or unconfigured,
 * so that a mistake in it changes nothing. False with a message.
 */
bool config_rules_ready(void);

/*
 * Runs the programs of a phase (1 to 3) whose mask is 0 or has a bit of `mask`, by their seq, and
 * configures what they name. False with a message when the rules can't be read; that a device could
 * not be configured is in the tree.
 */
bool config_rules_run(int phase, long mask, struct configure_tree *tree);
