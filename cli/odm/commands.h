/* The commands for objects and object classes, for the table of commands. */
#pragma once

#include "cli/shared/command.h"

command_function odmget_main, odmadd_main, odmchange_main, odmdelete_main, odmcreate_main,
	odmdrop_main, odmshow_main;
