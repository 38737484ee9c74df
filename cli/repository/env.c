/* odmcfg env: the line that a shell evaluates to have the commands on its PATH. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/paths.h"
#include "cli/shared/arguments.h"
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
	static const struct syntax syntax = {"odmcfg env", "h", NULL, NULL, NULL};

	int status = arguments_read(argc, argv, &syntax, NULL);
	if (status >= 0)
		return status;
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
