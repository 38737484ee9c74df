/*
 * block_io DEVICE read BLOCK BYTES | write BLOCK [FLUSH] | info | unmap BLOCK BLOCKS | inquire |
 * nonsense: what an application does with a disk. Data by standard input and output. DEVICE lines:
 * what another device tells, until the process ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <kex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/scdisk.h>

static char data[16 << 20];

static int fail(const char *what)
{
	fprintf(stderr, "%s: %s %s\n", what, strerror(errno), kex_reason());
	return 1;
}

static int seek(struct kex_file *file, const char *block)
{
	uint64_t number = strtoull(block, NULL, 10);

	return kex_ioctl(file, DKIOSEEK, &number);
}

static int read_blocks(struct kex_file *file, char **argv)
{
	if (seek(file, argv[3]) < 0)
		return fail("DKIOSEEK");
	ssize_t length = kex_read(file, data, strtoull(argv[4], NULL, 10));
	if (length < 0)
		return fail("read");
	return fwrite(data, 1, (size_t)length, stdout) == (size_t)length ? 0 : 1;
}

static int write_blocks(struct kex_file *file, char **argv)
{
	size_t length = fread(data, 1, sizeof(data), stdin);

	if (seek(file, argv[3]) < 0)
		return fail("DKIOSEEK");
	if (kex_write(file, data, length) != (ssize_t)length)
		return fail("write");
	return argv[4] == NULL || kex_ioctl(file, DKIOFLUSH, NULL) == 0 ? 0 : fail("DKIOFLUSH");
}

static int show_info(struct kex_file *file)
{
	struct scdisk_info info;

	if (kex_ioctl(file, DKIOINFO, &info) < 0)
		return fail("DKIOINFO");
	printf("%llu %u\n", (unsigned long long)info.blocks, info.block_size);
	return 0;
}

static int unmap(struct kex_file *file, char **argv)
{
	struct scdisk_extent extent = {strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10)};

	return kex_ioctl(file, DKIOUNMAP, &extent) == 0 ? 0 : fail("DKIOUNMAP");
}

/* A command of one's own: six bytes, 36 bytes of data. */
static int pass(struct kex_file *file, uint8_t code)
{
	static struct scdisk_command command;

	command = (struct scdisk_command){.cdb = {code, 0, 0, 0, 36},
		.cdb_length = 6,
		.reads = 1,
		.timeout = 5,
		.data_length = 36};
	if (kex_ioctl(file, DKIOLCMD, &command) < 0)
		return fail("DKIOLCMD");
	printf("status %02x sense %02x/%02x %.16s\n", command.scsi_status,
		command.sense_length > 0 ? command.sense_data[2] & 0xf : 0,
		command.sense_length > 0 ? command.sense_data[12] : 0,
		(const char *)command.data + 16);
	return 0;
}

static int read_lines(struct kex_file *file)
{
	ssize_t length;

	while ((length = kex_read(file, data, 4096)) > 0) {
		fwrite(data, 1, (size_t)length, stdout);
		fflush(stdout);
	}
	return fail("read");
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	const char *verb = argv[2];
	struct kex_file *file = kex_open(argv[1], strcmp(verb, "lines") == 0 ? O_RDONLY : O_RDWR);
	if (file == NULL)
		return fail("open");
	int status = 2;
	if (strcmp(verb, "read") == 0 && argc == 5)
		status = read_blocks(file, argv);
	else if (strcmp(verb, "write") == 0 && argc >= 4)
		status = write_blocks(file, argv);
	else if (strcmp(verb, "unmap") == 0 && argc == 5)
		status = unmap(file, argv);
	else if (strcmp(verb, "info") == 0)
		status = show_info(file);
	else if (strcmp(verb, "inquire") == 0)
		status = pass(file, 0x12);
	else if (strcmp(verb, "nonsense") == 0)
		status = pass(file, 0x1f);
	else if (strcmp(verb, "lines") == 0)
		status = read_lines(file);
	kex_close(file);
	return status;
}
