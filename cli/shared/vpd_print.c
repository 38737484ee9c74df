/* Prints vital product data with dotted labels. */
#include "vpd_print.h"

#include <stdio.h>
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/vpd.h"

/* Where a value begins, and how much of it is in one line. */
#define VALUE_COLUMN 36
#define VALUE_WIDTH 42

void vpd_print_line(const char *label, const char *value, size_t length)
{
	AUTO(text_release) struct text shown = {0};
	int column = foreign_printf(stdout, "        %s", label);

	for (; column < VALUE_COLUMN; column++)
		putchar('.');
	foreign_append(&shown, value, length);
	const char *rest = shown.length > 0 ? shown.data : "";
	for (; strlen(rest) > VALUE_WIDTH; rest += VALUE_WIDTH)
		printf("%.*s\n%*s", VALUE_WIDTH, rest, VALUE_COLUMN, "");
	printf("%s\n", rest);
}

/* The product's own name stands above its records. */
static void print_heading(const char *vpd)
{
	AUTO_FREE char *heading = vpd_heading(vpd);

	if (heading != NULL && *heading != '\0')
		foreign_printf(stdout, "      %s:\n", heading);
}

/* A keyword without a name is "Device Specific.(Z0)". */
static void print_record(const struct vpd_record *record)
{
	const char *label = vpd_label(record->keyword);
	char own[32];

	if (label == NULL) {
		snprintf(own, sizeof(own), "Device Specific.(%s)", record->keyword);
		label = own;
	}
	vpd_print_line(label, record->value, (size_t)record->length);
}

int vpd_print(const char *device)
{
	struct listinfo info = {0};
	struct CuVPD *list = list_objects(CuVPD_CLASS, &info, "name = %s", device);

	if (list == ODM_FAILED) {
		message("the product data of %s can't be read: %s", device,
			odm_error_text(odmerrno));
		return -1;
	}
	for (int i = 0; i < info.num; i++) {
		struct vpd_record record;
		const char *cursor = list[i].vpd;
		print_heading(cursor);
		while (vpd_next(&cursor, &record))
			print_record(&record);
	}
	int count = info.num;
	if (list != NULL)
		odm_free_list(list, &info);
	return count;
}
