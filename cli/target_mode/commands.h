/* The commands for target-mode devices, for the table of commands. */
#pragma once

#include "cli/shared/command.h"

command_function tmsend_main, tmrecv_main, tmstat_main;
