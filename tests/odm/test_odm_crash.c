#include "suite.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "repository_fixture.h"

/* Writes pairs, each in one transaction, and reports every pair that was acknowledged. */
static void write_pairs(int report)
{
	char name[16];

	odm_terminate();
	for (int i = 0;; i++) {
		snprintf(name, sizeof(name), "pair%d", i);
		if (odm_begin() < 0 || add_device(name, "first", 0) < 0 ||
			add_device(name, "second", 0) < 0 || odm_commit() < 0)
			_exit(1);
		if (write(report, &i, sizeof(i)) != sizeof(i))
			_exit(1);
	}
}

/* Kills the writer after a number of acknowledged pairs; returns the last one that was. */
static int kill_writer_after(int pairs)
{
	int pipe_fds[2], last = -1;

	ck_assert_int_eq(pipe(pipe_fds), 0);
	pid_t child = fork();
	if (child == 0)
		write_pairs(pipe_fds[1]);
	close(pipe_fds[1]);
	while (last < pairs && read(pipe_fds[0], &last, sizeof(last)) == sizeof(last))
		continue;
	ck_assert_int_ge(last, pairs);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	while (read(pipe_fds[0], &last, sizeof(last)) == sizeof(last))
		continue;
	close(pipe_fds[0]);
	return last;
}

static int count_children(char *crit)
{
	struct listinfo info;
	struct CuDv *list = get_CuDv_list(CuDv_CLASS, crit, &info, 1, 1);

	ck_assert_ptr_ne(list, FAILED);
	odm_free_list(list, &info);
	return info.num;
}

START_TEST(a_killed_writer_leaves_whole_acknowledged_pairs)
{
	make_repository();
	for (int round = 0; round < 20; round++) {
		ck_assert_int_ge(odm_rm_obj(CuDv_CLASS, ""), 0);
		int last = kill_writer_after(round * 3 % 17);
		int first = count_children("parent = first");
		ck_assert_int_eq(first, count_children("parent = second"));
		ck_assert_int_ge(first, last + 1);
		ck_assert_int_le(first, last + 2);
	}
	remove_repository();
}
END_TEST

SUITE_MAIN("odm_crash", a_killed_writer_leaves_whole_acknowledged_pairs)
