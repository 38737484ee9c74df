/*
 * The iSCSI adapter driver's private structures. The driver (config.c, entry.c) answers device
 * drivers; the hardware (thread.c, session.c, command.c, sense.c) is libiscsi's sessions, worked by
 * one thread or by who waits for it, under one mutex.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/counters.h>
#include <sys/device.h>
#include <sys/hardware.h>
#include <sys/intr.h>
#include <sys/iscsi.h>
#include <sys/scsi_adapter.h>
#include <sys/text_dds.h>

#include "adapter/commands.h"

#define ISCSI_ADAPTERS 8 /* minor numbers */
#define ISCSI_ELEMENTS 256 /* commands in progress, at most */
#define ISCSI_REASON 160
#define ISCSI_FILE 192 /* bytes of a file's path */
#define ISCSI_PORTALS 256 /* bytes of a list of portals */
#define ISCSI_SECRET 256 /* bytes of a CHAP secret with its NUL */

struct iscsi_context;
struct scsi_task;
struct initiator;

/* What the attributes say. Times are in milliseconds. */
struct settings {
	const struct text_dds *dds;
	char initiator_name[ISCSI_NAME];
	char portals[ISCSI_PORTALS]; /* to ask for targets, with commas between */
	bool file_policy; /* targets are those of the file */
	char file[ISCSI_FILE]; /* of targets, as AIX's */
	char chap_name[ISCSI_NAME]; /* "": no CHAP */
	char secret_file[ISCSI_FILE];
	uint32_t intr_priority, num_cmd_elems, max_targets, max_transfer;
	uint32_t retries;
	int64_t retry_delay, login_timeout, nop_interval, nop_timeout, reconnect_time,
		poll_interval;
};

/* A command in progress, or to be sent again. The hardware's. */
struct element {
	struct element *next;
	struct unit *unit;
	struct scsi_buf *request;
	struct scsi_task *task; /* on its way; NULL: to be sent */
	int64_t deadline; /* of what is on its way, 0 none */
	int64_t not_before; /* when it is sent again */
	uint32_t tries; /* that failed */
	uint32_t attentions; /* that delayed it */
	bool aborting; /* the target was asked to abort it; not to be reused before the answer */
	bool timed_out;
	bool cut; /* the session was lost, or the target asked to abort it: nobody knows its result
		   */
	bool cancelled; /* by ourselves */
	bool suspected; /* a reset may have ended it in silence: asked about soon, no time-out */
	bool own; /* the hardware's own TEST UNIT READY */
};

/* A logical unit that commands go to. The hardware's. */
struct unit {
	struct unit *next;
	struct target *target;
	uint32_t lun;
	unsigned watchers; /* open sessions of device drivers */
	bool fresh; /* has not answered since the login: the attention of that is still to come */
	bool broken; /* its last command failed: SC_AFTER */
	bool halted; /* since a SCIOLHALT; the driver's lock guards it */
	struct element *elements, **last_element; /* in the order of their submission */
	struct buf *waiting, **last_waiting; /* behind those */
	int64_t asked; /* when a command was sent last */
	struct scsi_buf poll; /* TEST UNIT READY */
	bool polling;
};

enum session_state { SESSION_DOWN, SESSION_CONNECTING, SESSION_UP };

/* A target at one of its portals, and the session with it. The hardware's. */
struct target {
	struct initiator *initiator;
	uint32_t number;
	char name[ISCSI_NAME];
	char portal[ISCSI_PORTAL];
	enum session_state state;
	struct iscsi_context *context;
	int fd; /* that epoll watches, -1 none */
	uint32_t watched; /* epoll's events */
	bool broken; /* the session is to be dropped */
	bool given_up; /* commands fail until a login succeeds */
	unsigned watchers;
	int64_t up_since;
	int64_t lost_since; /* 0: there was no session, or there is one */
	int64_t tried, next_try; /* logins */
	int64_t deadline; /* of the login under way */
	int64_t heard; /* from the target, last */
	int64_t nop_sent; /* not answered yet; 0 none */
	unsigned login_failures;
	int64_t told_change; /* that its units are others, 0 never */
	char reason[ISCSI_REASON]; /* why it is down */
	struct unit *units;
};

/* A configured adapter. */
struct initiator {
	struct text_dds dds; /* first, see struct driver */
	dev_t devno;
	int priority;
	struct settings settings;
	struct scsi_adapter adapter;
	struct adapter_commands commands;
	struct device_counters counters;
	struct intr_source interrupt;
	Simple_lock lock; /* guards what is halted; taken at `priority` */

	struct hardware hardware;
	pthread_t thread;
	atomic_bool stopping;
	int kick, outer, inner; /* eventfd; epoll of it and of `inner`; epoll of the sessions */
	struct buf *_Atomic submitted; /* the last first */
	struct buf *_Atomic completed; /* the last first */
	atomic_bool serving; /* who has the mutex looks at `submitted` when he has left it */
	_Atomic int64_t sleeps_until; /* the thread */
	atomic_bool unwatched; /* something is due before that */

	/* Guards everything below, and the targets. No interrupt handler takes it. */
	pthread_mutex_t mutex;
	struct target *targets[ISCSI_NUMBERS]; /* by number; stay until the end */
	unsigned target_limit; /* above the highest number in use */
	struct element *free_elements;
	struct element elements[ISCSI_ELEMENTS];
	unsigned active; /* elements in use */

	/* What the last scan found, and its own mutex: taken before the other. */
	pthread_mutex_t scan_mutex;
	struct iscsi_lun *found;
	uint32_t found_count;
};

/* The adapter of a device number, NULL when it is not configured. */
struct initiator *initiator_find(dev_t devno);

/* Reads the attributes of a DDS: true, or false with what is wrong. */
bool settings_read(const struct text_dds *dds, struct settings *settings, char reason[DDS_REASON]);

/* Entry points, see struct devsw. */
extern const struct devsw initiator_entry_points;
int initiator_strategy(struct buf *bp);

/*
 * The hardware. hardware_on starts its thread: 0 or an errno; hardware_off ends it and all
 * sessions. hardware_submit takes a command to a target that is there; it ends by iodone. Any
 * environment.
 */
int hardware_on(struct initiator *initiator);
void hardware_off(struct initiator *initiator);
void hardware_submit(struct initiator *initiator, struct scsi_buf *request);
void hardware_kick(struct initiator *initiator);
/* A request has ended. */
void hardware_complete(struct initiator *initiator, struct scsi_buf *request);

/* The unit of a target's number, made when it is not there; NULL without the target or memory. With
 * the mutex held. */
struct unit *unit_get(struct initiator *initiator, uint64_t number, uint64_t lun);

/*
 * Targets by number (targets.c). targets_load makes those that were numbered before; target_number
 * finds or numbers one: the number, or -1 with the reason. With the mutex held.
 */
int targets_load(struct initiator *initiator, char reason[ISCSI_REASON]);
int target_number(struct initiator *initiator, const char *name, const char *portal,
	char reason[ISCSI_REASON]);
void targets_free(struct initiator *initiator);

/* Sessions (session.c). All with the mutex held. */
void session_try(struct target *target, int64_t now);
void session_service(struct target *target, int events);
/* Why the library failed, in words. */
const char *session_cause(struct iscsi_context *context);
void session_drop(struct target *target, const char *reason);
/* Asks for a reset of a logical unit: false when there is no session. */
bool session_reset(struct unit *unit);
void session_watch(struct target *target); /* epoll, after anything was queued */
void session_check_time(struct target *target, int64_t now);
/* Logs out, up to a moment, and drops it, when the adapter goes. */
void session_end(struct target *target, int64_t end);
int64_t session_next_time(const struct target *target); /* INT64_MAX: never */

/* Commands (command.c). All with the mutex held. */
void command_enter(struct initiator *initiator, struct scsi_buf *request);
void command_progress(struct target *target, int64_t now);
void command_session_lost(struct target *target);
void command_fail_all(struct target *target);
void command_check_time(struct target *target, int64_t now);
int64_t command_next_time(const struct target *target);
void command_halt(struct unit *unit);
bool command_any(const struct target *target);
/* Ends it; the request is iodone's. */
void command_finish(struct element *element);
void command_fail(struct element *element, int error, uint8_t adapter_status);
/* Sends it again when so many milliseconds have passed. */
void command_again(struct element *element, int64_t delay);
/* Whether it may be sent again when nobody knows if it was carried out. */
bool command_is_repeatable(const struct scsi_buf *request);

/* What a target answered that is not good (sense.c). With the mutex held. */
void sense_take(struct element *element, const uint8_t *bytes, size_t length);
/* It answered without an attention: that of the login is not to come any more. */
void sense_none(const struct element *element);
void sense_busy(struct element *element, uint8_t status);
/* Tries it again until there were as many as the attribute allows; then it has failed. */
void sense_retry(struct element *element, int64_t delay);

/* CHAP secret for a target into the room: its length, 0 for none, -1 with the reason. */
int secret_read(const struct settings *settings, const char *target, char room[ISCSI_SECRET],
	char reason[ISCSI_REASON]);

/*
 * Targets of the settings, without their secrets: the targets file's and the attribute's, each told
 * to `visit` until that is false. False with the reason.
 */
bool listed_targets(const struct settings *settings,
	bool (*visit)(const char *name, const char *portal, void *closure), void *closure,
	char reason[ISCSI_REASON]);

/* Asks a portal for its targets, each told to `visit`. False with the reason. */
bool discover(const struct settings *settings, const char *portal,
	bool (*visit)(const char *name, const char *portal, void *closure), void *closure,
	char reason[ISCSI_REASON]);

/* ISCSISCAN and ISCSIFOUND: an errno. */
int scan_start(struct initiator *initiator, struct iscsi_scan *result);
int scan_found(struct initiator *initiator, struct iscsi_found *found);

/* Page 83 and page 80 of a unit, as they came, to its identity: "" when they say nothing. */
void identity_read(const uint8_t *page83, size_t length83, const char *serial, char room[ISCSI_ID]);
