/* xmalloc and shared segments. */
#include <sys/malloc.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "kern/environment.h"

struct heap {
	const char *name;
};
static struct heap pageable = {"kernel_heap"}, pinned = {"pinned_heap"};
struct heap *const kernel_heap = &pageable;
struct heap *const pinned_heap = &pinned;

void *xmalloc(size_t size, int align, struct heap *heap)
{
	void *address = NULL;

	if (heap == NULL || align < 0 || align > 12 || !environment_is_process("xmalloc"))
		return NULL;
	size_t alignment = (size_t)1 << align;
	if (alignment < sizeof(void *))
		alignment = sizeof(void *);
	return posix_memalign(&address, alignment, size) == 0 ? address : NULL;
}

void xmfree(void *address, struct heap *heap)
{
	(void)heap;
	if (environment_is_process("xmfree"))
		free(address);
}

int shared_segment_create(const char *name, size_t size, struct shared_segment *segment)
{
	if (!environment_is_process("shared_segment_create"))
		return EPERM;

	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t whole = (size + page - 1) / page * page;
	AUTO_CLOSE int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return errno;
	if (ftruncate(fd, (off_t)whole) < 0 || fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) < 0)
		return errno;
	void *address = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (address == MAP_FAILED)
		return ENOMEM;
	*segment = (struct shared_segment){.address = address, .size = whole, .fd = fd};
	fd = -1;
	return 0;
}

void shared_segment_destroy(struct shared_segment *segment)
{
	if (segment->address == NULL || !environment_is_process("shared_segment_destroy"))
		return;
	munmap(segment->address, segment->size);
	close(segment->fd);
	*segment = (struct shared_segment){.fd = -1};
}
