/*
 * sysconfig(): how a configuration method loads kernel extensions and configures devices.
 * Manual: SYS_SINGLELOAD, SYS_KLOAD, SYS_KULOAD, SYS_QUERYLOAD, SYS_CFGDD, SYS_CFGKMOD, SYS_QDVSW.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Commands. The numbers are ours; programs are compiled against the names. */
#define SYS_KLOAD 1 /* cfg_load: load another copy */
#define SYS_SINGLELOAD 2 /* cfg_load: load, or count one more use of what is loaded */
#define SYS_QUERYLOAD 3 /* cfg_load: kmid of a loaded extension, 0 when it is not loaded */
#define SYS_KULOAD 4 /* cfg_load: one use less; unloaded with the last */
#define SYS_CFGDD 5 /* cfg_dd: call a device driver's configuration entry point */
#define SYS_CFGKMOD 6 /* cfg_kmod: call another extension's entry point */
#define SYS_QDVSW 7 /* qry_devsw: state of a device switch table entry */

typedef uint64_t mid_t; /* kernel module id; 0 is none */

struct cfg_load {
	char *path; /* the extension's file */
	char *libpath; /* not used: extensions name no libraries to search for */
	mid_t kmid; /* out for loads and queries, in for SYS_KULOAD */
};

struct cfg_dd {
	mid_t kmid; /* 0: the driver is found by devno's major number */
	dev_t devno; /* the device */
	int cmd; /* CFG_INIT, CFG_TERM, CFG_QVPD of <sys/device.h>, or the driver's own */
	char *ddsptr; /* the device dependent structure */
	int ddslen; /* its size, bytes */
};

struct cfg_kmod {
	mid_t kmid;
	int cmd;
	char *mdiptr; /* module dependent information, may be NULL */
	int mdilen; /* bytes */
};

struct qry_devsw {
	dev_t devno; /* in: only the major number counts */
	int status; /* out: DSW_ bits of <sys/device.h> */
};

/*
 * Carries out one command in the extension host, which is started when it is not running.
 * parmp: the command's structure; parmlen: its size in bytes, which must be exact.
 * Returns 0, or -1 and errno: EFAULT bad structure, EINVAL unknown command, ENOENT no such
 * extension file, ENOEXEC not an extension or an unknown kernel service, ENODEV unknown kmid or
 * devno, EPERM the caller does not own the root, or what the extension's entry point answered;
 * kex_reason() of <kex.h> then has the cause in words.
 */
int sysconfig(int cmd, void *parmp, int parmlen);

#ifdef __cplusplus
}
#endif
