/* Criteria: accepted and run, or refused at a place inside the text; NOT (x) is x's complement. */
#include "fuzz.h"

static void add_objects(void)
{
	struct CuDv device = {.status = 1, .parent = "scsi0"};

	for (int i = 0; i < 20; i++) {
		snprintf(device.name, sizeof(device.name), "hdisk%d", i);
		device.status = (short)(i % 3);
		if (odm_add_obj(CuDv_CLASS, &device) < 0)
			abort();
	}
}

static int matches(char *crit)
{
	struct listinfo info;
	size_t position;
	struct CuDv *list = get_CuDv_list(CuDv_CLASS, crit, &info, 1, 1);

	if (list == FAILED) {
		if (odmerrno != ODMI_BAD_CRIT || *odm_criteria_error(&position) == '\0' ||
			position > strlen(crit))
			abort();
		return -1;
	}
	odm_free_list(list, &info);
	return info.num;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	char crit[400], negated[500];

	if (count >= sizeof(crit))
		return 0;
	memcpy(crit, bytes, count);
	crit[count] = '\0';
	begin();
	add_objects();
	int found = matches(crit);
	/* A word's end depends on parentheses: only what has no more of them can be negated so. */
	if (found >= 0 && crit[strspn(crit, " \t\n\v\f\r")] != '\0' &&
		strpbrk(crit, "()") == NULL) {
		snprintf(negated, sizeof(negated), "NOT (%s)", crit);
		int rest = strlen(negated) < MAX_ODMI_CRIT ? matches(negated) : 20 - found;
		if (rest >= 0 && rest + found != 20)
			abort();
	}
	odm_rollback();
	return 0;
}
