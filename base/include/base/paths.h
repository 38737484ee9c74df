/* Where things are: the private root that ODMCFG_ROOT names, or the system's directories. */
#pragma once

#include <stddef.h>

#include "base/cleanup.h"

enum root_directory {
	ROOT_OBJREPOS, /* the object repository:   $ODMCFG_ROOT/objrepos or /etc/objrepos */
	ROOT_ETC, /* machine.cfg:             $ODMCFG_ROOT/etc      or /etc/odmcfg */
	ROOT_RUN, /* sockets, locks, buses:   $ODMCFG_ROOT/run      or /run/odmcfg */
	ROOT_SPECIAL, /* device numbers by name:  $ODMCFG_ROOT/special  or /run/odmcfg/special */
	ROOT_DEV, /* where devfs is mounted:  $ODMCFG_ROOT/dev      or /run/odmcfg/dev */
	ROOT_LOG, /* kexd's log:              $ODMCFG_ROOT/log      or /var/log/odmcfg */
};

enum install_directory {
	INSTALL_BIN, /* odmcfg */
	INSTALL_COMMANDS, /* one link a command, put on the PATH by odmcfg env */
	INSTALL_KEXD, /* the directory of the kexd program */
	INSTALL_DRIVERS, /* extensions, NAME.so */
	INSTALL_METHODS, /* method programs */
	INSTALL_SCHEMAS, /* *.cre and *.cfg */
};

/*
 * The absolute path of `file` in a directory of the root, or of the directory itself when file is
 * NULL. Returns malloc'ed text that the caller frees; NULL and errno ENOMEM when there is no
 * memory.
 */
char *root_path(enum root_directory directory, const char *file) MUST_CHECK;

/*
 * The same for an installed directory. The tree is relocatable: the prefix is found from the
 * running program's own place (P/bin, P/libexec/odmcfg or P/lib/odmcfg), through links.
 * NULL and errno when the program's own path can't be read or there is no memory.
 */
char *install_path(enum install_directory directory, const char *file) MUST_CHECK;

/*
 * Makes a directory and those above it, mode 0755. Returns 0, or -1 and errno; one that is
 * already there is success.
 */
int make_directories(const char *path) MUST_CHECK;
