/* odmcfg env: the line that a shell evaluates to have the commands on its PATH. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/paths.h"
#include "commands.h"

/* Prints text so that the shell takes it literally between double quotes. */
static void print_quoted(const char *text)
{
	for (; *text != '\0'; text++) {
		if (strchr("\"$`\\", *text) != NULL)
			putchar('\\');
		putchar(*text);
	}
}

int env_main(int argc, char **argv)
{
	if (getopt(argc, argv, "") != -1 || !no_operands(argc, argv))
		return usage_error("odmcfg env");
	AUTO_FREE char *commands_directory = install_path(INSTALL_COMMANDS, NULL);
	AUTO_FREE char *bin = install_path(INSTALL_BIN, NULL);
	if (commands_directory == NULL || bin == NULL) {
		message("the installation can't be found: %s", strerror(errno));
		return 1;
	}
	printf("export PATH=\"");
	print_quoted(commands_directory);
	putchar(':');
	print_quoted(bin);
	printf(":$PATH\"\n");
	return 0;
}
