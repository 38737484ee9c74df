/* Whose files this process may rely on. */
#include "base/trust.h"

#include <stdio.h>
#include <unistd.h>

#include "base/process.h"

bool file_trusted(const struct stat *status, char why[TRUST_WHY])
{
	uid_t self = geteuid();
	char owner[64];

	if (status->st_uid != 0 && status->st_uid != self) {
		user_name(status->st_uid, owner, sizeof(owner));
		snprintf(why, TRUST_WHY,
			"belongs to user %.40s, and is used by that user only; chown it to change "
			"that",
			owner);
		return false;
	}
	/* Who is in root's group is root's equal; what a user lets others do is that user's matter.
	 */
	bool foreign_group = (status->st_mode & S_IWGRP) != 0 && status->st_gid != 0;
	if (self == 0 && (foreign_group || (status->st_mode & S_IWOTH) != 0)) {
		snprintf(why, TRUST_WHY,
			"can be written by %s, and is not used by root so; chmod go-w it",
			(status->st_mode & S_IWOTH) != 0 ? "everybody" : "its group");
		return false;
	}
	return true;
}
