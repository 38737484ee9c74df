/*
 * iscsi_reset PORTAL TARGET LUN: another initiator resets a logical unit, by libiscsi and nothing
 * of ours.
 */
#include <iscsi/iscsi.h>
#include <stdio.h>
#include <stdlib.h>

static int fail(const char *what, struct iscsi_context *context)
{
	fprintf(stderr, "%s: %s\n", what, iscsi_get_error(context));
	return 1;
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	struct iscsi_context *context = iscsi_create_context("iqn.2026-11.test:another");
	if (context == NULL)
		return 1;
	uint32_t lun = (uint32_t)strtoul(argv[3], NULL, 10);
	iscsi_set_targetname(context, argv[2]);
	iscsi_set_session_type(context, ISCSI_SESSION_NORMAL);
	if (iscsi_full_connect_sync(context, argv[1], (int)lun) != 0)
		return fail("login", context);
	if (iscsi_task_mgmt_lun_reset_sync(context, lun) != 0)
		return fail("LUN reset", context);
	iscsi_logout_sync(context);
	iscsi_destroy_context(context);
	return 0;
}
