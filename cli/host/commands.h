/* The commands for the extension host and what it tells, for the table of commands. */
#pragma once

#include "cli/shared/command.h"

command_function kexd_main, kexstat_main, kexcheck_main, trace_main, trcrpt_main, errpt_main,
	genkex_main, devfs_main, edt_main, scsifault_main;
