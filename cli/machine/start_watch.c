/* odmcfg watch: a program of its own, in this one's place. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/paths.h"
#include "commands.h"

int watch_main(int argc, char **argv)
{
	AUTO_FREE char *program = install_path(INSTALL_KEXD, "odmcfg-watch");
	AUTO_FREE char **arguments = calloc((size_t)argc + 2, sizeof(*arguments));
	char command[] = "odmcfg", name[] = "watch";

	if (program == NULL || arguments == NULL) {
		message("%s", strerror(errno));
		return EXIT_FAILED;
	}
	arguments[0] = command;
	arguments[1] = name;
	for (int i = 1; i < argc; i++)
		arguments[i + 1] = argv[i];
	execv(program, arguments);
	message("%s: %s", program, strerror(errno));
	return EXIT_FAILED;
}
