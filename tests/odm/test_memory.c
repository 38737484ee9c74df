/* Too little memory is told as that, wherever it runs out: not as damage, not as a missing class. */
#include "suite.h"

#include <sqlite3.h>

#include "repository_fixture.h"

static int check(void)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);
	int result = odm_check_integrity(0, file);

	fclose(file);
	ck_assert_msg(*text == '\0', "counted as damage: %s", text);
	free(text);
	return result;
}

static int open_class(void)
{
	return odm_open_class(CuDv_CLASS) == FAILED ? -1 : 0;
}

/* Runs with ever more memory for SQLite until it succeeds. */
static void starve(int (*operation)(void))
{
	int failures = 0;

	odm_terminate();
	sqlite3_int64 limit = sqlite3_memory_used() + 1000;
	for (;; limit += 500) {
		sqlite3_hard_heap_limit64(limit);
		int result = operation(), error = odmerrno;
		sqlite3_hard_heap_limit64(1 << 30);
		odm_terminate();
		if (result == 0)
			break;
		failures++;
		ck_assert_msg(error == ODMI_MALLOC_ERR, "error %d: %s", error - ODMI_ERROR_BASE,
			odm_error_text(error));
	}
	ck_assert_int_gt(failures, 10);
}

START_TEST(a_want_of_memory_is_no_damage)
{
	make_repository();
	ck_assert_int_eq(odm_begin(), 0);
	for (int i = 0; i < 3000; i++) {
		char name[16];
		snprintf(name, sizeof(name), "d%d", i);
		ck_assert_int_gt(add_device(name, "", 0), 0);
	}
	ck_assert_int_eq(odm_commit(), 0);
	starve(check);
	starve(open_class);
	remove_repository();
}
END_TEST

SUITE_MAIN("memory", a_want_of_memory_is_no_damage)
