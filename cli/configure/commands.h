/* The commands that configure all devices, for the table of commands. */
#pragma once

#include "cli/shared/command.h"

command_function cfgmgr_main, boot_main;
