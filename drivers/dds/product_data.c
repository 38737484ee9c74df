/* Builds vital product data record by record, for a driver's answer to CFG_QVPD. */
#include "dds/product_data.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

void product_data_add(
	struct product_data *data, const char keyword[2], const void *value, size_t length)
{
	const char *text = value;

	length = strnlen(text, length);
	while (length > 0 && text[length - 1] == ' ')
		length--;
	size_t padded = length + length % 2;
	if (length == 0 || length > PRODUCT_VALUE ||
		data->length + 4 + padded >= sizeof(data->text))
		return;
	char *record = data->text + data->length;
	record[0] = '*';
	memcpy(record + 1, keyword, 2);
	record[3] = (char)(uint8_t)((4 + padded) / 2);
	memcpy(record + 4, text, length);
	if (padded > length)
		record[4 + length] = ' ';
	data->length += 4 + padded;
	data->text[data->length] = '\0';
}

int product_data_answer(const struct product_data *data, struct uio *uiop)
{
	if (uiop->uio_resid < data->length + 1)
		return EINVAL;
	return uiomove((void *)(uintptr_t)data->text, data->length + 1, UIO_READ, uiop);
}
