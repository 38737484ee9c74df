/* Why the repository can't be used, and what to do about it. For commands. */
#pragma once

#include <stdbool.h>

/*
 * One sentence on odmerrno, after the device database could not be opened: the repository, the
 * cause, and the command that helps. To be freed; NULL without memory.
 */
char *repository_trouble(void);

/*
 * A sentence on a damaged repository, whatever odmerrno is: which copy is the newest good one, and
 * the command that brings it back. To be freed; NULL when there is no memory.
 */
char *repository_damage(void);

/* The newest good copy's file, to be freed, and when it was made; NULL when there is none. */
char *repository_newest_copy(long long *time);

/* A copy's time as listings and messages have it. */
#define COPY_DATE 32
void copy_date(long long time, char date[COPY_DATE]);

/* Prints it as a message. */
void repository_trouble_message(void);

/*
 * Whether the device database is of this version. A newer one is refused; an older one, too, when
 * the command changes something, and told otherwise: what was there before can still be read. True
 * where there is none, or when it can't be read: that is the command's to say. False with a
 * message.
 */
bool repository_version_fits(bool changes);

/* Takes the configuration lock until the end; false with a message that says who may. */
bool lock_configuration(void);
