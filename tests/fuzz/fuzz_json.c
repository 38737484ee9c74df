/* JSON: what is accepted, and printed, is accepted again and printed the same. */
#include "fuzz.h"

static int add(const char *head, const void *bytes, size_t count, const char *tail)
{
	char *text = NULL;
	size_t length;
	FILE *made = open_memstream(&text, &length);

	fputs(head, made);
	fwrite(bytes, 1, count, made);
	fputs(tail, made);
	fclose(made);
	if (length == 0) {
		free(text);
		return -1;
	}
	FILE *file = fmemopen(text, length, "r");
	int added = odm_add_json(file, "input", discarded());
	fclose(file);
	free(text);
	return added;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	begin();
	if (add("", bytes, count, "") > 0) {
		size_t length, again;
		char *first = dump(odm_write_json, ",\n", &length);
		if (add("[", first, length, "]") < 0)
			abort();
		char *second = dump(odm_write_json, ",\n", &again);
		if (again != length || memcmp(first, second, length) != 0)
			abort();
		free(first);
		free(second);
	}
	odm_rollback();
	return 0;
}
