#include "suite.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/device.h>
#include <sys/scsi_adapter.h>

#include "error_log_capture.h"

/* What one session's handler was shown. */
struct seen {
	atomic_int calls;
	uint32_t events, mode;
	uint64_t scsi_id, lun_id;
	dev_t devno;
	const struct scsi_event_info *place;
	int priority;
	atomic_bool stopped; /* a call after this is a fault */
	atomic_int late_calls;
};

static void see(const struct scsi_event_info *info)
{
	struct seen *seen = (struct seen *)info->async_correlator;

	if (atomic_load(&seen->stopped))
		atomic_fetch_add(&seen->late_calls, 1);
	seen->events |= info->events;
	seen->mode = info->mode;
	seen->scsi_id = info->scsi_id;
	seen->lun_id = info->lun_id;
	seen->devno = info->adap_devno;
	seen->place = info;
	seen->priority = i_priority();
	atomic_fetch_add(&seen->calls, 1);
}

static struct scsi_event_struct registration(
	uint64_t scsi_id, uint64_t lun_id, uint32_t mode, struct seen *seen)
{
	return (struct scsi_event_struct){.scsi_id = scsi_id,
		.lun_id = lun_id,
		.mode = mode,
		.async_func = see,
		.async_correlator = (uintptr_t)seen};
}

static struct scsi_adapter adapter;

static void register_session(uint64_t scsi_id, uint32_t mode, struct seen *seen)
{
	struct scsi_event_struct event = registration(scsi_id, 0, mode, seen);

	ck_assert_int_eq(scsi_session_start(&adapter, scsi_id, 0, mode, NULL), 0);
	ck_assert_int_eq(scsi_event_register(&adapter, &event, DKERNEL), 0);
}

START_TEST(registration_follows_the_rules)
{
	struct seen first = {0}, second = {0};
	struct scsi_event_struct event = registration(3, 0, SCSI_IM_MODE, &first);
	struct scsi_event_struct again = registration(3, 0, SCSI_IM_MODE, &second);

	scsi_adapter_init(&adapter, 77, INTCLASS2);
	ck_assert_int_eq(scsi_event_register(&adapter, &event, DKERNEL), EINVAL);
	ck_assert_int_eq(scsi_session_start(&adapter, 3, 0, SCSI_IM_MODE, NULL), 0);
	ck_assert_int_eq(scsi_session_start(&adapter, 3, 0, SCSI_IM_MODE, NULL), EINVAL);
	ck_assert_int_eq(scsi_session_start(&adapter, 3, 1, SCSI_TM_MODE, NULL), EINVAL);
	ck_assert_int_eq(scsi_event_register(&adapter, &event, DREAD), EPERM);
	event.reserved = 1;
	ck_assert_int_eq(scsi_event_register(&adapter, &event, DKERNEL), EINVAL);
	event.reserved = 0;
	ck_assert_int_eq(scsi_event_register(&adapter, &event, DKERNEL), 0);
	ck_assert_int_eq(scsi_event_register(&adapter, &again, DKERNEL), EINVAL);

	scsi_event_report(&adapter, SCSI_RESET_EVENT);
	ck_assert_int_eq(first.calls, 1);
	ck_assert_int_eq(second.calls, 0);

	ck_assert_int_eq(scsi_session_stop(&adapter, 3, 0, SCSI_IM_MODE), 0);
	ck_assert_int_eq(scsi_session_stop(&adapter, 3, 0, SCSI_IM_MODE), EINVAL);
	ck_assert_int_eq(scsi_session_start(&adapter, 3, 0, SCSI_IM_MODE, NULL), 0);
	ck_assert_int_eq(scsi_event_register(&adapter, &again, DKERNEL), 0);
	scsi_event_report(&adapter, SCSI_RESET_EVENT);
	ck_assert_int_eq(first.calls, 1);
	ck_assert_int_eq(second.calls, 1);
	ck_assert_int_eq(scsi_session_stop(&adapter, 3, 0, SCSI_IM_MODE), 0);
}
END_TEST

START_TEST(an_adapter_event_reaches_every_session_with_one_structure)
{
	struct seen seen[4] = {0};

	scsi_adapter_init(&adapter, 77, INTCLASS1);
	for (uint64_t id = 0; id < 3; id++)
		register_session(id, SCSI_IM_MODE, &seen[id]);
	register_session(2, SCSI_TM_MODE, &seen[3]);

	scsi_event_report(&adapter, SCSI_FATAL_HDW_ERR);
	for (int i = 0; i < 4; i++) {
		ck_assert_int_eq(seen[i].calls, 1);
		ck_assert_uint_eq(seen[i].events, SCSI_FATAL_HDW_ERR);
		ck_assert_uint_eq(seen[i].scsi_id, i < 3 ? (uint64_t)i : 2);
		ck_assert_uint_eq(seen[i].mode, i < 3 ? SCSI_IM_MODE : SCSI_TM_MODE);
		ck_assert_uint_eq(seen[i].devno, 77);
		ck_assert_ptr_eq(seen[i].place, seen[0].place);
		ck_assert_int_eq(seen[i].priority, INTCLASS1);
	}

	scsi_event_report_to(scsi_session_find(&adapter, 2, 0, SCSI_TM_MODE), SCSI_BUFS_EXHAUSTED);
	ck_assert_int_eq(seen[3].calls, 2);
	ck_assert_int_eq(seen[2].calls, 1);
	for (uint64_t id = 0; id < 3; id++)
		scsi_session_stop(&adapter, id, 0, SCSI_IM_MODE);
	ck_assert(scsi_adapter_in_use(&adapter));
	scsi_session_stop(&adapter, 2, 0, SCSI_TM_MODE);
	ck_assert(!scsi_adapter_in_use(&adapter));
}
END_TEST

START_TEST(masked_events_merge_and_are_counted)
{
	struct seen seen = {0};
	struct device_counters counters = {0};
	struct scsi_event_struct event = registration(1, 0, SCSI_IM_MODE, &seen);

	event.counters = &counters;
	scsi_adapter_init(&adapter, 77, INTCLASS2);
	ck_assert_int_eq(scsi_session_start(&adapter, 1, 0, SCSI_IM_MODE, NULL), 0);
	ck_assert_int_eq(scsi_event_register(&adapter, &event, DKERNEL), 0);

	int old = i_disable(INTCLASS2);
	scsi_event_report(&adapter, SCSI_RESET_EVENT);
	scsi_event_report(&adapter, SCSI_RESET_EVENT);
	scsi_event_report(&adapter, SCSI_RESET_EVENT);
	scsi_event_report(&adapter, SCSI_ADAP_CMD_FAILED);
	ck_assert_int_eq(seen.calls, 0);
	i_enable(old);
	ck_assert_int_eq(seen.calls, 1);
	ck_assert_uint_eq(seen.events, SCSI_RESET_EVENT | SCSI_ADAP_CMD_FAILED);
	ck_assert_uint_eq(counters.events_raised, 4);
	ck_assert_uint_eq(counters.events_delivered, 1);
	ck_assert_uint_eq(counters.events_merged, 2);
	ck_assert_uint_eq(counters.events_masked, 2);
	ck_assert_uint_eq(counters.raised_by_flag[2], 3);
	ck_assert_uint_eq(counters.merged_by_flag[2], 2);
	ck_assert_uint_eq(counters.raised_by_flag[1], 1);
	ck_assert_uint_eq(counters.merged_by_flag[1], 0);
	ck_assert_uint_eq(counters.last_events, SCSI_ADAP_CMD_FAILED);
	ck_assert_uint_ne(counters.last_event_time, 0);

	/* A less favoured mask than the adapter's class holds nothing off. */
	old = i_disable(INTCLASS3);
	scsi_event_report(&adapter, SCSI_RESET_EVENT);
	ck_assert_int_eq(seen.calls, 2);
	i_enable(old);
	scsi_session_stop(&adapter, 1, 0, SCSI_IM_MODE);
}
END_TEST

static void scribble(const struct scsi_event_info *info)
{
	struct scsi_event_info *mine = (struct scsi_event_info *)(uintptr_t)info;

	mine->scsi_id = 99;
	see(info);
}

START_TEST(a_modified_structure_is_told_and_spoils_nothing)
{
	struct seen bad = {0}, good = {0};
	struct scsi_event_struct event = registration(1, 0, SCSI_IM_MODE, &bad);

	event.async_func = scribble;
	scsi_adapter_init(&adapter, 77, INTCLASS2);
	ck_assert_int_eq(scsi_session_start(&adapter, 1, 0, SCSI_IM_MODE, NULL), 0);
	ck_assert_int_eq(scsi_event_register(&adapter, &event, DKERNEL), 0);
	register_session(2, SCSI_IM_MODE, &good);

	int before = event_structure_modifications();
	scsi_event_report(&adapter, SCSI_RESET_EVENT);
	ck_assert_int_eq(event_structure_modifications(), before + 1);
	ck_assert_int_eq(bad.calls, 1);
	ck_assert_uint_eq(good.scsi_id, 2);
	scsi_session_stop(&adapter, 1, 0, SCSI_IM_MODE);
	scsi_session_stop(&adapter, 2, 0, SCSI_IM_MODE);
}
END_TEST

static atomic_bool stop_reporting;

static void *report_much(void *argument)
{
	while (!atomic_load(&stop_reporting)) {
		scsi_event_report(&adapter, *(uint32_t *)argument);
		sched_yield();
	}
	return NULL;
}

static void *mask_much(void *argument)
{
	(void)argument;
	while (!atomic_load(&stop_reporting)) {
		int old = i_disable(INTCLASS2);
		sched_yield();
		i_enable(old);
	}
	return NULL;
}

START_TEST(no_handler_runs_after_the_stop)
{
	static uint32_t flags[2] = {SCSI_RESET_EVENT, SCSI_ADAP_CMD_FAILED};
	static struct seen seen[300];
	pthread_t threads[3];

	scsi_adapter_init(&adapter, 77, INTCLASS2);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, report_much, &flags[i]), 0);
	ck_assert_int_eq(pthread_create(&threads[2], NULL, mask_much, NULL), 0);
	for (int round = 0; round < 300; round++) {
		register_session(5, SCSI_TM_MODE, &seen[round]);
		while (atomic_load(&seen[round].calls) == 0)
			sched_yield();
		ck_assert_int_eq(scsi_session_stop(&adapter, 5, 0, SCSI_TM_MODE), 0);
		atomic_store(&seen[round].stopped, true);
	}
	atomic_store(&stop_reporting, true);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	for (int round = 0; round < 300; round++)
		ck_assert_int_eq(atomic_load(&seen[round].late_calls), 0);
}
END_TEST

SUITE_MAIN("events", registration_follows_the_rules,
	an_adapter_event_reaches_every_session_with_one_structure,
	masked_events_merge_and_are_counted, a_modified_structure_is_told_and_spoils_nothing,
	no_handler_runs_after_the_stop)
