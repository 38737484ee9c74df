/* Who may open a device: the attributes file_owner and file_mode of its special files. */
#pragma once

#include "dds_source.h"

struct permissions {
	mode_t mode;
	uid_t owner; /* -1: who configures it */
	gid_t group; /* -1: theirs */
};

/*
 * Reads and checks a device's: file_mode in octal, file_owner "user", "user:group" or nothing. A
 * type without them has 0660 and no owner. False with source->code and the reason.
 */
bool permissions_read(struct dds_source *source, struct permissions *permissions);
