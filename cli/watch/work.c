/*
 * A device that came or went makes the watch look for all devices, which a storm of events has it
 * do once: it waits for a pause between them, and not for ever. A known device that only changed
 * gets its values at once, and then again at most every so often.
 */
#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/message.h"
#include "base/paths.h"
#include "cfgmethods/device.h"
#include "cfgmethods/kernel_refresh.h"
#include "cli/shared/repository_trouble.h"
#include "detect.h"

#define MILLISECOND 1000000LL /* nanoseconds */

#define PAUSE (20 * MILLISECOND) /* between events, before devices are looked for */
#define LONGEST (200 * MILLISECOND) /* that they keep it waiting */

/* More are not noted one by one: then the values of all devices are compared. */
#define MOST_ARRIVALS 4096

static void arrivals_release(struct arrivals *arrivals)
{
	free(arrivals->list);
	*arrivals = (struct arrivals){0};
}

void work_release(struct work *work)
{
	directory_release(&work->directory);
	applier_release(&work->applier);
	arrivals_release(&work->arrivals);
	arrivals_release(&work->strangers);
}

/* False when there are too many, or there is no memory. */
static bool arrivals_add(struct arrivals *arrivals, const struct arrival *arrival)
{
	int count = arrivals->count;

	if (count == MOST_ARRIVALS)
		return false;
	/* Room grows at the powers of two. */
	if ((count & (count - 1)) == 0) {
		size_t room = count > 0 ? 2 * (size_t)count : 1;
		struct arrival *longer = reallocarray(arrivals->list, room, sizeof(*longer));
		if (longer == NULL)
			return false;
		arrivals->list = longer;
	}
	arrivals->list[arrivals->count++] = *arrival;
	return true;
}

static void want_detection(struct work *work)
{
	int64_t now = clock_nanoseconds();

	if (!work->detection)
		work->first_reason = now;
	work->detection = true;
	work->last_reason = now;
	work->failures = 0;
}

void work_rescan(struct work *work)
{
	want_detection(work);
	work->first_reason = 0;
	work->everything = true;
}

/* Whether devices of the machine can come or change by it. */
static bool is_of_interest(const char *subsystem)
{
	static const char *const names[] = {"block", "net", "pci", "scsi", "scsi_host", "scsi_tape",
		"fc_host", "nvme", "nvme-subsystem", "mmc", "cpu", "memory"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], subsystem) == 0)
			return true;
	return false;
}

static bool only_changes(const char *action)
{
	static const char *const names[] = {"change", "online", "offline", "up"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], action) == 0)
			return true;
	return false;
}

static bool is_stranger(const struct work *work, const char *os_name)
{
	for (int i = 0; i < work->strangers.count; i++)
		if (strcmp(work->strangers.list[i].os_name, os_name) == 0)
			return true;
	return false;
}

/* A new remote port gets its port's values: "rport-5:0-1" is behind host5. */
static void take_remote_port(struct work *work, const char *name)
{
	char host[32];
	unsigned number;

	if (sscanf(name, "rport-%u:", &number) != 1)
		return;
	snprintf(host, sizeof(host), "host%u", number);
	directory_touch(&work->directory, "fc_host", host);
}

void work_take_event(const struct event *event, void *closure)
{
	struct work *work = closure;
	struct arrival arrival = {.changed = only_changes(event->action)};

	if (strcmp(event->subsystem, "fc_remote_ports") == 0 &&
		strcmp(event->action, "remove") != 0)
		take_remote_port(work, event->name);

	if (!is_of_interest(event->subsystem) ||
		!copy_text(arrival.subsystem, sizeof(arrival.subsystem), event->subsystem) ||
		!copy_text(arrival.os_name, sizeof(arrival.os_name), event->name))
		return;
	if (strcmp(event->action, "remove") != 0 &&
		directory_touch(&work->directory, event->subsystem, event->name) && arrival.changed)
		return;
	/* An interface is known before it is up, or it is none of the machine's. */
	if (strcmp(event->action, "up") == 0 || (arrival.changed && is_stranger(work, event->name)))
		return;
	want_detection(work);
	if (!arrivals_add(&work->arrivals, &arrival))
		work->everything = true;
}

static int64_t earlier(int64_t one, int64_t other)
{
	return one < other ? one : other;
}

static int64_t detection_due(const struct work *work)
{
	return work->detection ? earlier(work->first_reason + LONGEST, work->last_reason + PAUSE)
			       : NEVER;
}

static int64_t touched_due(const struct work *work)
{
	return work->directory.touched > 0 ? work->applied + PAUSE : NEVER;
}

static int64_t next_due(const struct work *work)
{
	int64_t due = earlier(
		earlier(detection_due(work), touched_due(work)), applier_due(&work->applier));

	return due == NEVER || due > work->blocked ? due : work->blocked;
}

/* A disk that is larger now has sent an event. */
static void refresh_sizes(const struct names *names)
{
	for (int i = 0; i < names->count; i++) {
		AUTO_FREE char *size = NULL;
		int result = kernel_refresh_size(names->list[i], &size);
		if (result < 0)
			message("the size of %s can't be stored: %s", names->list[i],
				odm_error_text(odmerrno));
		else if (result > 0)
			message("%s has %s megabytes now", names->list[i], size);
	}
}

/* Gives these devices their values; one that is not where it was is looked for. */
static void apply(struct work *work, const struct names *names, bool event)
{
	work->applier.lost = false;
	if (names->count > 0)
		applier_apply(&work->applier, names, event);
	if (event)
		refresh_sizes(names);
	if (work->applier.lost)
		want_detection(work);
	work->applied = clock_nanoseconds();
}

static void apply_touched(struct work *work)
{
	AUTO(names_release) struct names names = {0};

	if (directory_take(&work->directory, &names))
		apply(work, &names, true);
}

static void apply_again(struct work *work, int64_t now)
{
	AUTO(names_release) struct names names = {0};

	if (applier_take_due(&work->applier, now, &names))
		apply(work, &names, false);
}

/* Touches in the new directory what was touched in the old one, and what arrived. */
static void touch_again(struct work *work, const struct directory *old)
{
	for (int i = 0; i < old->count; i++)
		if (old->entries[i].touched)
			directory_touch(
				&work->directory, old->entries[i].place, old->entries[i].os_name);
	arrivals_release(&work->strangers);
	for (int i = 0; i < work->arrivals.count; i++) {
		const struct arrival *arrival = &work->arrivals.list[i];
		if (!directory_touch(&work->directory, arrival->subsystem, arrival->os_name) &&
			arrival->changed && !is_stranger(work, arrival->os_name))
			arrivals_add(&work->strangers, arrival);
	}
	arrivals_release(&work->arrivals);
	if (work->everything)
		directory_touch_all(&work->directory);
	work->everything = false;
}

/* What failed is tried again, in vain at most so often, until the next event. */
static void plan_next_try(struct work *work)
{
	static const int pauses[] = {100, 1000, 10000, 60000};
	size_t tries = (size_t)work->failures;

	if (tries == sizeof(pauses) / sizeof(*pauses)) {
		message("devices are not looked for before the next event; cfgmgr finds them");
		return;
	}
	work->detection = true;
	work->last_reason = clock_nanoseconds() + pauses[tries] * MILLISECOND;
	work->first_reason = work->last_reason;
	work->failures++;
}

static void detect(struct work *work)
{
	struct directory old = work->directory;

	work->detection = false;
	if (!repository_version_fits(true)) {
		work->broken = true;
		return;
	}
	bool complete = detect_devices();
	work->directory = (struct directory){0};
	if (!directory_read(&work->directory)) {
		work->directory = old;
		plan_next_try(work);
		return;
	}
	touch_again(work, &old);
	directory_release(&old);
	apply_touched(work);
	/* What is lost was just looked for. */
	work->detection = false;
	if (complete)
		work->failures = 0;
	else
		plan_next_try(work);
	/* Whoever copies odm.db alone has all of it; a reader in the way is no matter. */
	if (odm_checkpoint() < 0)
		odmerrno = 0;
}

/* One that was put in the database's place, as odmcfg restore does, is another file. */
static void follow_database(void)
{
	static ino_t known;
	struct stat status;
	AUTO_FREE char *path = root_path(ROOT_OBJREPOS, "odm.db");

	if (path == NULL || stat(path, &status) < 0)
		return;
	if (known != 0 && known != status.st_ino) {
		odm_terminate();
		odm_initialize();
	}
	known = status.st_ino;
}

/* The lock's number; -1 when another process has it, and is looked for again. */
static int take_lock(struct work *work)
{
	AUTO_FREE char *path = root_path(ROOT_OBJREPOS, "config_lock");
	int id = path != NULL ? odm_lock(path, ODM_NOWAIT) : -1;

	if (id >= 0) {
		work->blocked = 0;
		work->waits = 0;
		return id;
	}
	if (path == NULL || odmerrno != ODMI_LOCK_BLOCKED) {
		message("the configuration lock can't be taken: %s",
			odm_error_text(path == NULL ? ODMI_MALLOC_ERR : odmerrno));
		work->broken = true;
		return -1;
	}
	/* 2 milliseconds, then twice that, and at last 64. */
	work->blocked = clock_nanoseconds() + (2 * MILLISECOND << work->waits);
	work->waits += work->waits < 5;
	return -1;
}

int64_t work_do(struct work *work)
{
	int64_t now = clock_nanoseconds();

	if (next_due(work) > now)
		return next_due(work);
	follow_database();
	int lock = take_lock(work);
	if (lock < 0)
		return next_due(work);
	if (touched_due(work) <= now)
		apply_touched(work);
	if (applier_due(&work->applier) <= now)
		apply_again(work, now);
	if (detection_due(work) <= now)
		detect(work);
	odm_unlock(lock);
	return next_due(work);
}
