/* Opens devices by the extension host, and says why it could not. */
#include "host_access.h"

#include <errno.h>
#include <string.h>

#include "base/message.h"
#include "device_command.h"
#include "host_state.h"

const char *host_reason(void)
{
	return *kex_reason() != '\0' ? kex_reason() : strerror(errno);
}

/* Whether the host has a device, which may be there by its special files: tmscsi0.im */
static bool has_device(const char *name)
{
	AUTO_FREE struct kex_device *list = NULL;
	ssize_t count = kex_devices(&list);
	size_t length = strlen(name);

	for (ssize_t i = 0; i < count; i++)
		if (strncmp(list[i].name, name, length) == 0 &&
			(list[i].name[length] == '\0' || list[i].name[length] == '.'))
			return true;
	return false;
}

/* The state in the database; -1: no such device, or the database can't be used. */
static int stored_state(const char *name, bool *known)
{
	struct CuDv device;

	*known = odm_initialize() >= 0;
	int found = *known ? find_object(CuDv_CLASS, &device, "name = %s", name) : -1;
	*known = found >= 0;
	return found == 1 ? device.status : -1;
}

void host_device_missing(const char *name, const char *kind)
{
	bool known;
	pid_t pid;

	if (strpbrk(name, "*?[") != NULL) {
		message("kexd has no %s whose name matches %s; cfgmgr configures them", kind, name);
		return;
	}
	int state = stored_state(name, &known);
	if (known && state < 0)
		message("%s is not in the customized database; lsdev lists the devices", name);
	else if (has_device(name) || (state == AVAILABLE && kexd_look(&pid) == KEXD_RUNNING))
		message("%s is no %s", name, kind);
	else
		message("%s is not configured; mkdev -l %s or cfgmgr does that", name, name);
}

void host_call_failed(const char *device, const char *kind)
{
	if (errno == EINVAL || errno == ENOTTY || errno == EOPNOTSUPP)
		message("%s is no %s", device, kind);
	else
		message("%s: %s", device, host_reason());
}

struct kex_file *host_file_open(const char *device, const char *suffix, const char *kind, int oflag)
{
	AUTO_FREE char *name = NULL;
	if (asprintf(&name, "%s%s", device, suffix) < 0)
		return NULL;

	struct kex_file *file = kex_open(name, oflag);
	if (file != NULL)
		return file;
	if (errno == EBUSY)
		message("%s is open already, and has one opener at a time", name);
	else if (errno != ENODEV && errno != ENOENT)
		message("%s can't be opened: %s", name, host_reason());
	else if (host_state_message())
		return NULL;
	/* Of the right kind, but its special file is not what it was. */
	else if (*suffix != '\0' && has_device(name))
		message("%s is not configured; mkdev -l %s or cfgmgr does that", name, device);
	else
		host_device_missing(device, kind);
	return NULL;
}

void host_file_close(struct kex_file **file)
{
	kex_close(*file);
}
