/*
 * Values that are there already, against bare reads of the same files. It takes what the kernel has
 * of its loop devices and writes nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "process.h"
#include "sysfs/tunable.h"

#define VALUES 5000
#define ROUNDS 21

static const struct tunable tunables[] = {
	{.attribute = "scheduler", .path = "queue/scheduler", .form = TUNABLE_CHOICE},
	{.attribute = "nr_requests", .path = "queue/nr_requests", .form = TUNABLE_NUMBER},
	{.attribute = "read_ahead_kb", .path = "queue/read_ahead_kb", .form = TUNABLE_NUMBER},
	{.attribute = "max_sectors_kb", .path = "queue/max_sectors_kb", .form = TUNABLE_NUMBER},
	{.attribute = "rq_affinity", .path = "queue/rq_affinity", .form = TUNABLE_NUMBER},
	{.attribute = "write_cache", .path = "queue/write_cache", .form = TUNABLE_TEXT},
	{.attribute = "nomerges", .path = "queue/nomerges", .form = TUNABLE_NUMBER},
	{.attribute = "iostats", .path = "queue/iostats", .form = TUNABLE_SWITCH}};

#define COUNT (sizeof(tunables) / sizeof(*tunables))
#define DEVICES (VALUES / COUNT)

static char names[DEVICES][32], paths[VALUES][64], values[VALUES][64];
static struct tunable_change changes[VALUES];
static struct tunable_device devices[DEVICES];

static int refuse(const struct sysfs_tree *tree, const char *path, const void *value, size_t length)
{
	(void)tree;
	(void)value;
	(void)length;
	fprintf(stderr, "%s would have been written\n", path);
	exit(1);
}

static double time_bare_reads(void)
{
	char room[4096];
	double start = now();

	for (size_t i = 0; i < VALUES; i++) {
		int file = open(paths[i], O_RDONLY | O_CLOEXEC);
		if (file < 0 || read(file, room, sizeof(room)) < 0)
			exit(1);
		close(file);
	}
	return now() - start;
}

static double time_writes(const struct sysfs_tree *tree)
{
	double start = now();

	for (size_t i = 0; i < VALUES; i++)
		if (tunable_write(tree, names[i / COUNT], &changes[i]) != TUNABLE_ALREADY)
			exit(1);
	return now() - start;
}

static double time_all(const struct sysfs_tree *tree)
{
	double start = now();

	tunables_write_all(tree, devices, DEVICES);
	return now() - start;
}

int main(void)
{
	const struct sysfs_access access = {.read = sysfs_files.read, .write = refuse};
	struct sysfs_tree tree;
	double bare[ROUNDS], one[ROUNDS], all[ROUNDS];

	if (sysfs_open(&tree, NULL) < 0)
		return 1;
	tree.access = &access;
	for (size_t i = 0; i < VALUES; i++) {
		const struct tunable *tunable = &tunables[i % COUNT];
		struct tunable_device *device = &devices[i / COUNT];
		snprintf(names[i / COUNT], sizeof(names[0]), "block/loop%zu", i / COUNT % 8);
		snprintf(paths[i], sizeof(paths[0]), "/sys/%s/%s", names[i / COUNT], tunable->path);
		if (tunable_read(&tree, names[i / COUNT], tunable, values[i], sizeof(values[0])) <
			0) {
			fprintf(stderr, "%s: %s\n", paths[i], strerror(errno));
			return 1;
		}
		changes[i] = (struct tunable_change){.tunable = tunable, .value = values[i]};
		*device = (struct tunable_device){.device = names[i / COUNT],
			.changes = &changes[i / COUNT * COUNT],
			.count = COUNT};
	}
	for (size_t i = 0; i < ROUNDS; i++) {
		bare[i] = time_bare_reads();
		one[i] = time_writes(&tree);
		all[i] = time_all(&tree);
	}
	double floor = median(bare, ROUNDS), single = median(one, ROUNDS),
	       together = median(all, ROUNDS);
	printf("%d values that are there: %.1f ms, bare reads %.1f ms, time %.2fx\n", VALUES,
		single * 1e3, floor * 1e3, single / floor);
	printf("%zu devices that lack nothing: %.1f ms, time %.2fx\n", DEVICES, together * 1e3,
		together / floor);
	sysfs_close(&tree);
	return 0;
}
