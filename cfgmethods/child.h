/* One child of a detection: which device it is, and where that is entered. */
#pragma once

#include "children.h"

/* What is found or entered as one child. */
struct child {
	const struct machine_device *described;
	struct PdDv type;
	bool multi_path;
	bool identified; /* it is known by its unique_id, wherever it is, as what the kernel drives
			  */
	bool is_new;
	char name[16];
	char displaced[16]; /* another device that is entered at its place; "" for none */
};

/* A stored attribute, "" for none, in a room of some bytes: 1, 0, -1. */
int child_stored_value(const char *device, const char *attribute, char *room, size_t size);

/*
 * Finds the device that is meant, if it is entered already: at the place, at the end of another
 * path, or where it was before it moved; with its name, and that of another that is to make room.
 * 1, 0, -1.
 */
int child_find(struct detection *detection, struct child *child);

/*
 * Stores its place, its location and, when it is to be configured anew, its state. E_OK, or a code
 * with the reason.
 */
int child_store_place(
	const struct detection *detection, const struct child *child, struct method_output *output);
