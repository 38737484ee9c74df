/* Which routine is which command, and what the help says of it. */
#include "commands.h"

#include <string.h>

#include "cli/configure/commands.h"
#include "cli/devices/commands.h"
#include "cli/host/commands.h"
#include "cli/machine/commands.h"
#include "cli/odm/commands.h"
#include "cli/paths/commands.h"
#include "cli/repository/commands.h"
#include "cli/target_mode/commands.h"

const struct command commands[] = {
	{"lsdev", lsdev_main, COMMAND_AIX, "list devices"},
	{"lsattr", lsattr_main, COMMAND_AIX, "list attributes of a device"},
	{"lsparent", lsparent_main, COMMAND_AIX, "list what a device can be connected to"},
	{"lsconn", lsconn_main, COMMAND_AIX, "list the connections for children"},
	{"chdev", chdev_main, COMMAND_AIX, "change attributes of a device"},
	{"mkdev", mkdev_main, COMMAND_AIX, "define or configure a device"},
	{"rmdev", rmdev_main, COMMAND_AIX, "unconfigure or remove a device"},
	{"cfgmgr", cfgmgr_main, COMMAND_AIX, "find and configure all devices"},
	{"lscfg", lscfg_main, COMMAND_AIX, "list devices with locations and vital product data"},
	{"lspath", lspath_main, COMMAND_AIX, "list the paths of multi-path devices"},
	{"chpath", chpath_main, COMMAND_AIX, "switch paths on and off, or change one's attributes"},
	{"mkpath", mkpath_main, COMMAND_AIX, "add or configure a path"},
	{"rmpath", rmpath_main, COMMAND_AIX, "unconfigure or remove paths"},
	{"rendev", rendev_main, COMMAND_AIX, "rename a device"},
	{"chdef", chdef_main, COMMAND_AIX, "list or change the defaults of device types"},
	{"prtconf", prtconf_main, COMMAND_AIX, "the configuration of the machine on one page"},
	{"lsslot", lsslot_main, COMMAND_AIX, "list the slots of PCI buses with what is in them"},
	{"bootinfo", bootinfo_main, COMMAND_AIX, "the size of a disk, or of the memory"},
	{"genkex", genkex_main, COMMAND_AIX, "list the kernel extensions that are loaded"},
	{"odmget", odmget_main, COMMAND_AIX, "print objects as stanzas"},
	{"odmadd", odmadd_main, COMMAND_AIX, "add objects from stanzas"},
	{"odmchange", odmchange_main, COMMAND_AIX, "change objects by a stanza"},
	{"odmdelete", odmdelete_main, COMMAND_AIX, "delete objects"},
	{"odmcreate", odmcreate_main, COMMAND_AIX, "create object classes"},
	{"odmdrop", odmdrop_main, COMMAND_AIX, "remove an object class"},
	{"odmshow", odmshow_main, COMMAND_AIX, "print an object class's definition"},
	{"savebase", savebase_main, COMMAND_AIX, "save the customized classes in a file"},
	{"restbase", restbase_main, COMMAND_AIX, "put the customized classes back"},
	{"help", help_main, COMMAND_OWN, "say how a command is called"},
	{"init", init_main, COMMAND_OWN, "make the repository and load the schemas"},
	{"getconf", getconf_main, COMMAND_OWN, "what AIX's getconf says of disks and memory"},
	{"schema", schema_main, COMMAND_OWN, "check, load and dump device types"},
	{"env", env_main, COMMAND_OWN, "print the shell line that puts the commands on the PATH"},
	{"log", log_main, COMMAND_OWN, "who changed what in the repository, and when"},
	{"undo", undo_main, COMMAND_OWN, "undo a transaction of the log"},
	{"diff", diff_main, COMMAND_OWN, "what changed between two transactions"},
	{"check", check_main, COMMAND_OWN, "look for damage and contradictions, or repair them"},
	{"backup", backup_main, COMMAND_OWN, "copy the repository into a file"},
	{"restore", restore_main, COMMAND_OWN, "put a backup in the repository's place"},
	{"boot", boot_main, COMMAND_OWN, "configure all devices anew, as when the machine starts"},
	{"drift", drift_main, COMMAND_OWN, "what others changed in the kernel since it was set"},
	{"apply", apply_main, COMMAND_OWN, "give the kernel what is stored"},
	{"export", export_main, COMMAND_OWN, "write stored values of devices to a file"},
	{"import", import_main, COMMAND_OWN, "take values of devices from a file or the kernel"},
	{"confirm", confirm_main, COMMAND_OWN, "keep what chdev --confirm changed"},
	{"watch", watch_main, COMMAND_OWN, "configure what comes, and keep the stored values"},
	{"kexd", kexd_main, COMMAND_OWN, "state of the extension host, or stop it"},
	{"kexstat", kexstat_main, COMMAND_OWN, "configured devices, their events and buffers"},
	{"edt", edt_main, COMMAND_OWN, "the devices that SDI drivers can claim"},
	{"errpt", errpt_main, COMMAND_OWN, "the error log of the extension host"},
	{"kexcheck", kexcheck_main, COMMAND_OWN, "check an extension in a host of its own"},
	{"trace", trace_main, COMMAND_OWN, "start or end a trace of the extension host"},
	{"trcrpt", trcrpt_main, COMMAND_OWN, "print the trace"},
	{"devfs", devfs_main, COMMAND_OWN, "device files for every program, by FUSE"},
	{"tmstat", tmstat_main, COMMAND_OWN, "buffers, events and rates of target-mode devices"},
	{"tmsend", tmsend_main, COMMAND_OWN, "send standard input through a target-mode device"},
	{"tmrecv", tmrecv_main, COMMAND_OWN,
		"receive from a target-mode device to standard output"},
	{"scsifault", scsifault_main, COMMAND_OWN, "make an adapter fail"},
	{0},
};

const struct command *command_find(const char *name)
{
	for (const struct command *command = commands; command->name != NULL; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}
