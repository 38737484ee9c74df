/* Whether the device database is of this version, and what makes it so. */
#pragma once

/*
 * The version of the device classes and types, schemas/. It rises when any of them changes, and
 * with what contents_renew does: then roots that are there need an upgrade. 0 is what had none.
 * tests/contents_version.sh holds it against the files.
 */
#define CONTENTS_VERSION 3

enum contents_age {
	CONTENTS_UNREADABLE, /* odmerrno says why */
	CONTENTS_NONE, /* there are no device classes, or nothing but those */
	CONTENTS_OLDER,
	CONTENTS_PRESENT,
	CONTENTS_NEWER,
};

/* Looks at the device database of the path; *version is its number, unless there is none. */
enum contents_age contents_look(int *version);

/*
 * For after the device types were loaded in a newer version: customized objects have copies of what
 * the predefined ones say, and get them anew; a customized value that is the default by now is not
 * stored, as it would not be in a new database. In the caller's transaction: 0, or -1 and odmerrno.
 */
int contents_renew(void);
