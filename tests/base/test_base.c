#include "suite.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/paths.h"
#include "base/text.h"

START_TEST(text_grows_and_is_taken)
{
	AUTO(text_release) struct text text = {0};
	for (int i = 0; i < 1000; i++)
		text_printf(&text, "%d,", i);
	text_append(&text, "end");

	AUTO_FREE char *taken = text_take(&text);
	ck_assert_ptr_nonnull(taken);
	ck_assert_uint_eq(strlen(taken), 3893);
	ck_assert_str_eq(taken + 3890, "end");
	ck_assert_ptr_null(text.data);
}
END_TEST

START_TEST(empty_text_is_an_empty_string)
{
	struct text text = {0};
	AUTO_FREE char *taken = text_take(&text);
	ck_assert_str_eq(taken, "");
}
END_TEST

START_TEST(file_is_appended_whole)
{
	AUTO_FCLOSE FILE *file = tmpfile();
	AUTO(text_release) struct text text = {0};
	ck_assert_ptr_nonnull(file);
	for (int i = 0; i < 50000; i++)
		fputc('a' + i % 26, file);
	rewind(file);

	text_append(&text, "before");
	ck_assert_int_eq(text_append_file(&text, fileno(file)), 0);
	ck_assert_uint_eq(text.length, 50006);
	ck_assert_uint_eq(strlen(text.data), 50006);
	ck_assert_int_eq(text.data[6 + 49999], 'a' + 49999 % 26);

	/* Its end again. */
	AUTO(text_release) struct text empty = {0};
	ck_assert_int_eq(text_append_file(&empty, fileno(file)), 0);
	ck_assert_str_eq(empty.data, "");
	ck_assert_int_eq(text_append_file(&text, -1), -1);
	ck_assert_int_eq(errno, EBADF);
}
END_TEST

START_TEST(root_follows_the_environment)
{
	setenv("ODMCFG_ROOT", "/some/root", 1);
	AUTO_FREE char *private_path = root_path(ROOT_RUN, "kexd.sock");
	ck_assert_str_eq(private_path, "/some/root/run/kexd.sock");

	unsetenv("ODMCFG_ROOT");
	AUTO_FREE char *system_path = root_path(ROOT_OBJREPOS, NULL);
	ck_assert_str_eq(system_path, "/etc/objrepos");
}
END_TEST

START_TEST(directories_are_made_and_may_exist)
{
	char template[] = "/tmp/odmcfg-base-XXXXXX";
	ck_assert_ptr_nonnull(mkdtemp(template));
	AUTO_FREE char *path = NULL;
	ck_assert_int_gt(asprintf(&path, "%s/a/b/c", template), 0);
	ck_assert_int_eq(make_directories(path), 0);
	ck_assert_int_eq(make_directories(path), 0);

	struct stat status;
	ck_assert_int_eq(stat(path, &status), 0);
	ck_assert(S_ISDIR(status.st_mode));
	while (strcmp(path, template) != 0) {
		ck_assert_int_eq(rmdir(path), 0);
		*strrchr(path, '/') = '\0';
	}
	rmdir(template);
}
END_TEST

SUITE_MAIN("base", text_grows_and_is_taken, empty_text_is_an_empty_string, file_is_appended_whole,
	root_follows_the_environment, directories_are_made_and_may_exist)
