/* The commands of the multi-call program. */
#pragma once

#include <stdbool.h>

typedef int command_function(int argc, char **argv);

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

/* Exit status of a command that failed, and of one that was called wrongly. */
#define EXIT_FAILED 1
#define EXIT_USAGE 2

/* Prints usage on stderr; returns EXIT_USAGE. */
int usage_error(const char *usage);

/*
 * Empty operands are ignored, as scripts pass them; any other is a mistake. For after getopt:
 * false with a message when there is one.
 */
bool no_operands(int argc, char **argv);

/* An option's value without blanks before it: cfgmgr "-l hdisk4" comes as one argument. */
const char *option_value(const char *value);

command_function odmget_main, odmadd_main, odmchange_main, odmdelete_main, odmcreate_main,
	odmdrop_main, odmshow_main, savebase_main, restbase_main;
command_function schema_main, log_main, undo_main, diff_main, check_main, backup_main, restore_main;
command_function lsparent_main, lsconn_main, lsdev_main, lsattr_main, chdev_main, mkdev_main,
	rmdev_main, cfgmgr_main;
command_function lspath_main, chpath_main, mkpath_main, rmpath_main, lscfg_main, rendev_main,
	chdef_main, genkex_main;
command_function edt_main, errpt_main;
command_function boot_main, init_main, env_main, kexd_main, kexstat_main, tmsend_main, tmrecv_main,
	tmstat_main, devfs_main, kexcheck_main, trace_main, trcrpt_main, scsifault_main;
