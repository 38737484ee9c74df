/* Memory. Manual: xmalloc, xmfree kernel services; shared segments are ours. */
#pragma once

#include <stddef.h>

struct heap;
extern struct heap *const kernel_heap; /* pageable */
extern struct heap *const pinned_heap; /* for what handlers touch */

/*
 * Returns memory, not zeroed, aligned to 2^align bytes (align 0-12), NULL when there is none, or
 * when called at interrupt level, which is logged. Environment: process.
 */
void *xmalloc(size_t size, int align, struct heap *heap);
void xmfree(void *address, struct heap *heap);

/* Memory that a device's opener can map: devsw's d_map hands it out. */
struct shared_segment {
	void *address; /* in this process; page aligned, zeroed */
	size_t size; /* bytes */
	int fd; /* a memfd, sealed against shrinking */
};

/* Returns 0, ENOMEM or EMFILE. Environment: process. */
int shared_segment_create(const char *name, size_t size, struct shared_segment *segment);
void shared_segment_destroy(struct shared_segment *segment);
