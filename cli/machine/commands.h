/* The commands for this machine's own devices, for the table of commands. */
#pragma once

#include "cli/shared/command.h"

command_function drift_main, apply_main, confirm_main, watch_main, export_main, import_main;
