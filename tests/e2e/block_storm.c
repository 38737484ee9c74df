/*
 * block_storm DEVICE prepare | run ENDFILE | check FILE: reads and writes at random places and of 4
 * KiB to 1 MiB, until a file is there. Each block holds its number and the number of the write that
 * it is of: what was told to be written has to be there at each read, and at the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <kex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/scdisk.h>
#include <unistd.h>

#define BLOCKS 131072u
#define PAGE 8u /* blocks of 4 KiB */
#define MOST 2048u /* blocks of 1 MiB */

/* What is at the beginning of each block of 512 bytes; the rest is made of it. */
struct mark {
	uint64_t block, write;
};

static unsigned char data[MOST * 512];
/* Of each block: the write that it has for sure, and the newest that it may have instead. */
static uint64_t known[BLOCKS], possible[BLOCKS];
static uint64_t writes, reads, failed_writes, failed_reads;

static void fill(unsigned char *block, uint64_t number, uint64_t write)
{
	const struct mark mark = {number, write};

	for (size_t at = 0; at < 512; at += sizeof(mark))
		memcpy(block + at, &mark, sizeof(mark));
}

/* The write that a block is of; false when it is none whole. */
static bool take(const unsigned char *block, uint64_t number, uint64_t *write)
{
	struct mark mark, other;

	memcpy(&mark, block, sizeof(mark));
	for (size_t at = 0; at < 512; at += sizeof(mark)) {
		memcpy(&other, block + at, sizeof(other));
		if (memcmp(&mark, &other, sizeof(mark)) != 0)
			return false;
	}
	*write = mark.write;
	return mark.block == number;
}

/* Whether what is in a block is what it may be; from then on it is that. */
static bool right(const unsigned char *block, uint64_t number)
{
	uint64_t write = 0;

	if (!take(block, number, &write)) {
		fprintf(stderr, "block %llu is damaged\n", (unsigned long long)number);
		return false;
	}
	if (write != known[number] && write != possible[number]) {
		fprintf(stderr, "block %llu is of write %llu, not of %llu or %llu\n",
			(unsigned long long)number, (unsigned long long)write,
			(unsigned long long)known[number], (unsigned long long)possible[number]);
		return false;
	}
	return true;
}

static bool do_write(struct kex_file *file, uint64_t first, unsigned count)
{
	uint64_t write = ++writes;

	for (unsigned i = 0; i < count; i++)
		fill(data + (size_t)i * 512, first + i, write);
	if (kex_ioctl(file, DKIOSEEK, &first) < 0)
		return false;
	bool done = kex_write(file, data, (size_t)count * 512) == (ssize_t)count * 512;
	for (unsigned i = 0; i < count; i++) {
		possible[first + i] = write;
		if (done)
			known[first + i] = write;
	}
	failed_writes += !done;
	return true;
}

static bool do_read(struct kex_file *file, uint64_t first, unsigned count)
{
	reads++;
	if (kex_ioctl(file, DKIOSEEK, &first) < 0)
		return false;
	if (kex_read(file, data, (size_t)count * 512) != (ssize_t)count * 512) {
		failed_reads++;
		return true;
	}
	for (unsigned i = 0; i < count; i++)
		if (!right(data + (size_t)i * 512, first + i))
			return false;
	return true;
}

/* Half of the requests are at few places, so that they meet. */
static bool step(struct kex_file *file)
{
	unsigned sizes[] = {PAGE, PAGE, 2 * PAGE, 128, MOST};
	unsigned count = sizes[random() % 5];
	unsigned places = random() % 2 ? 4096 : BLOCKS;
	uint64_t first = (uint64_t)random() % (places - MOST) / PAGE * PAGE;

	return random() % 2 ? do_write(file, first, count) : do_read(file, first, count);
}

static struct kex_file *open_again(const char *device)
{
	struct kex_file *file = NULL;

	for (int i = 0; i < 600 && file == NULL; i++) {
		file = kex_open(device, O_RDWR);
		if (file == NULL)
			usleep(100000);
	}
	return file;
}

static int run(const char *device, const char *end)
{
	struct kex_file *file = open_again(device);
	bool good = file != NULL;

	srandom((unsigned)getpid());
	while (good && access(end, F_OK) != 0) {
		uint64_t failed = failed_writes + failed_reads;
		good = step(file);
		/* As an application does that has met an error. */
		if (!good || failed_writes + failed_reads == failed)
			continue;
		kex_close(file);
		file = open_again(device);
		good = file != NULL;
	}
	for (uint64_t first = 0; good && first < BLOCKS; first += MOST)
		good = do_read(file, first, MOST);
	kex_close(file);
	printf("%llu writes, %llu of them failed; %llu reads, %llu of them failed\n",
		(unsigned long long)writes, (unsigned long long)failed_writes,
		(unsigned long long)reads, (unsigned long long)failed_reads);
	return good ? 0 : 1;
}

static int prepare(const char *device)
{
	struct kex_file *file = kex_open(device, O_RDWR);
	bool good = file != NULL;

	for (uint64_t first = 0; good && first < BLOCKS; first += MOST) {
		for (unsigned i = 0; i < MOST; i++)
			fill(data + (size_t)i * 512, first + i, 0);
		good = kex_write(file, data, sizeof(data)) == (ssize_t)sizeof(data);
	}
	kex_close(file);
	return good ? 0 : 1;
}

/* Every block is one whole write's. */
static int check(const char *name)
{
	FILE *file = fopen(name, "r");
	uint64_t write;

	if (file == NULL)
		return 1;
	for (uint64_t block = 0; block < BLOCKS; block++)
		if (fread(data, 512, 1, file) != 1 || !take(data, block, &write))
			return 1;
	fclose(file);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[2], "prepare") == 0)
		return prepare(argv[1]);
	if (argc == 4 && strcmp(argv[2], "run") == 0)
		return run(argv[1], argv[3]);
	if (argc == 4 && strcmp(argv[2], "check") == 0)
		return check(argv[3]);
	return 2;
}
