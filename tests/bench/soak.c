/*
 * soak GiB: sends so much through target mode, every 8 bytes another number, to a reader that
 * stalls at random and looks at each number; prints the host's memory on the way. In a configured
 * root.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <tm_reader.h>
#include <unistd.h>

#include "bench.h"

#define RECORD (1u << 20)
#define LOOKS 10

/* Resident memory of the process that has a device, kB. */
static long memory_of(const char *name)
{
	struct kex_device *list = NULL;
	ssize_t count = kex_devices(&list);
	char path[64], line[128];
	long kilobytes = -1;

	for (ssize_t i = 0; i < count; i++) {
		if (strcmp(list[i].name, name) != 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/status", (int)list[i].process);
		FILE *file = fopen(path, "r");
		while (file != NULL && fgets(line, sizeof(line), file) != NULL)
			sscanf(line, "VmRSS: %ld", &kilobytes);
		if (file != NULL)
			fclose(file);
	}
	free(list);
	return kilobytes;
}

/* False at the first number that is not the next. */
static bool right(const struct tm_data *data, uint64_t *next)
{
	const uint64_t *numbers = data->data;

	for (uint32_t i = 0; i < data->length / sizeof(*numbers); i++)
		if (numbers[i] != (*next)++)
			return false;
	return data->length % sizeof(*numbers) == 0;
}

static int receive(uint64_t bytes)
{
	struct kex_file *file = kex_open("tmscsi1.tm", O_RDONLY);
	struct tm_reader *reader = file != NULL ? tm_reader_create(file) : NULL;
	unsigned random = 1;
	struct tm_data data;
	struct tm_event_info info;
	uint64_t next = 0;

	while (reader != NULL && next * sizeof(next) < bytes) {
		if (!tm_reader_next(reader, &data)) {
			if (tm_reader_wait(reader, -1) < 0 ||
				(tm_reader_has_event(reader) &&
					kex_ioctl(file, TMIOEVNT, &info) < 0))
				return 1;
			continue;
		}
		if (!right(&data, &next)) {
			fprintf(stderr, "wrong data after %llu bytes\n",
				(unsigned long long)(next * sizeof(next)));
			return 1;
		}
		if (tm_reader_empty(reader) < 0)
			return 1;
		random = random * 1103515245u + 12345u;
		if ((random >> 16) % 20000 == 0)
			usleep((random >> 20) % 50000);
	}
	kex_close(file);
	return reader == NULL;
}

int main(int argc, char **argv)
{
	uint64_t bytes = (argc > 1 ? strtoull(argv[1], NULL, 10) : 100) << 30, next = 0;
	int status = 1;
	pid_t child = fork();

	if (child == 0)
		_exit(receive(bytes));
	struct kex_file *file = kex_open("tmscsi0.im", O_WRONLY);
	uint64_t *record = file != NULL ? kex_buffer(file, RECORD) : NULL;
	if (record == NULL) {
		fprintf(stderr, "tmscsi0.im: %s\n", kex_reason());
		return 1;
	}
	double start = now();
	for (uint64_t done = 0; done < bytes; done += RECORD) {
		for (unsigned i = 0; i < RECORD / sizeof(*record); i++)
			record[i] = next++;
		if (kex_write(file, record, RECORD) != RECORD) {
			fprintf(stderr, "after %llu bytes: %s\n", (unsigned long long)done,
				kex_reason());
			return 1;
		}
		if ((done + RECORD) % (bytes / LOOKS) < RECORD) {
			printf("%3llu GiB, %.0f s: receiver's process %ld kB, sender's %ld kB\n",
				(unsigned long long)((done + RECORD) >> 30), now() - start,
				memory_of("tmscsi1.tm"), memory_of("tmscsi0.im"));
			fflush(stdout);
		}
	}
	waitpid(child, &status, 0);
	kex_close(file);
	printf("%s\n", status == 0 ? "every byte arrived in its place" : "the reader failed");
	return status != 0;
}
