/* Tells commands of other builds which one this is. For main.c. */
#pragma once

/* Writes the version's file: 0, or -1 and errno. The pid file has no process in it meanwhile. */
int version_announce(void);

/* Removes it. */
void version_withdraw(void);
