/* Prints vital product data with dotted labels. */
#include "vpd_print.h"

#include <stdio.h>
#include <string.h>

#include "base/foreign.h"
#include "base/message.h"
#include "cfgmethods/vpd.h"

/* Columns of a label with its dots. */
#define LABEL_WIDTH 28

/* A keyword without a name is "Device Specific.(Z0)". */
static void print_record(const struct vpd_record *record)
{
	const char *label = vpd_label(record->keyword);
	char own[32];

	if (label == NULL) {
		snprintf(own, sizeof(own), "Device Specific.(%s)", record->keyword);
		label = own;
	}
	foreign_printf(stdout, "        %s", label);
	for (size_t column = strlen(label); column < LABEL_WIDTH; column++)
		putchar('.');
	AUTO(text_release) struct text value = {0};
	foreign_append(&value, record->value, (size_t)record->length);
	printf("%s\n", value.length > 0 ? value.data : "");
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
		while (vpd_next(&cursor, &record))
			print_record(&record);
	}
	int count = info.num;
	if (list != NULL)
		odm_free_list(list, &info);
	return count;
}
