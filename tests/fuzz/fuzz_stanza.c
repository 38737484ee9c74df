/* Stanza files: what is accepted, and printed, is accepted again and printed the same. */
#include "fuzz.h"

static int add(const void *bytes, size_t count)
{
	FILE *file = fmemopen((void *)(uintptr_t)bytes, count, "r");
	int added = odm_add_stanzas(file, "input", discarded());

	fclose(file);
	return added;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	if (count == 0)
		return 0;
	begin();
	if (add(bytes, count) > 0) {
		size_t length, again;
		char *first = dump(odm_write_stanza, "", &length);
		if (length > 0 && add(first, length) < 0)
			abort();
		char *second = dump(odm_write_stanza, "", &again);
		if (again != length || memcmp(first, second, length) != 0)
			abort();
		free(first);
		free(second);
	}
	odm_rollback();
	return 0;
}
