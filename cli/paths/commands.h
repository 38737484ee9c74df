/* The commands for paths to a device, for the table of commands. */
#pragma once

#include "cli/shared/command.h"

command_function lspath_main, chpath_main, mkpath_main, rmpath_main;
