/* What configured devices have to be told when an entry of the history is undone. For undo. */
#pragma once

#include "cfgmethods/attribute_changes.h"

/* An attribute that the entry changed, and the values of the device that are to be exchanged. */
struct undo_device {
	char name[16];
	struct attribute_changes attributes; /* those that the entry changed, without values */
	struct attribute_changes wanted; /* that the device does not run with */
	struct attribute_changes before; /* what it runs with instead */
};
struct undo_devices {
	struct undo_device *list;
	int count;
};
void undo_devices_release(struct undo_devices *devices);

/* Finds the attributes that an entry changed. False with a message. */
bool undo_devices_find(struct undo_devices *devices, long long entry);

/*
 * In the transaction that undid it: compares the values of configured devices with those that they
 * run with. Returns how many devices have to be changed, or -1 with a message.
 */
int undo_devices_compare(struct undo_devices *devices);

/*
 * Gives the devices the wanted values by their Change methods, without the database. False with a
 * message when one refuses, and all run with what they had.
 */
bool undo_devices_apply(const struct undo_devices *devices);

/* Gives them what they had before. */
void undo_devices_take_back(const struct undo_devices *devices);
