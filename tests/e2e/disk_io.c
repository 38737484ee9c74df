/* disk_io write BLOCK | read BLOCK BYTES: standard input to hdisk0, or hdisk0 to standard output.
 */
#include <errno.h>
#include <fcntl.h>
#include <kex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/scdisk.h>
#include <unistd.h>

static int fail(const char *what)
{
	fprintf(stderr, "%s: %s %s\n", what, strerror(errno), kex_reason());
	return 1;
}

int main(int argc, char **argv)
{
	static char data[4 << 20];
	struct scdisk_info info;

	if (argc < 3)
		return 2;
	struct kex_file *file = kex_open("hdisk0", O_RDWR);
	if (file == NULL)
		return fail("open");
	uint64_t block = strtoull(argv[2], NULL, 10);
	if (kex_ioctl(file, DKIOINFO, &info) < 0 || info.blocks != 131072 || info.block_size != 512)
		return fail("DKIOINFO");
	if (kex_ioctl(file, DKIOSEEK, &block) < 0)
		return fail("DKIOSEEK");
	if (strcmp(argv[1], "write") == 0) {
		size_t length = fread(data, 1, sizeof(data), stdin);
		ssize_t written = kex_write(file, data, length);
		if (written != (ssize_t)length)
			return fail("write");
	} else {
		ssize_t length = kex_read(file, data, argc > 3 ? strtoull(argv[3], NULL, 10) : 0);
		if (length < 0)
			return fail("read");
		fwrite(data, 1, (size_t)length, stdout);
	}
	kex_close(file);
	return 0;
}
