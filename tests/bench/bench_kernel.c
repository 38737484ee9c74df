/*
 * lsattr and chdev of a device that this machine's kernel drives, as whole processes, against the
 * smallest programs that read and write the same files. A free loop device is changed and gets its
 * value back. usage: bench_kernel ODMCFG SMALLEST
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process.h"

static char *odmcfg, *smallest;
static char root[64], file[96];

/* The first word that a command prints: false when it prints none. */
static int ask(const char *arguments, char *room, size_t size)
{
	char command[512];

	snprintf(command, sizeof(command), "%s %s", odmcfg, arguments);
	FILE *pipe = popen(command, "r");
	if (pipe == NULL)
		return 0;
	int found = fgets(room, (int)size, pipe) != NULL;
	while (fgetc(pipe) != EOF)
		continue;
	pclose(pipe);
	room[found ? strcspn(room, " \n") : 0] = '\0';
	return found;
}

static void list(char *device)
{
	static struct race race;
	static const char *const files[] = {"device/wwid", "wwid", "serial"};
	char what[64], os_name[64], identity[128] = "";
	char *ours[] = {odmcfg, (char[]){"lsattr"}, (char[]){"-El"}, device, NULL};
	char *floor[] = {smallest, file, device, identity, NULL};

	snprintf(what, sizeof(what), "lsattr -El %s -a os_name -F value", device);
	if (!ask(what, os_name, sizeof(os_name)))
		exit(1);
	/* What lsattr looks at to see that it is the device still. */
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(identity, sizeof(identity), "/sys/block/%s/%s", os_name, files[i]);
		if (access(identity, F_OK) == 0)
			break;
	}
	snprintf(what, sizeof(what), "lsattr -El %s", device);
	while (race.runs < RACE_RUNS)
		race_add(&race, ours, floor);
	race_print(&race, what, 1.2);
}

static void change(char *device, char *path)
{
	static struct race race;
	char what[64], assignment[32], number[16];

	while (race.runs < RACE_RUNS) {
		int kilobytes = (race.runs % 200 + 20) * 4;
		snprintf(assignment, sizeof(assignment), "read_ahead_kb=%d", kilobytes);
		snprintf(number, sizeof(number), "%d", kilobytes + 4);
		char *ours[] = {odmcfg, (char[]){"chdev"}, (char[]){"-l"}, device, (char[]){"-a"},
			assignment, NULL};
		char *floor[] = {
			smallest, file, device, (char[]){"read_ahead_kb"}, number, path, NULL};
		race_add(&race, ours, floor);
	}
	snprintf(what, sizeof(what), "chdev -l %s -a read_ahead_kb=N", device);
	race_print(&race, what, 1.5);
}

static int write_value(const char *path, const char *value)
{
	int opened = open(path, O_WRONLY | O_CLOEXEC);
	int written = opened >= 0 && write(opened, value, strlen(value)) > 0;

	return (opened < 0 || close(opened) == 0) && written;
}

static void change_loop(void)
{
	char device[16], name[64], path[128], backing[160], before[32] = "";

	for (int i = 7; i >= 0; i--) {
		snprintf(backing, sizeof(backing), "/sys/block/loop%d/loop", i);
		snprintf(name, sizeof(name), "loop%d", i);
		snprintf(path, sizeof(path), "/sys/block/%s/queue/read_ahead_kb", name);
		int opened = access(backing, F_OK) != 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
		if (opened < 0)
			continue;
		ssize_t length = read(opened, before, sizeof(before) - 1);
		close(opened);
		snprintf(backing, sizeof(backing), "lsdev -C --where os_name=%s -F name", name);
		if (length <= 0 || !ask(backing, device, sizeof(device)) ||
			!write_value(path, before))
			continue;
		change(device, path);
		if (!write_value(path, before))
			fprintf(stderr, "%s is not %s again\n", path, before);
		return;
	}
	printf("chdev: there is no free loop device that may be changed here\n");
}

int main(int argc, char **argv)
{
	char directory[] = "/tmp/odmcfg-kernel-XXXXXX", command[256], device[16];

	if (argc != 3 || mkdtemp(directory) == NULL) {
		fprintf(stderr, "usage: bench_kernel ODMCFG SMALLEST\n");
		return 2;
	}
	odmcfg = argv[1];
	smallest = argv[2];
	snprintf(root, sizeof(root), "%s/root", directory);
	snprintf(file, sizeof(file), "%s/objrepos/odm.db", root);
	setenv("ODMCFG_ROOT", root, 1);
	snprintf(
		command, sizeof(command), "%s init --host >/dev/null && %s cfgmgr", odmcfg, odmcfg);
	if (system(command) != 0)
		return 1;
	if (ask("lsdev -Cc disk -F name", device, sizeof(device)))
		list(device);
	change_loop();
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return system(command) != 0;
}
