/* The file in the root's run directory that says which build runs. */
#include "kexd/version.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/root_file.h"
#include "wire/version.h"
#include "wire/wire.h"

int version_announce(void)
{
	AUTO_CLOSE int fd =
		root_file_open(ROOT_RUN, VERSION_FILE, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0)
		return -1;
	return dprintf(fd, VERSION_PRINT, ODMCFG_VERSION, WIRE_MAGIC, (int)getpid()) < 0 ? -1 : 0;
}

void version_withdraw(void)
{
	root_file_remove(ROOT_RUN, VERSION_FILE);
}
