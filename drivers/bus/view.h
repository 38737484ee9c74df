/* An initiator's memory as its target sees it: mapped, to be read. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "bus/bus.h"

struct bus_view {
	struct bus_reference reference; /* what is mapped; process 0: nothing */
	const char *address;
	size_t size;
};

/*
 * The `length` bytes that a reference tells of, NULL when they can't be seen. The view stays
 * mapped, and is good for other references to the same memory, until view_close.
 */
const char *view_find(struct bus_view *view, const struct bus_reference *reference, size_t length);
void view_close(struct bus_view *view);
