/* Names of users and processes, read from /etc/passwd and /proc. */
#include "base/process.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/foreign.h"

/* Read here because the programs are linked statically, and the library's way loads others. */
void user_name(uid_t uid, char *name, size_t size)
{
	AUTO_FCLOSE FILE *file = fopen("/etc/passwd", "re");
	AUTO_FREE char *line = NULL;
	char found[64];
	size_t room = 0;
	unsigned number;

	while (file != NULL && getline(&line, &room, file) >= 0)
		if (sscanf(line, "%63[^:]:%*[^:]:%u:", found, &number) == 2 && number == uid) {
			snprintf(name, size, "%s", found);
			return;
		}
	snprintf(name, size, "%u", uid);
}

void process_description(pid_t pid, char *text, size_t size)
{
	char path[64], command[64] = "", shown[4 * sizeof(command)], user[64];
	struct stat status;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	if (file == NULL || fgets(command, sizeof(command), file) == NULL ||
		fstat(fileno(file), &status) < 0) {
		snprintf(text, size, "%d", (int)pid);
		return;
	}
	command[strcspn(command, "\n")] = '\0';
	foreign_copy(shown, sizeof(shown), command);
	user_name(status.st_uid, user, sizeof(user));
	snprintf(text, size, "%d (%s, user %s)", (int)pid, shown, user);
}
