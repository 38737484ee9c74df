/*
 * The cross-memory descriptor of memory that other processes can map, too: an adapter may then let
 * the other side take the data from there itself. Manual: uio structure (uio_xmem), buf structure
 * (b_xmemd). All zero for memory that they can't.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct xmem {
	const char *base; /* where the memory begins in this process */
	size_t size; /* bytes */
	int fd; /* this process's memfd of it, sealed against shrinking */
	uint64_t inode; /* the memfd's, which no other one has */
};
