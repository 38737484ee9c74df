/* A request on its way to a driver's strategy routine. Manual: buf structure, iodone, iowait. */
#pragma once

#include <stddef.h>
#include <sys/checked.h>
#include <sys/sleep.h>
#include <sys/types.h>
#include <sys/xmem.h>

#ifdef __cplusplus
extern "C" {
#endif

/* b_flags */
#define B_WRITE 0x00
#define B_READ 0x01
#define B_DONE 0x02
#define B_ERROR 0x04

struct buf {
	int b_flags;
	dev_t b_dev; /* the device whose driver gets it */
	void *b_addr; /* the data; stays valid and untouched until iodone */
	size_t b_bcount; /* bytes to move */
	size_t b_resid; /* bytes not moved, set by the driver */
	int b_error; /* errno, with B_ERROR */
	void (*b_iodone)(struct buf *bp); /* called at INTIODONE or process level; may be NULL */
	event_word b_event; /* iowait's */
	struct xmem b_xmemd; /* of the memory that the data is in */
	struct buf *av_forw; /* the driver's queue */
};

/*
 * The driver's word that the request ended: calls b_iodone, or when that is NULL marks it B_DONE
 * and wakes iowait; later, at INTIODONE, when the caller is more favoured than that. The driver
 * does not touch bp afterwards. Environment: process, interrupt.
 */
void iodone(struct buf *bp) KEX_NONNULL;

/*
 * Waits for iodone of a request whose b_iodone is NULL. Returns b_error, or EPERM without waiting
 * where sleeping is forbidden. Environment: process.
 */
int iowait(struct buf *bp) KEX_NONNULL;

#ifdef __cplusplus
}
#endif
