/* Memory. Manual: xmalloc, xmfree kernel services; shared segments are ours. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/atomic_word.h>
#include <sys/checked.h>

#ifdef __cplusplus
extern "C" {
#endif

struct heap;
extern struct heap *const kernel_heap; /* pageable */
extern struct heap *const pinned_heap; /* for what handlers touch */

/*
 * Returns memory, not zeroed, aligned to 2^align bytes (align 0-12), NULL when there is none, or
 * when called at interrupt level, which is logged. What an extension has not freed when it is
 * unloaded is logged (KEX_LEAK). Environment: process.
 */
void *xmalloc(size_t size, int align, struct heap *heap) KEX_MUST_CHECK;
void xmfree(void *address, struct heap *heap);

/*
 * Keeps memory, or the code and data of the extension that a routine is in, in real memory; a fault
 * at interrupt level would be slow. Return 0, or ENOMEM: more than the host may lock.
 * Manual: pin, unpin, pincode, unpincode kernel services. Environment: process.
 */
int pin(void *address, size_t length) KEX_MUST_CHECK;
int unpin(void *address, size_t length);
int pincode(int (*routine)(void)) KEX_MUST_CHECK;
int unpincode(int (*routine)(void));

/* Memory that a device's opener can map: devsw's d_map hands it out. */
struct shared_segment {
	void *address; /* in this process; page aligned, zeroed */
	size_t size; /* bytes */
	int fd; /* a memfd, sealed against shrinking */
};

/*
 * Wakes who sleeps on a word of shared memory, by futex(2), in any process. Environment: process,
 * interrupt.
 */
void shared_wake(KEX_ATOMIC(uint32_t) * word) KEX_NONNULL;

/* Returns 0, ENOMEM or EMFILE. Environment: process. */
int shared_segment_create(
	const char *name, size_t size, struct shared_segment *segment) KEX_MUST_CHECK KEX_NONNULL;
void shared_segment_destroy(struct shared_segment *segment) KEX_NONNULL;

#ifdef __cplusplus
}
#endif
