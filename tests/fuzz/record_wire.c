/*
 * Records what kexd hears, for fuzz_control: preloaded into it, it appends every message of a
 * client or a worker to the file that RECORD_WIRE names, in the form of conversation.h. So, in a
 * private root:
 *	LD_PRELOAD=.../record_wire.so RECORD_WIRE=$PWD/mkdev lib/odmcfg/kexd & mkdev -l tmscsi1
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "conversation.h"

#define EXPORT __attribute__((visibility("default")))

static void write_record(const struct msghdr *header, size_t length)
{
	const char *path = getenv("RECORD_WIRE");
	const struct wire_request *message = header->msg_iov->iov_base;
	const struct cmsghdr *rights = CMSG_FIRSTHDR(header);
	struct record record = {.length = (uint16_t)length};

	if (path == NULL || length > UINT16_MAX)
		return;
	if (!wire_is_request(message, (ssize_t)length))
		record.flags |= RECORD_REPLY;
	if (rights != NULL)
		record.fds = (uint8_t)((rights->cmsg_len - CMSG_LEN(0)) / sizeof(int));
	int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	struct iovec parts[2] = {
		{&record, sizeof(record)}, {header->msg_iov->iov_base, record.length}};
	if (file < 0 || writev(file, parts, 2) < 0)
		abort();
	close(file);
}

/* Not into kexd's workers. */
__attribute__((constructor)) static void stay_here(void)
{
	unsetenv("LD_PRELOAD");
}

EXPORT ssize_t recvmsg(int socket, struct msghdr *header, int flags)
{
	static ssize_t (*next)(int, struct msghdr *, int);

	if (next == NULL) {
		void *symbol = dlsym(RTLD_NEXT, "recvmsg");
		memcpy(&next, &symbol, sizeof(next));
	}
	ssize_t length = next(socket, header, flags);
	if (length > 0)
		write_record(header, (size_t)length);
	return length;
}
