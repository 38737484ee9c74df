/* A DDS comes from the configuration call into the driver, checked. */
#include "dds/receive.h"

#include <errno.h>
#include <sys/device.h>

int dds_receive(struct uio *uiop, void *dds, size_t size,
	bool (*check)(const void *dds, size_t length, char reason[DDS_REASON]))
{
	char reason[DDS_REASON];
	size_t length = uiop->uio_resid;

	int error = uiomove(dds, size, UIO_WRITE, uiop);
	if (error != 0)
		return error;
	return check(dds, length, reason) ? 0 : cfg_refuse(EINVAL, "%s", reason);
}
