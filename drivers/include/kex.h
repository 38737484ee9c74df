/*
 * libkex: the extension host, its extensions and their devices as a process sees them.
 * Link with -lkex. sysconfig() is in <sys/sysconfig.h>.
 *
 * kexd is started by the first call that needs it (sysconfig loads; kex_open never starts it, for
 * a fresh host has no devices). It outlives the caller. It is found in the caller's installation,
 * or where ODMCFG_KEXD says.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/checked.h>
#include <sys/sysconfig.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Why the last call of this library in this thread failed, in words that name the object; "" when
 * there is nothing to say. Valid until the thread's next call.
 */
const char *kex_reason(void);

enum kexd_state {
	KEXD_STOPPED, /* not running, and stopped in good order or never started */
	KEXD_RUNNING,
	KEXD_DIED, /* it ended without being stopped: its devices are not configured any more */
	KEXD_OTHER, /* running, but of another build, which does not understand this one */
};
#define KEXD_VERSION 64 /* bytes */

struct kexd_status {
	enum kexd_state state;
	pid_t pid; /* of the running or the dead process, 0 when stopped */
	int64_t started; /* seconds since the epoch */
	unsigned extensions; /* loaded; 0 unless running */
	unsigned devices; /* configured; 0 unless running */
	char version[KEXD_VERSION]; /* of the running one, also of another build; "" otherwise */
};

/* Finds the host's state without starting it. Returns 0, or -1 and errno. */
int kexd_query(struct kexd_status *status) KEX_NONNULL;

/*
 * The state by the host's pid file alone, without a call of it: never KEXD_OTHER. *pid is 0 when it
 * is stopped, or the user may not know.
 */
enum kexd_state kexd_look(pid_t *pid) KEX_NONNULL;

/*
 * Stops the host: every device is closed and unconfigured. Returns 0 (also when it was not
 * running), or -1 and errno: EBUSY when a device is open and `force` is not set, EPROTO when it is
 * of another build, which only `force` ends.
 */
int kexd_stop(bool force);

/*
 * sysconfig(), with the process of the host that a SYS_CFGDD of CFG_INIT configures its device in:
 * that of the device `process_of`, as what hangs on an adapter has to, KEX_OWN_PROCESS for one of
 * its own, as an adapter should, or KEX_SHARED_PROCESS for the one of all devices that are
 * configured so, as sysconfig() does. A fault of an extension ends its process only. Other commands
 * do not look at `process_of`. Returns what sysconfig() does; ENODEV, too, when `process_of` is not
 * configured.
 */
#define KEX_SHARED_PROCESS ((dev_t)0)
#define KEX_OWN_PROCESS ((dev_t)-1)
int kex_sysconfig(int cmd, void *parmp, int parmlen, dev_t process_of);

/* A loaded extension. */
struct kex_extension {
	mid_t kmid;
	char name[32]; /* the file's name without .so */
	unsigned loads; /* SYS_SINGLELOADs not yet undone */
	uint64_t address; /* where it is in the shared process */
	uint64_t size; /* bytes of its segments */
	char path[160]; /* cut when it is longer */
};

/* How many processes that have a device open are told. */
#define KEX_OPENERS 8

/* A configured device: what its driver published. */
struct kex_device {
	dev_t devno;
	char name[32]; /* "tmscsi1.tm" */
	char extension[32]; /* its driver */
	int interrupt_class; /* 0-3; -1: handles no interrupts */
	pid_t process; /* of the host, that has it */
	unsigned opens; /* open now, by processes and extensions */
	pid_t openers[KEX_OPENERS]; /* processes that have it open, the first of them; then 0 */
	uint64_t events_raised, events_delivered, events_merged, events_masked;
	/* By flag, SCSI_FATAL_HDW_ERR's first. */
	uint64_t raised_by_flag[4], merged_by_flag[4];
	uint64_t last_event_time; /* seconds since the epoch, 0: none */
	uint32_t last_events; /* its flags */
	uint64_t bytes, records, sender_waits;
	uint64_t sender_wait_time; /* nanoseconds */
	uint32_t num_bufs, bufs_in_use, bufs_peak; /* 0 unless target mode */
	uint64_t bufs_filled;
	uint64_t bufs_exhausted;
	uint64_t full_time; /* nanoseconds with all buffers full, until reception went on */
};

/* An entry of SDI's equipped device table. */
struct kex_edt {
	uint64_t index; /* in the table */
	int32_t hba, bus, target, lun; /* address */
	int32_t version; /* of SDI that the HBA's driver was written for */
	int32_t pdtype; /* peripheral device type */
	char hba_name[32];
	char product[32]; /* vendor and product of the inquiry data */
	char owners[64]; /* names of the drivers that claimed it, with blanks between */
};

/*
 * What is loaded and what is configured, in kmid and devno order. Returns the count with *list
 * malloc'ed for the caller to free (NULL for none), 0 when kexd is not running, or -1 and errno.
 * A process of kexd's that does not answer in a second is left out, and kex_reason() says so.
 */
ssize_t kex_extensions(struct kex_extension **list) KEX_MUST_CHECK KEX_NONNULL;
ssize_t kex_devices(struct kex_device **list) KEX_MUST_CHECK KEX_NONNULL;
ssize_t kex_edt(struct kex_edt **list) KEX_MUST_CHECK KEX_NONNULL;

/*
 * Finds one configured device by number. Returns 1, 0 when it is not configured or kexd is not
 * running, -1 and errno: ETIMEDOUT when its process does not answer in a second.
 */
int kex_device(dev_t devno, struct kex_device *device) KEX_MUST_CHECK KEX_NONNULL;

/*
 * Trace sessions of the host, for root and the owner of the private root. `hooks`: a bit for each
 * hook number of <sys/trcmacros.h>, 4096 of them, the lowest bit of the first byte first. Return 0,
 * or -1 and errno: EBUSY a session is on, ENOENT none is.
 */
#define KEX_TRACE_HOOKS 4096
int kex_trace_start(const unsigned char hooks[KEX_TRACE_HOOKS / 8]) KEX_MUST_CHECK KEX_NONNULL;
int kex_trace_stop(void);

/* One record. The data is valid during the call only. */
struct kex_trace_record {
	uint64_t time; /* nanoseconds since the epoch */
	uint32_t hook_word, data_word;
	pid_t process, thread;
	size_t length; /* bytes of data */
	const unsigned char *data;
};

/*
 * Visits the records of the session that is on or was last, in order, as far as newer ones have not
 * overwritten them; `visit` returns 0 to go on. Returns what it returned last; 0 at the end; -1 and
 * errno. *lost: slots that were overwritten.
 */
int kex_trace_read(int (*visit)(const struct kex_trace_record *record, void *closure),
	void *closure, uint64_t *lost) KEX_MUST_CHECK KEX_NONNULL_ARGUMENTS(1, 3);

/*
 * Device special files: small files in the root's special directory that hold a device number,
 * opened by those whom their owner and mode allow. `name` is relative to that directory. For
 * programs that know nothing of libkex, odmcfg devfs makes files of the same names in dev.
 */
int special_file_make(const char *name, dev_t devno,
	mode_t mode) KEX_MUST_CHECK KEX_NONNULL; /* 0, or -1 and errno */
/* With an owner and a group; -1 for the caller's. EPERM when the caller may not give it away. */
int special_file_make_for(const char *name, dev_t devno, mode_t mode, uid_t owner,
	gid_t group) KEX_MUST_CHECK KEX_NONNULL;
int special_file_remove(const char *name) KEX_NONNULL; /* absent is success */
int special_file_read(const char *name, int oflag,
	dev_t *devno) KEX_MUST_CHECK KEX_NONNULL; /* ENXIO: not a special file */

/* An open device. One thread at a time uses it. */
struct kex_file;

/*
 * Opens a device by its special file. oflag: O_RDONLY, O_WRONLY or O_RDWR, with O_NONBLOCK.
 * Returns the file, or NULL and errno: ENOENT no special file, EACCES its mode, ENXIO not a
 * special file, ENODEV not configured in the host, EHOSTDOWN the host is not running or died
 * (kex_reason() tells which), or the driver's.
 */
struct kex_file *kex_open(const char *name, int oflag) KEX_MUST_CHECK KEX_NONNULL;

/*
 * Closes it, after the writes that were begun; NULL is allowed; errno stays. When it returns the
 * driver has closed the device. The process's end does the same, a moment later, and cuts writes
 * off.
 */
void kex_close(struct kex_file *file);

/*
 * Read and write through the driver, any length; a driver's own limit is EINVAL. Return the bytes
 * moved, or -1 and errno: EINTR after a signal, EHOSTDOWN when the host ended, or the driver's.
 */
ssize_t kex_read(struct kex_file *file, void *buffer, size_t length) KEX_MUST_CHECK
	KEX_NONNULL_ARGUMENTS(1);
ssize_t kex_write(struct kex_file *file, const void *buffer, size_t length) KEX_MUST_CHECK
	KEX_NONNULL_ARGUMENTS(1);

/*
 * The two halves of a write, so that a process may prepare the next record while the last one is on
 * its way. Writes are carried out one after the other; when one fails those begun after it, before
 * its end was asked for, are not carried out, but fail with ECANCELED: a stream gets no hole.
 * kex_write_begin returns when it has the data: 0, or -1 and errno, EAGAIN when KEX_WRITES are
 * begun and not ended. kex_write_end waits for the oldest that was begun and returns what kex_write
 * would have; EINVAL when there is none. Other calls wait for those begun.
 */
#define KEX_WRITES 4
int kex_write_begin(struct kex_file *file, const void *buffer, size_t length) KEX_MUST_CHECK
	KEX_NONNULL_ARGUMENTS(1);
ssize_t kex_write_end(struct kex_file *file) KEX_MUST_CHECK KEX_NONNULL;

/*
 * Memory for up to `length` bytes that the driver sees, too: what is put there before a kex_write
 * or kex_write_begin of it, or comes there by a kex_read into it, is not copied. Valid until the
 * next kex_buffer, kex_write_begin, or kex_read or kex_write of more. NULL and errno; EAGAIN as
 * kex_write_begin.
 */
void *kex_buffer(struct kex_file *file, size_t length) KEX_MUST_CHECK KEX_NONNULL;

/* cmd's size and direction bits say how much is copied each way. 0, or -1 and errno. */
int kex_ioctl(struct kex_file *file, unsigned long cmd, void *arg) KEX_NONNULL_ARGUMENTS(1);

/*
 * The same on behalf of somebody who is neither root nor the owner of the private root: EPERM where
 * that is needed, whoever the caller is.
 */
int kex_ioctl_unprivileged(struct kex_file *file, unsigned long cmd, void *arg)
	KEX_NONNULL_ARGUMENTS(1);

/*
 * Waits until one of `events` (POLLIN, POLLOUT, POLLPRI) is true, timeout in milliseconds, -1 for
 * ever. Returns 1 with *revents, 0 at the timeout, or -1 and errno.
 */
int kex_poll(struct kex_file *file, short events, short *revents, int timeout) KEX_NONNULL;

/*
 * The descriptor that becomes readable when a poll that found nothing is worth repeating, for
 * programs that wait for several things. kex_poll takes its notification; nobody else reads it.
 */
int kex_notify_fd(const struct kex_file *file) KEX_NONNULL;

/*
 * Maps a region of shared memory that the driver offers; unmapped by kex_close. Returns the
 * address and *size, or NULL and errno (EINVAL: no such region).
 *
 * When the device's process ends while it is open, every call is EIO from then on, with three
 * exceptions: kex_poll says POLLPRI, TMIOEVNT the fatal event, once, and what is mapped stays.
 */
void *kex_map(struct kex_file *file, unsigned region, size_t *size) KEX_MUST_CHECK KEX_NONNULL;

#ifdef __cplusplus
}
#endif
