/* Vital product data that a driver answers CFG_QVPD with: records "*KW", a length byte, a value. */
#pragma once

#include <stddef.h>
#include <sys/kernel_uio.h>

#define PRODUCT_DATA_ROOM 512
#define PRODUCT_VALUE 250

struct product_data {
	char text[PRODUCT_DATA_ROOM]; /* ends with a NUL */
	size_t length;
};

/*
 * Appends a record of up to `length` bytes, without the blanks at their end; nothing for a value
 * that is empty or does not fit. The length byte counts pairs, its own head among them.
 */
void product_data_add(
	struct product_data *data, const char keyword[2], const void *value, size_t length);

/* Copies it to the caller, NUL included: 0 or an errno. */
int product_data_answer(const struct product_data *data, struct uio *uiop);
