/* A tree with one block device, whose queue does what the kernel's does. */
#pragma once

#include "fake_tree.h"
#include "sysfs/tunable.h"

#define QUEUE "block/sda/queue/"

extern const struct tunable scheduler, nr_requests, read_expire, max_sectors, read_ahead, wbt;

/*
 * The plan: a scheduler resets the number of requests and has an attribute of its own, a limit
 * resets the read-ahead, and numbers are rounded and refused.
 */
int work_as_queue(struct fake *fake, const char *path, char *value);

/* Opens the tree with that plan. */
void open_queue(struct fake *fake);

enum tunable_outcome write_one(struct fake *fake, const struct tunable *tunable, const char *value);

void assert_sentence(struct fake *fake, const struct tunable_change *change, const char *sentence);
