/* The initial RAM disk, which has values of its own for what the root file system needs. */
#pragma once

#include "names.h"

/*
 * After a change: of those devices that carry the root file system a line that says so, and which
 * command brings their values into the initial RAM disk. Nothing where no hook of ours is
 * installed for a tool that this machine has.
 */
void initial_disk_remind(const struct names *names);
