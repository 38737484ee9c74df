/*
 * The main program of a Check test file: SUITE_MAIN("name", test, test, ...); with a main of its
 * own, return SUITE_RUN("name", test, test, ...).
 */
#pragma once

#include <check.h>
#include <stdlib.h>

static inline int suite_run(const char *name, const TTest **tests, size_t count)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);
	/* The test runner's own limit is shorter for most. */
	tcase_set_timeout(tcase, 800);
	for (size_t i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define SUITE_RUN(name, ...)                                                                       \
	suite_run(name, (const TTest *[]){__VA_ARGS__},                                            \
		sizeof((const TTest *[]){__VA_ARGS__}) / sizeof(const TTest *))

#define SUITE_MAIN(name, ...)                                                                      \
	int main(void)                                                                             \
	{                                                                                          \
		return SUITE_RUN(name, __VA_ARGS__);                                               \
	}
