/* xmalloc and shared segments. */
#include <sys/malloc.h>

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/errids.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/futex.h"
#include "processor/environment.h"
#include "processor/owner.h"

struct heap {
	const char *name;
};
static struct heap pageable = {"kernel_heap"}, pinned = {"pinned_heap"};
struct heap *const kernel_heap = &pageable;
struct heap *const pinned_heap = &pinned;

/* Before each block: whose it is, so that what an extension leaves behind is told. */
struct block {
	uint64_t magic;
	void *start; /* of the memory that malloc gave */
	size_t size; /* bytes asked for */
	struct heap *heap;
	uintptr_t caller; /* an address in the extension's code */
};
#define BLOCK_MAGIC 0x786d616c6c6f6321u

void *xmalloc(size_t size, int align, struct heap *heap)
{
	uintptr_t caller = (uintptr_t)__builtin_return_address(0);
	void *start = NULL;

	if (heap == NULL || align < 0 || align > 12 || !environment_is_process("xmalloc"))
		return NULL;
	size_t alignment = (size_t)1 << align;
	if (alignment < sizeof(max_align_t))
		alignment = sizeof(max_align_t);
	size_t ahead = (sizeof(struct block) + alignment - 1) / alignment * alignment;
	if (size > SIZE_MAX - ahead || posix_memalign(&start, alignment, ahead + size) != 0)
		return NULL;
	char *address = (char *)start + ahead;
	struct block *block = (struct block *)(void *)address - 1;
	*block = (struct block){BLOCK_MAGIC, start, size, heap, caller};
	owner_account(caller, (int64_t)size);
	return address;
}

void xmfree(void *address, struct heap *heap)
{
	struct block *block = (struct block *)address - 1;

	if (address == NULL || !environment_is_process("xmfree"))
		return;
	if (block->magic != BLOCK_MAGIC || block->heap != heap) {
		error_log("KEX_HEAP", owner_running(), "xmfree of %p, which is %s", address,
			block->magic != BLOCK_MAGIC ? "no block, or freed already"
						    : "of the other heap");
		return;
	}
	block->magic = 0;
	owner_account(block->caller, -(int64_t)block->size);
	free(block->start);
}

int pin(void *address, size_t length)
{
	if (!environment_is_process("pin"))
		return EPERM;
	return mlock(address, length) < 0 ? errno : 0;
}

int unpin(void *address, size_t length)
{
	if (!environment_is_process("unpin"))
		return EPERM;
	return munlock(address, length) < 0 ? errno : 0;
}

/* The whole extension that the routine is in. */
static int lock_code(int (*routine)(void), int (*lock)(const void *address, size_t length))
{
	uintptr_t start, size;

	if (!owner_segments((uintptr_t)routine, &start, &size))
		return EINVAL;
	return lock((const void *)start, size) < 0 ? errno : 0;
}

int pincode(int (*routine)(void))
{
	return environment_is_process("pincode") ? lock_code(routine, mlock) : EPERM;
}

int unpincode(int (*routine)(void))
{
	return environment_is_process("unpincode") ? lock_code(routine, munlock) : EPERM;
}

void shared_wake(_Atomic uint32_t *word)
{
	futex_wake(word);
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
