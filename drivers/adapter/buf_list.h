/*
 * Lists of requests that several threads add to and one takes whole: of an adapter driver's
 * submitted and completed commands.
 */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <sys/buf.h>

/* Any thread. */
static inline void buf_list_push(struct buf *_Atomic *list, struct buf *bp)
{
	struct buf *head = atomic_load(list);

	do
		bp->av_forw = head;
	while (!atomic_compare_exchange_weak(list, &head, bp));
}

/* All of the list, in the order that they came, linked by av_forw; NULL for none. */
static inline struct buf *buf_list_take(struct buf *_Atomic *list)
{
	struct buf *newest = atomic_exchange(list, NULL), *result = NULL;

	while (newest != NULL) {
		struct buf *next = newest->av_forw;
		newest->av_forw = result;
		result = newest;
		newest = next;
	}
	return result;
}
