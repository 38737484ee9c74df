/* The time and the user of an entry of the history. */
#include "history_entry.h"

#include <time.h>

#include "base/process.h"

void entry_time(const struct odm_history_entry *entry, char when[ENTRY_TIME])
{
	time_t seconds = (time_t)(entry->time / 1000);
	struct tm local;

	when[0] = '\0';
	if (localtime_r(&seconds, &local) != NULL)
		strftime(when, ENTRY_TIME, "%Y-%m-%d %H:%M:%S", &local);
}

/* From the system's file: a statically linked program has no name services. */
void entry_user(const struct odm_history_entry *entry, char user[ENTRY_USER])
{
	user_name((uid_t)entry->uid, user, ENTRY_USER);
}
