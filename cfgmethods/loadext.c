/* loadext(): drivers by name, in the drivers directory. */
#include "base/paths.h"
#include "cfg_private.h"
#include "driver_host.h"

LIBCFG_API mid_t loadext(const char *driver, int load, int query)
{
	AUTO_FREE char *file = NULL;
	if (strchr(driver, '/') != NULL || asprintf(&file, "%s.so", driver) < 0)
		return 0;
	AUTO_FREE char *path = install_path(INSTALL_DRIVERS, file);
	if (path == NULL)
		return 0;

	struct cfg_load parameter = {.path = path};
	if (query || !load) {
		if (driver_host->sysconfig(SYS_QUERYLOAD, &parameter, sizeof(parameter)) < 0)
			return 0;
		if (query || parameter.kmid == 0)
			return parameter.kmid;
		if (driver_host->sysconfig(SYS_KULOAD, &parameter, sizeof(parameter)) < 0)
			return 0;
		return parameter.kmid;
	}
	if (driver_host->sysconfig(SYS_SINGLELOAD, &parameter, sizeof(parameter)) < 0)
		return 0;
	return parameter.kmid;
}
