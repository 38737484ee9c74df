/* The commands of the multi-call program, for its main routine. */
#pragma once

#include "cli/shared/command.h"

enum command_kind {
	COMMAND_AIX, /* has a link in libexec/odmcfg */
	COMMAND_OWN, /* odmcfg NAME only */
};

struct command {
	const char *name;
	command_function *function;
	enum command_kind kind;
	const char *help; /* one line */
};

/* Every command, ended by a null name. */
extern const struct command commands[];
const struct command *command_find(const char *name);

/* odmcfg help [COMMAND] */
command_function help_main;
