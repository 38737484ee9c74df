/*
 * Data that tells where it belongs. tm_pattern write NUMBER BYTES: that transfer's data on standard
 * output. tm_pattern check NUMBER BYTES RECORD: standard input is the beginning of that transfer,
 * in whole records, or in whatever pieces when RECORD is 1; its length is printed.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No byte at the same place of two transfers, or of one shifted, is the same but by chance. */
static unsigned char byte_at(uint64_t transfer, uint64_t offset)
{
	uint64_t word = (transfer << 40) + offset / 8 + 1;

	word = (word ^ word >> 31) * UINT64_C(0x9e3779b97f4a7c15);
	word = (word ^ word >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
	word ^= word >> 32;
	return (unsigned char)(word >> offset % 8 * 8);
}

static int write_data(uint64_t transfer, uint64_t bytes)
{
	for (uint64_t offset = 0; offset < bytes; offset++)
		if (putchar(byte_at(transfer, offset)) == EOF)
			return 1;
	return fflush(stdout) == 0 ? 0 : 1;
}

static int check(uint64_t transfer, uint64_t bytes, uint64_t record)
{
	uint64_t offset = 0;

	for (int got = getchar(); got != EOF; got = getchar(), offset++)
		if (offset >= bytes || got != byte_at(transfer, offset)) {
			fprintf(stderr, "byte %llu is not of transfer %llu\n",
				(unsigned long long)offset, (unsigned long long)transfer);
			return 1;
		}
	printf("%llu\n", (unsigned long long)offset);
	if (offset != bytes && offset % record != 0) {
		fprintf(stderr, "%llu bytes are no whole records of %llu\n",
			(unsigned long long)offset, (unsigned long long)record);
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t numbers[3] = {0};

	for (int i = 2; i < argc && i < 5; i++)
		numbers[i - 2] = strtoull(argv[i], NULL, 10);
	if (argc == 4 && strcmp(argv[1], "write") == 0)
		return write_data(numbers[0], numbers[1]);
	if (argc == 5 && strcmp(argv[1], "check") == 0 && numbers[2] > 0)
		return check(numbers[0], numbers[1], numbers[2]);
	fprintf(stderr, "tm_pattern write NUMBER BYTES | check NUMBER BYTES RECORD\n");
	return 2;
}
