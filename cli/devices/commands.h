/* The commands for devices and their attributes, for the table of commands. */
#pragma once

#include "cli/shared/command.h"

command_function lsdev_main, mkdev_main, rmdev_main, chdev_main, lsattr_main, chdef_main,
	lsconn_main, lsparent_main, lscfg_main, rendev_main, prtconf_main, lsslot_main,
	bootinfo_main, getconf_main;
