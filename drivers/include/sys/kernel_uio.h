/* Data on its way between a caller and a driver. Manual: uio structure, uiomove kernel service. */
#pragma once

#include <stddef.h>
#include <sys/checked.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/xmem.h>

#ifdef __cplusplus
extern "C" {
#endif

enum uio_rw { UIO_READ, UIO_WRITE };

struct uio {
	struct iovec *uio_iov; /* the next buffer */
	int uio_iovcnt; /* buffers left */
	off_t uio_offset; /* bytes from the device's beginning */
	size_t uio_resid; /* bytes left to move */
	const struct xmem *uio_xmem; /* of the memory that the buffers are in, NULL for none */
	int uio_fmode; /* DREAD, DWRITE, DNDELAY of <sys/device.h> */
};

/*
 * Moves min(count, uio_resid) bytes between `address` and the caller: UIO_READ to the caller,
 * UIO_WRITE from it. Updates the uio. Returns 0, EFAULT or EPERM (at interrupt level).
 * Environment: process.
 */
int uiomove(void *address, size_t count, enum uio_rw direction, struct uio *uiop) KEX_MUST_CHECK
	KEX_NONNULL_ARGUMENTS(4);

#ifdef __cplusplus
}
#endif
