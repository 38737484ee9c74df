/*
 * The device switch table: what a device driver is to the extension host.
 * Manual: devsw structure, devswadd, ddconfig, ddopen, ddselect, fp_opendev, selnotify.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/checked.h>
#include <sys/kernel_uio.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct buf;
struct shared_segment;

/* cmd of a configuration entry point. */
#define CFG_INIT 1 /* configure: the uio holds the DDS */
#define CFG_TERM 2 /* unconfigure: EBUSY while the device is open */
#define CFG_QVPD 3 /* query vital product data into the uio */
/* Ours: the uio holds the DDS with other values; EINVAL for those that can't change in use. */
#define CFG_CHANGE 0x100
/* These two are the host's own and never reach a driver: no open of a stopped device succeeds. */
#define CFG_STOP 0x101 /* EBUSY while the device is open, ENODEV when it is not published */
#define CFG_START 0x102

/* devflag of d_open, oflag of fp_opendev, uio_fmode. */
#define DREAD 0x01 /* open for reading */
#define DWRITE 0x02 /* open for writing */
#define DNDELAY 0x04 /* do not wait */
#define DKERNEL 0x08 /* the caller is an extension, not a process */

/* status of SYS_QDVSW and devswqry. */
#define DSW_UNDEFINED 0x00
#define DSW_DEFINED 0x01
#define DSW_CREAD 0x02
#define DSW_CWRITE 0x04
#define DSW_BLOCK 0x08
#define DSW_SELECT 0x20

/* poll event of the kernel interface: report now only, record no request. */
#define POLLSYNC 0x8000

/*
 * A driver's entry points. Each returns 0 or an errno. A member left NULL answers ENODEV
 * (d_close, NULL: success). All run in the process environment and may sleep, except d_strategy
 * and d_intr-like routines of the driver's own. Calls for one devno may come from several threads
 * at once; d_open and d_close of one device number never overlap.
 *
 * chan is 0: no shipped driver multiplexes. ext is the caller's extension parameter.
 */
#define D_WRITES 2

/* What a process needs for an ioctl, besides having the device open. */
enum ioctl_needs {
	IOCTL_OPEN, /* nothing more */
	IOCTL_READ, /* DREAD */
	IOCTL_WRITE, /* DWRITE */
	IOCTL_PRIVILEGE, /* to be root or the owner of the private root: suser() */
	IOCTL_EXTENSION, /* to be an extension: no process may */
};

/* The code says the structure's size, too: a process that passes another gets EINVAL. */
struct ioctl_entry {
	unsigned long cmd;
	enum ioctl_needs needs;
};

struct devsw {
	/* Called at every open; the driver refuses a second one with EBUSY where it must. */
	int (*d_open)(dev_t devno, unsigned long devflag, int chan, int ext);
	/* Called once for each successful open, also when the opener died. */
	int (*d_close)(dev_t devno, int chan);
	int (*d_read)(dev_t devno, struct uio *uiop, int chan, int ext);
	int (*d_write)(dev_t devno, struct uio *uiop, int chan, int ext);
	/*
	 * arg: a structure already in the host's memory, of the size that the _IOR/_IOW/_IOWR code
	 * says; it is copied back to the caller when the code has a read direction. For a code
	 * without size it is the number itself. devflag has DKERNEL for calls by fp_ioctl, whose
	 * structure is the caller's own.
	 */
	int (*d_ioctl)(dev_t devno, unsigned long cmd, void *arg, unsigned long devflag, int chan,
		int ext);
	/*
	 * Ours: the codes that d_ioctl knows, up to an entry of zeros. The host asks the driver
	 * only when the process has what the code needs: EBADF or EPERM without it, EINVAL for a
	 * code that is not there. Without a list every code needs privilege.
	 */
	const struct ioctl_entry *d_ioctls;
	/* Queues one request and returns; iodone() reports its end. Any environment. */
	int (*d_strategy)(struct buf *bp);
	/*
	 * events: POLLIN, POLLOUT, POLLPRI, and POLLSYNC. *reventp: those true now. When none is
	 * and POLLSYNC is clear, the driver records the request and calls selnotify() once later.
	 */
	int (*d_select)(dev_t devno, unsigned short events, unsigned short *reventp, int chan);
	int (*d_config)(dev_t devno, int cmd, struct uio *uiop);
	/*
	 * Ours: the shared memory that an opener may map, region 0, 1, ...; EINVAL when there is no
	 * such region. *segment stays the driver's.
	 */
	int (*d_map)(dev_t devno, unsigned int region, struct shared_segment **segment);
	/*
	 * Ours, both or none: d_write in two halves, for callers that have more of it to do. At
	 * most D_WRITES are begun and not ended. d_write_begin: 0, the data stays until the end; or
	 * an errno, and nothing is begun. d_write_end waits for the oldest; *moved: bytes. Returns
	 * what d_write does; once one has failed those begun by then fail with ECANCELED.
	 */
	int (*d_write_begin)(dev_t devno, struct uio *uiop);
	int (*d_write_end)(dev_t devno, size_t *moved);
	void *d_dsdptr; /* the driver's own, for devswqry */
};

/*
 * The symbol every extension exports: its configuration entry point. The host calls it for
 * SYS_CFGDD with the extension's kmid and for SYS_CFGKMOD (devno 0).
 * Returns 0 or an errno; cfg_refuse() below adds the words.
 */
int kmod_entry(dev_t devno, int cmd, struct uio *uiop);

/* Marks what an extension exports; everything else in it is hidden. */
#define KEX_EXPORT __attribute__((visibility("default")))

/*
 * An extension whose hardware is reached by a network says so, once: KEX_USES_NETWORK; its process,
 * the one that it is the first extension of, may make such sockets. All others' have those of
 * AF_UNIX.
 */
#define KEX_NETWORK_SYMBOL "kmod_uses_network"
#define KEX_USES_NETWORK                                                                           \
	extern const bool kmod_uses_network;                                                       \
	KEX_EXPORT const bool kmod_uses_network = true

/*
 * Enters a driver in the switch table under devno's major number. The structure is copied.
 * Returns 0, EEXIST when an open device uses the entry. Environment: process.
 */
int devswadd(dev_t devno, const struct devsw *devsw) KEX_MUST_CHECK KEX_NONNULL;

/* Removes the entry: 0, EEXIST while a device of it is open, ENODEV when there is none. */
int devswdel(dev_t devno);

/*
 * Asks for an entry: *status gets its DSW_ bits, *dsdptr the driver's d_dsdptr; either may be NULL.
 * Returns 0, also for an entry that is not defined. Environment: process.
 */
int devswqry(dev_t devno, unsigned *status, void **dsdptr);

/*
 * Says why the configuration call now running in this thread is refused, for the command that
 * asked: one line without newline, at most 159 bytes ("intr_priority 9: not an interrupt class").
 * Returns `error`, so that a driver writes return cfg_refuse(EINVAL, "...").
 * Environment: process.
 */
int cfg_refuse(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Publishes a configured device in the host's list, from the CFG_INIT of its driver: `name` is the
 * logical name as the administrator knows it ("tmscsi1.tm"), interrupt_class 0-3, or -1 when the
 * driver handles no interrupts. `counters` is read at any time, until the driver's CFG_TERM calls
 * device_withdraw; it may be NULL. Returns 0, EEXIST, ENOMEM. Environment: process.
 */
struct device_counters;
int device_publish(dev_t devno, const char *name, int interrupt_class,
	struct device_counters *counters) KEX_MUST_CHECK KEX_NONNULL_ARGUMENTS(2);
void device_withdraw(dev_t devno);

/* The device whose driver runs in this thread on a caller's behalf: 0 when none does. */
dev_t device_current(void);

/*
 * Whether the caller whose call this thread carries out is root or the owner of the private root;
 * an extension is. Manual: suser kernel service. Environment: process.
 */
bool suser(void);

/*
 * Tells every poll that waits on the device that `revents` came true. Extra calls are harmless.
 * Environment: process, interrupt.
 */
void selnotify(dev_t devno, int chan, unsigned short revents);

/* An open device as an extension sees it. */
struct file;

/*
 * Opens a device from an extension: how a device driver reaches its adapter. oflag: DREAD, DWRITE.
 * Returns 0, ENODEV when no driver has the major number, or what d_open answered.
 * Environment: process, for all three.
 */
int fp_opendev(
	dev_t devno, int oflag, int chan, int ext, struct file **fpp) KEX_MUST_CHECK KEX_NONNULL;
int fp_ioctl(struct file *fp, unsigned long cmd, void *arg, int ext) KEX_NONNULL_ARGUMENTS(1);
int fp_close(struct file *fp) KEX_NONNULL;

/*
 * Hands a request to the driver of bp->b_dev: returns without waiting, 0 or ENODEV.
 * Environment: process, and interrupt at INTIODONE or less favoured.
 */
int devstrat(struct buf *bp) KEX_MUST_CHECK KEX_NONNULL;

#ifdef __cplusplus
}
#endif
