/* Why the repository can't be used, and what to do about it. */
#pragma once

#include <stdbool.h>

/*
 * One sentence on odmerrno, after the device database could not be opened: the repository, the
 * cause, and the command that helps. To be freed; NULL without memory.
 */
char *repository_trouble(void);

/* Prints it as a message. */
void repository_trouble_message(void);

/* Takes the configuration lock until the end; false with a message that says who may. */
bool lock_configuration(void);
