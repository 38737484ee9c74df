/* Who a user and a process are, in words, for messages and listings. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* The name of a user by /etc/passwd, the number when it has none there. */
void user_name(uid_t uid, char *name, size_t size);

/* "123 (cat, user bob)" with a name that can be shown, or the number alone of a process that can't
 * be looked at. */
void process_description(pid_t pid, char *text, size_t size);
