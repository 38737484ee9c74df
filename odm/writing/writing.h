/* What writes classes, for the floors above. */
#pragma once

#include <odmi.h>

/*
 * Gives a class of the first repository the symbol's form: a new descriptor is empty, one that is
 * no more goes with its values. Not in the history. 0, or -1 and odmerrno: ODMI_CLASS_EXISTS when
 * a descriptor's values need not fit any more.
 */
int class_upgrade(CLASS_SYMBOL class_symbol);
