/* CFG_QVPD: what the disk says of itself. */
#include <errno.h>
#include <string.h>

#include "dds/product_data.h"
#include "scdisk/scdisk.h"

static int inquire(struct scdisk *disk, uint8_t page, uint8_t *data, size_t length)
{
	const uint8_t cdb[6] = {0x12, page != 0, page, 0, (uint8_t)length};

	memset(data, 0, length);
	return session_command(disk, cdb, sizeof(cdb), B_READ, data, length);
}

static int collect(struct scdisk *disk, struct product_data *product)
{
	uint8_t standard[36], serial[64];
	int error = inquire(disk, 0, standard, sizeof(standard));

	if (error != 0)
		return error;
	product_data_add(product, "MF", standard + 8, 8);
	product_data_add(product, "TM", standard + 16, 16);
	product_data_add(product, "RL", standard + 32, 4);
	/* Not every disk has the page. */
	if (inquire(disk, 0x80, serial, sizeof(serial)) == 0 && serial[3] <= sizeof(serial) - 4) {
		size_t blanks = 0;
		while (blanks < serial[3] && serial[4 + blanks] == ' ')
			blanks++;
		product_data_add(product, "SN", serial + 4 + blanks, serial[3] - blanks);
	}
	return 0;
}

int scdisk_product(void *device, struct uio *uiop)
{
	struct scdisk *disk = device;
	struct product_data product = {0};

	/* The session is the opener's. */
	if (disk->open)
		return EBUSY;
	disk->prompt = true;
	int error = session_open(disk);
	if (error != 0)
		return error;
	error = collect(disk, &product);
	session_close(disk);
	return error != 0 ? error : product_data_answer(&product, uiop);
}
