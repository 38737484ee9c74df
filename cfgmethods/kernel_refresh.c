/* What the database says of a device that the kernel drives, when the kernel says something else.
 */
#include "kernel_refresh.h"

#include <stdio.h>

#define SIZE "size_in_mb"

/* 1 with the megabytes, 0 for a device that has no size. */
static int read_size(const struct CuDv *cudv, long long *megabytes)
{
	AUTO(method_output_release) struct method_output nowhere = {0};
	struct kernel_device device;
	long long sectors;

	if (kernel_device_find(cudv, &device, &nowhere) != E_OK ||
		strcmp(device.type->directory, "block") != 0 ||
		sysfs_read_number(device.tree, device.directory, "size", &sectors) < 0)
		return 0;
	/* The kernel counts in sectors of 512 bytes. */
	*megabytes = sectors / 2048;
	return 1;
}

int kernel_refresh_size(const char *name, char **size)
{
	struct CuDv cudv;
	long long megabytes;
	char value[32];
	int count;

	int found = find_object(CuDv_CLASS, &cudv, "name = %s AND status = %d", name, AVAILABLE);
	if (found == 1)
		found = read_size(&cudv, &megabytes);
	if (found != 1)
		return found;
	odmerrno = 0;
	struct CuAt *stored = getattr(name, SIZE, FALSE, &count);
	if (stored == NULL)
		return odmerrno == 0 ? 0 : -1;
	snprintf(value, sizeof(value), "%lld", megabytes);
	int result = 0;
	if (strcmp(stored->value, value) != 0) {
		free(stored->value);
		stored->value = strdup(value);
		result = stored->value != NULL && putattr(stored) >= 0 ? 1 : -1;
	}
	freeattr(stored, count);
	if (result < 1)
		return result;
	*size = strdup(value);
	return *size != NULL ? 1 : -1;
}
