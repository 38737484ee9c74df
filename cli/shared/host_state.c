/* The words about an extension host that died, or is of another build. */
#include "host_state.h"

#include <kex.h>

#include "base/message.h"

void host_died_message(pid_t pid)
{
	message("kexd (process %d) has died: no device with a driver works; cfgmgr brings them "
		"back",
		(int)pid);
}

bool host_state_message(void)
{
	struct kexd_status status;

	if (kexd_query(&status) < 0)
		return false;
	if (status.state == KEXD_DIED)
		host_died_message(status.pid);
	else if (status.state == KEXD_OTHER)
		message("kexd (process %d) is of another build, version %s; cfgmgr replaces it",
			(int)status.pid, status.version);
	return status.state == KEXD_DIED || status.state == KEXD_OTHER;
}
