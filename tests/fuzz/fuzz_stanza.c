/* Stanza files: what is accepted, and printed, is accepted again and printed the same. */
#include "fuzz.h"

static int add(const char *text, size_t length)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, length, "r");
	int added = odm_add_stanzas(file, "input", discarded());

	fclose(file);
	return added;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static const struct form stanzas = {odm_write_stanza, "", add};

	if (count == 0)
		return 0;
	begin();
	if (add((const char *)bytes, count) > 0)
		check_round_trip(&stanzas);
	odm_rollback();
	return 0;
}
