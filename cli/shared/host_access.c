/* Opens devices by the extension host, and says why it could not. */
#include "host_access.h"

#include <errno.h>
#include <string.h>

#include "base/message.h"

const char *host_reason(void)
{
	return *kex_reason() != '\0' ? kex_reason() : strerror(errno);
}

struct kex_file *host_file_open(const char *device, const char *suffix, int oflag)
{
	AUTO_FREE char *name = NULL;
	if (asprintf(&name, "%s%s", device, suffix) < 0)
		return NULL;

	struct kex_file *file = kex_open(name, oflag);
	if (file != NULL)
		return file;
	if (errno == EBUSY)
		message("%s is open already, and has one opener at a time", name);
	else if (errno == ENODEV)
		message("%s is not configured; mkdev -l %s or cfgmgr does that", name, device);
	else
		message("%s can't be opened: %s", name, host_reason());
	return NULL;
}

void host_file_close(struct kex_file **file)
{
	kex_close(*file);
}
