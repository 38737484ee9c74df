/* JSON: what is accepted, and printed, is accepted again and printed the same. */
#include "fuzz.h"

static int add(const char *text, size_t length)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, length, "r");
	int added = odm_add_json(file, "input", discarded());

	fclose(file);
	return added;
}

static int add_elements(const char *text, size_t length)
{
	char *array = NULL;
	size_t array_length;
	FILE *made = open_memstream(&array, &array_length);

	fprintf(made, "[%.*s]", (int)length, text);
	fclose(made);
	int added = add(array, array_length);
	free(array);
	return added;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static const struct form elements = {odm_write_json, ",\n", add_elements};

	if (count == 0)
		return 0;
	begin();
	if (add((const char *)bytes, count) > 0)
		check_round_trip(&elements);
	odm_rollback();
	return 0;
}
