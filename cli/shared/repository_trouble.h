/* Why the repository can't be used, and what to do about it. For commands. */
#pragma once

#include <stdbool.h>

/*
 * One sentence on odmerrno, after the device database could not be opened: the repository, the
 * cause, and the command that helps. To be freed; NULL without memory.
 */
char *repository_trouble(void);

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
