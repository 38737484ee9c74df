/* uiomove: data between a driver and its caller's vectors. */
#include <sys/kernel_uio.h>

#include <errno.h>
#include <string.h>

#include "processor/environment.h"

int uiomove(void *address, size_t count, enum uio_rw direction, struct uio *uiop)
{
	char *place = address;

	if (!environment_is_process("uiomove"))
		return EPERM;
	if (count > uiop->uio_resid)
		count = uiop->uio_resid;
	while (count > 0) {
		if (uiop->uio_iovcnt == 0)
			return EFAULT;
		struct iovec *part = uiop->uio_iov;
		size_t piece = count < part->iov_len ? count : part->iov_len;
		if (direction == UIO_READ)
			memcpy(part->iov_base, place, piece);
		else
			memcpy(place, part->iov_base, piece);
		part->iov_base = (char *)part->iov_base + piece;
		part->iov_len -= piece;
		if (part->iov_len == 0) {
			uiop->uio_iov++;
			uiop->uio_iovcnt--;
		}
		place += piece;
		count -= piece;
		uiop->uio_resid -= piece;
		uiop->uio_offset += (off_t)piece;
	}
	return 0;
}
