/* xmalloc for unit tests that run without a host. */
#include <stdlib.h>
#include <sys/malloc.h>

struct heap {
	int unused;
};
static struct heap heap;
struct heap *const kernel_heap = &heap;
struct heap *const pinned_heap = &heap;

void *xmalloc(size_t size, int align, struct heap *from)
{
	(void)align;
	(void)from;
	return calloc(1, size);
}

void xmfree(void *address, struct heap *from)
{
	(void)from;
	free(address);
}
