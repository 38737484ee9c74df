/* An entry of the history as users read it. For commands. */
#pragma once

#include <odmx.h>

/* When an entry was made, in local time, and by whom: a name, or a number that has none. */
#define ENTRY_TIME 24
#define ENTRY_USER 64
void entry_time(const struct odm_history_entry *entry, char when[ENTRY_TIME]);
void entry_user(const struct odm_history_entry *entry, char user[ENTRY_USER]);
