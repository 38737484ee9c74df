/*
 * Target mode from one process to another, against two processes that share a ring and make the
 * same copies: into memory that both have, and into the receive buffer of 4 KiB. In a configured
 * root.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <tm_reader.h>
#include <unistd.h>

#include "bench.h"

#define MOST_RECORD (8u << 20)
#define BUFFER 4096u
#define RING (1u << 20)
#define BUFFERS 4096u

static char source[MOST_RECORD];

/* The floor's ring: one producer, one consumer, each sleeps when it can't go on. */
struct ring {
	_Alignas(64) _Atomic uint32_t produced;
	_Alignas(64) _Atomic uint32_t consumed;
	_Alignas(64) atomic_bool waits[2];
	_Alignas(64) char bytes[RING];
	char buffers[BUFFERS][BUFFER];
};

static void sleep_on(_Atomic uint32_t *word, uint32_t value, atomic_bool *waits)
{
	atomic_store(waits, true);
	if (atomic_load(word) == value)
		syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
	atomic_store(waits, false);
}

static void wake(_Atomic uint32_t *word, atomic_bool *waits)
{
	if (atomic_load(waits))
		syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void consume(struct ring *ring, uint64_t bytes)
{
	uint32_t buffer = 0;

	for (uint64_t done = 0; done < bytes; done += BUFFER) {
		uint32_t consumed = atomic_load(&ring->consumed);
		for (uint32_t produced = atomic_load(&ring->produced); produced - consumed < BUFFER;
			produced = atomic_load(&ring->produced))
			sleep_on(&ring->produced, produced, &ring->waits[0]);
		memcpy(ring->buffers[buffer++ % BUFFERS], ring->bytes + consumed % RING, BUFFER);
		atomic_store(&ring->consumed, consumed + BUFFER);
		wake(&ring->consumed, &ring->waits[1]);
	}
}

static void produce(struct ring *ring, uint64_t bytes, uint32_t record)
{
	for (uint64_t done = 0; done < bytes; done += record) {
		for (uint32_t moved = 0; moved < record; moved += BUFFER) {
			uint32_t produced = atomic_load(&ring->produced);
			for (uint32_t consumed = atomic_load(&ring->consumed);
				produced - consumed > RING - BUFFER;
				consumed = atomic_load(&ring->consumed))
				sleep_on(&ring->consumed, consumed, &ring->waits[1]);
			memcpy(ring->bytes + produced % RING, source + moved, BUFFER);
			atomic_store(&ring->produced, produced + BUFFER);
			wake(&ring->produced, &ring->waits[0]);
		}
	}
}

static double time_ring(uint64_t bytes, uint32_t record)
{
	struct ring *ring = mmap(
		NULL, sizeof(*ring), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double start = now();
	pid_t child = fork();

	if (ring == MAP_FAILED || child < 0)
		exit(1);
	if (child == 0) {
		consume(ring, bytes);
		_exit(0);
	}
	produce(ring, bytes, record);
	waitpid(child, NULL, 0);
	double time = now() - start;
	munmap(ring, sizeof(*ring));
	return time;
}

static int receive(uint64_t bytes, int ready)
{
	struct kex_file *file = kex_open("tmscsi1.tm", O_RDONLY);
	struct tm_reader *reader = file != NULL ? tm_reader_create(file) : NULL;
	struct tm_data data;
	struct tm_event_info info;

	if (reader == NULL || write(ready, "r", 1) != 1) {
		fprintf(stderr, "tmscsi1.tm: %s\n", kex_reason());
		return 1;
	}
	for (uint64_t done = 0; done < bytes;) {
		if (!tm_reader_next(reader, &data)) {
			if (tm_reader_wait(reader, -1) < 0 ||
				(tm_reader_has_event(reader) &&
					kex_ioctl(file, TMIOEVNT, &info) < 0))
				return 1;
			continue;
		}
		done += data.length;
		if (tm_reader_empty(reader) < 0)
			return 1;
	}
	return 0;
}

/* Sends it all with so many writes on their way at once. */
static int send_all(struct kex_file *file, uint64_t bytes, uint32_t record, unsigned most)
{
	unsigned on_their_way = 0;

	for (uint64_t done = 0; done < bytes; done += record) {
		if (kex_write_begin(file, source, record) < 0)
			return -1;
		if (++on_their_way < most)
			continue;
		if (kex_write_end(file) != record)
			return -1;
		on_their_way--;
	}
	for (; on_their_way > 0; on_their_way--)
		if (kex_write_end(file) != record)
			return -1;
	return 0;
}

static double time_transfer(uint64_t bytes, uint32_t record, unsigned most)
{
	int ready[2], status = 1;
	char byte;

	if (pipe(ready) < 0)
		exit(1);
	pid_t child = fork();
	if (child == 0)
		_exit(receive(bytes, ready[1]));
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		exit(1);
	close(ready[0]);
	struct kex_file *file = kex_open("tmscsi0.im", O_WRONLY);
	double start = now();
	if (file == NULL || send_all(file, bytes, record, most) < 0) {
		fprintf(stderr, "tmscsi0.im: %s\n", kex_reason());
		exit(1);
	}
	waitpid(child, &status, 0);
	double time = now() - start;
	kex_close(file);
	if (status != 0)
		exit(1);
	return time;
}

#define ROUNDS 5

static int compare(const void *one, const void *other)
{
	double difference = *(const double *)one - *(const double *)other;

	return (difference > 0) - (difference < 0);
}

static double median(double times[ROUNDS])
{
	qsort(times, ROUNDS, sizeof(*times), compare);
	return times[ROUNDS / 2];
}

/* The three in turn, so that what else the machine does meets them alike. */
static void measure(uint64_t bytes, uint32_t record)
{
	double ring[ROUNDS], single[ROUNDS], several[ROUNDS], gib = (double)bytes / (1u << 30);

	for (int round = 0; round < ROUNDS; round++) {
		ring[round] = time_ring(bytes, record);
		single[round] = time_transfer(bytes, record, 1);
		several[round] = time_transfer(bytes, record, KEX_WRITES);
	}
	double floor = median(ring), one = median(single), most = median(several);
	printf("records of %4u KiB: shared ring %.2f GiB/s; target mode, one write at a time "
	       "%.2f GiB/s, %.0f %%; %u on their way %.2f GiB/s, %.0f %%\n",
		record >> 10, gib / floor, gib / one, 100 * floor / one, KEX_WRITES, gib / most,
		100 * floor / most);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	uint64_t bytes = (argc > 1 ? strtoull(argv[1], NULL, 10) : 1) << 30;

	for (size_t i = 0; i < sizeof(source); i++)
		source[i] = (char)i;
	for (uint32_t record = 64u << 10; record <= MOST_RECORD; record *= 2)
		measure(bytes, record);
	return 0;
}
