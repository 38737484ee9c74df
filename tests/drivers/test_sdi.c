/* SDI: which fault routines an event reaches, with what, and when. */
#include "suite.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/sdi.h>

/* What one owner's fault routine was called with. */
struct seen {
	atomic_int calls;
	int event, priority;
	bool in_handler;
	unsigned long var;
};

static void see(long flt_parm, int event, unsigned long var)
{
	struct seen *seen = (struct seen *)flt_parm;

	seen->event = event;
	seen->var = var;
	seen->priority = i_priority();
	seen->in_handler = i_in_handler();
	atomic_fetch_add(&seen->calls, 1);
}

/* Two disks with two LUNs on each of two buses; target 7 is the HBA. */
static int inquire(void *driver, int bus, int target, int lun, uint8_t data[SDI_INQUIRY])
{
	(void)bus;
	if (target > 1)
		return ENODEV;
	data[0] = lun < 2 ? 0 : 0x7f;
	memcpy(data + 8, driver, strlen(driver));
	return 0;
}

static struct sdi_hba make_hba(int version, char *vendor)
{
	return (struct sdi_hba){.name = "test",
		.version = version,
		.priority = INTCLASS2,
		.buses = 2,
		.targets = 8,
		.luns = 4,
		.own_target = 7,
		.devno = (dev_t)(unsigned)version,
		.driver = vendor,
		.inquire = inquire};
}

#define ANY                                                                                        \
	{                                                                                          \
		.ha_id = -1, .bus = -1, .target = -1, .lun = -1, .pdtype = -1                      \
	}

static int count_owners(const struct owner *owner)
{
	int count = 0;

	for (; owner != NULL; owner = owner->target_link)
		count++;
	return count;
}

/* Gives each owner a record; returns how many there are. */
static int watch(struct owner *owner, struct seen *seen)
{
	int count = 0;

	for (; owner != NULL; owner = owner->target_link) {
		owner->flt_parm = (long)&seen[count++];
		owner->fault = see;
	}
	return count;
}

static int calls(const struct seen *seen, int count)
{
	int sum = 0;

	for (int i = 0; i < count; i++)
		sum += atomic_load(&seen[i].calls);
	return sum;
}

START_TEST(events_reach_those_whom_they_concern)
{
	struct sdi_hba first = make_hba(4, "ACME"), second = make_hba(3, "OTHER");
	struct dev_cfg all[] = {ANY};
	struct seen seen[32] = {0};

	ck_assert_int_eq(sdi_register(&first), 0);
	ck_assert_int_eq(sdi_register(&second), 1);
	struct owner *owners = sdi_doconfig(all, 1, "driver", NULL, NULL);
	int count = watch(owners, seen);
	ck_assert_int_eq(count, 16);

	/* -1 and -1: every owner of the HBA on the bus, none of the other bus or HBA. */
	sdi_xaen(SDI_FLT_RESET, 0, -1, -1, 1, 42);
	ck_assert_int_eq(calls(seen, count), 4);
	int index = 0;
	for (const struct owner *owner = owners; owner != NULL; owner = owner->target_link) {
		const struct scsi_adr *address = &owner->edtp->scsi_adr;
		bool meant = address->scsi_ctl == 0 && address->scsi_bus == 1;
		ck_assert_int_eq(atomic_load(&seen[index].calls), meant);
		if (meant) {
			ck_assert_int_eq(seen[index].event, SDI_FLT_RESET);
			ck_assert_uint_eq(seen[index].var, 42);
			ck_assert_int_eq(seen[index].priority, INTCLASS2);
			ck_assert(seen[index].in_handler);
		}
		index++;
	}
	/* One device; all LUNs of a target; a LUN of every target; nobody. */
	sdi_xaen(SDI_FLT_CMD, 0, 1, 0, 0, 0);
	ck_assert_int_eq(calls(seen, count), 5);
	sdi_xaen(SDI_FLT_CMD, 0, 1, -1, 0, 0);
	ck_assert_int_eq(calls(seen, count), 7);
	sdi_xaen(SDI_FLT_CMD, 0, -1, 1, 0, 0);
	ck_assert_int_eq(calls(seen, count), 9);
	sdi_xaen(SDI_FLT_CMD, 0, 5, -1, 0, 0);
	sdi_xaen(SDI_FLT_CMD, 0, -1, -1, 2, 0);
	sdi_xaen(SDI_FLT_CMD, 7, -1, -1, 0, 0);
	sdi_xaen(0, 0, -1, -1, 0, 0);
	sdi_xaen(SDI_FLT_MAX + 1, 0, -1, -1, 0, 0);
	ck_assert_int_eq(calls(seen, count), 9);

	sdi_clrconfig(owners);
	sdi_xaen(SDI_FLT_RESET, 0, -1, -1, 0, 0);
	ck_assert_int_eq(calls(seen, count), 9);
	ck_assert_int_eq(sdi_unregister(&first), 0);
	ck_assert_int_eq(sdi_unregister(&second), 0);
}
END_TEST

START_TEST(var_comes_with_version_4_and_aen_is_bus_0)
{
	struct sdi_hba old = make_hba(3, "ACME");
	struct dev_cfg one[] = {{.ha_id = 0, .bus = 0, .target = 1, .lun = 0, .pdtype = 0}};
	struct seen seen[1] = {0};

	ck_assert_int_eq(sdi_register(&old), 0);
	struct owner *owners = sdi_doconfig(one, 1, "driver", NULL, NULL);
	ck_assert_int_eq(watch(owners, seen), 1);
	sdi_xaen(SDI_FLT_RESET, 0, -1, -1, 0, 42);
	ck_assert_int_eq(calls(seen, 1), 1);
	ck_assert_uint_eq(seen->var, 0);
	sdi_aen(SDI_FLT_HBA, 0, 1, 0);
	ck_assert_int_eq(calls(seen, 1), 2);
	ck_assert_int_eq(seen->event, SDI_FLT_HBA);
	sdi_clrconfig(owners);
	ck_assert_int_eq(sdi_unregister(&old), 0);
}
END_TEST

START_TEST(handlers_are_optional_and_entries_are_shared)
{
	struct sdi_hba hba = make_hba(4, "ACME");
	struct dev_cfg acme[] = {ANY}, nobody[] = {ANY};
	struct seen seen[8] = {0};

	acme->inquiry = "ACME";
	nobody->inquiry = "OTHER";
	ck_assert_int_eq(sdi_register(&hba), 0);
	ck_assert_ptr_null(sdi_doconfig(nobody, 1, "driver", NULL, NULL));
	struct owner *silent = sdi_doconfig(acme, 1, "silent", NULL, NULL);
	struct owner *watching = sdi_doconfig(acme, 1, "watching", NULL, NULL);
	ck_assert_int_eq(count_owners(silent), 8);
	ck_assert_int_eq(watch(watching, seen), 8);
	ck_assert_ptr_eq(watching->edtp, silent->edtp);
	ck_assert_ptr_eq(watching->edtp->owner_list, watching);
	ck_assert_ptr_eq(watching->next, silent);

	sdi_xaen(SDI_FLT_RESET, 0, -1, -1, 0, 0);
	ck_assert_int_eq(calls(seen, 8), 4);
	ck_assert_int_eq(sdi_unregister(&hba), EBUSY);
	sdi_clrconfig(watching);
	ck_assert_int_eq(sdi_unregister(&hba), EBUSY);
	sdi_clrconfig(silent);
	ck_assert_int_eq(sdi_unregister(&hba), 0);
}
END_TEST

START_TEST(masked_events_merge_and_none_is_lost)
{
	struct sdi_hba hba = make_hba(4, "ACME");
	struct dev_cfg one[] = {{.ha_id = 0, .bus = 0, .target = 0, .lun = 0, .pdtype = -1}};
	struct device_counters counters = {0};
	struct seen seen[1] = {0};

	ck_assert_int_eq(sdi_register(&hba), 0);
	struct owner *owner = sdi_doconfig(one, 1, "driver", NULL, NULL);
	owner->counters = &counters;
	ck_assert_int_eq(watch(owner, seen), 1);
	int old = i_disable(INTCLASS2);
	sdi_xaen(SDI_FLT_RESET, 0, 0, 0, 0, 1);
	sdi_xaen(SDI_FLT_RESET, 0, 0, 0, 0, 2);
	ck_assert_int_eq(calls(seen, 1), 0);
	i_enable(old);
	ck_assert_int_eq(calls(seen, 1), 1);
	ck_assert_uint_eq(seen->var, 2);
	ck_assert_uint_eq(atomic_load(&counters.events_raised), 2);
	ck_assert_uint_eq(atomic_load(&counters.events_merged), 1);
	ck_assert_uint_eq(atomic_load(&counters.events_delivered), 1);
	sdi_clrconfig(owner);
	ck_assert_int_eq(sdi_unregister(&hba), 0);
}
END_TEST

static atomic_bool stop;

static void *signal_for_ever(void *unused)
{
	while (!atomic_load(&stop))
		sdi_xaen(SDI_FLT_RESET, 0, -1, -1, 0, 0);
	return unused;
}

START_TEST(claims_come_and_go_among_events)
{
	struct sdi_hba hba = make_hba(4, "ACME");
	struct dev_cfg all[] = {ANY};
	pthread_t thread;
	int sum = 0;

	ck_assert_int_eq(sdi_register(&hba), 0);
	ck_assert_int_eq(pthread_create(&thread, NULL, signal_for_ever, NULL), 0);
	for (int round = 0; round < 300; round++) {
		struct seen seen[8] = {0};
		struct owner *owners = sdi_doconfig(all, 1, "driver", NULL, NULL);
		ck_assert_int_eq(watch(owners, seen), 8);
		for (int wait = 0; wait < 1000 && calls(seen, 8) == 0; wait++)
			sched_yield();
		sdi_clrconfig(owners);
		sum += calls(seen, 8);
	}
	atomic_store(&stop, true);
	pthread_join(thread, NULL);
	ck_assert_int_gt(sum, 0);
	ck_assert_int_eq(sdi_unregister(&hba), 0);
}
END_TEST

START_TEST(what_makes_no_sense_is_refused)
{
	struct sdi_hba hba = make_hba(5, "ACME");

	ck_assert_int_eq(sdi_register(&hba), -1);
	hba = make_hba(4, "ACME");
	hba.buses = 0;
	ck_assert_int_eq(sdi_register(&hba), -1);
	hba = make_hba(4, "ACME");
	hba.inquire = NULL;
	ck_assert_int_eq(sdi_register(&hba), -1);
	ck_assert_int_eq(sdi_hba_number(99), -1);
}
END_TEST

SUITE_MAIN("sdi", events_reach_those_whom_they_concern, var_comes_with_version_4_and_aen_is_bus_0,
	handlers_are_optional_and_entries_are_shared, masked_events_merge_and_none_is_lost,
	claims_come_and_go_among_events, what_makes_no_sense_is_refused)
