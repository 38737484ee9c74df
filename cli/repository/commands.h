/* The commands for the repository as a whole, for the table of commands. */
#pragma once

#include "cli/shared/command.h"

command_function init_main, env_main, schema_main, check_main, backup_main, restore_main, log_main,
	diff_main, undo_main, savebase_main, restbase_main;
