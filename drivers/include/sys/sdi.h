/*
 * SDI, the SCSI driver interface of SVR5, for HBA drivers and target drivers. Manual: sdi_xaen(D3),
 * sdi_aen(D3), sdi_doconfig(D3), owner(D4), sdi_edt(D4). Event codes, and the arguments of a fault
 * routine, are ours: no public page lists them.
 *
 * HBAs enter the devices they find in the equipped device table (EDT). Target drivers claim entries
 * with sdi_doconfig and get an owner for each, in which they set a fault routine. An asynchronous
 * event reaches the fault routines of all owners that it concerns, at the interrupt priority of the
 * HBA; while that is masked, the same event merges with the one before it.
 */
#pragma once

#include <stdint.h>
#include <sys/atomic_word.h>
#include <sys/checked.h>
#include <sys/counters.h>
#include <sys/intr.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Codes of asynchronous events: 1 to SDI_FLT_MAX. */
#define SDI_FLT_RESET 1 /* the bus was reset */
#define SDI_FLT_CMD 2 /* a command of the HBA failed beyond recovery */
#define SDI_FLT_HBA 3 /* the HBA failed */
#define SDI_FLT_MAX 31

/* From this version on sdi_xaen's var is passed on. */
#define SDI_VERSION_VAR 4

#define SDI_INQUIRY 36 /* bytes of standard inquiry data */

struct scsi_adr {
	int scsi_ctl; /* HBA number */
	int scsi_bus;
	int scsi_target;
	int scsi_lun;
};

/* A device of the EDT. */
struct sdi_edt {
	struct scsi_adr scsi_adr;
	int pdtype; /* peripheral device type of the inquiry data: 0 for a disk */
	uint8_t inquiry[SDI_INQUIRY];
	struct owner *owner_list; /* those who claimed it, linked by `next` */

	struct sdi_edt *hash_p; /* private: the next of the table */
};

/* A fault routine: must not sleep. var is 0 for HBAs before SDI version 4. */
typedef void sdi_fault(long flt_parm, int event, unsigned long var);

/* A driver's claim of an EDT entry. SDI allocates it; the driver sets flt_parm and then fault. */
struct owner {
	struct owner *next; /* of the same entry */
	struct sdi_edt *edtp;
	int maj;
	struct owner *target_link; /* the next that one sdi_doconfig returned */
	const char *name; /* the driver's */
	long flt_parm;
	KEX_ATOMIC(sdi_fault *) fault; /* NULL: the driver wants no events */

	struct device_counters *counters; /* ours: where events are counted, or NULL */

	/* Private. */
	struct intr_source source;
	KEX_ATOMIC(unsigned long) var[SDI_FLT_MAX + 1];
};

/* Which devices a target driver wants; -1 for any. */
struct dev_cfg {
	int ha_id, bus, target, lun;
	int pdtype;
	const char *inquiry; /* what vendor and product begin with; NULL for any */
};

struct drv_majors {
	int b_maj, c_maj;
	int minors_per, first_minor;
};

/*
 * An HBA. `inquire` fetches standard inquiry data of a device, process environment: 0 or an errno.
 * The driver keeps the structure in place until sdi_unregister.
 */
struct sdi_hba {
	const char *name;
	int version; /* of SDI that the driver was written for: 1-4 */
	int priority; /* interrupt priority that fault routines run at */
	int buses; /* channels, at least 1 */
	int targets, luns; /* addresses on each */
	int own_target; /* the HBA's own ID, which is not looked at */
	dev_t devno;
	void *driver;
	int (*inquire)(void *driver, int bus, int target, int lun, uint8_t data[SDI_INQUIRY]);

	/* Private. */
	int number;
	KEX_ATOMIC(bool) scanned;
	struct sdi_hba *next;
};

/*
 * Enters an HBA and gives it the lowest free number, which is returned; -1 when a member makes no
 * sense. Its devices are looked for at the first sdi_doconfig. Environment: process.
 */
int sdi_register(struct sdi_hba *hba) KEX_MUST_CHECK KEX_NONNULL;

/* Removes it with its EDT entries: 0, EBUSY while one is claimed. Environment: process. */
int sdi_unregister(struct sdi_hba *hba) KEX_NONNULL;

/* The number of the HBA with a device number, -1 for none. Any environment. */
int sdi_hba_number(dev_t devno);

/*
 * Claims the EDT's entries that match one of dev_cfg's `size` descriptions. Returns the owners,
 * linked by target_link, NULL for none. rinit is called once for each HBA that was looked through
 * for it, or is NULL. Environment: process.
 */
struct owner *sdi_doconfig(struct dev_cfg dev_cfg[], int size, const char *name,
	const struct drv_majors *majors, int (*rinit)(void)) KEX_MUST_CHECK;

/*
 * Gives claims up: after the return no fault routine of theirs runs and none will. Frees them.
 * Environment: process, at INTBASE.
 */
void sdi_clrconfig(struct owner *owners);

/*
 * Signals an event to the fault routines of the owners of a device; -1 as scsi_id or lun means all.
 * An address that nobody owns is nothing. The bus narrows the match; -1 with a lun is that LUN of
 * every target. var goes along from SDI version 4 of the HBA's driver on, before it is 0. sdi_aen
 * is bus 0. Environment: any, nothing blocks.
 */
void sdi_xaen(int event, int hba, int scsi_id, int lun, int bus, unsigned long var);
void sdi_aen(int event, int hba, int scsi_id, int lun);

/*
 * Visits the EDT in the order of addresses; `visit` returns 0 to go on and must not block.
 * Environment: process.
 */
int sdi_visit(int (*visit)(const struct sdi_hba *hba, const struct sdi_edt *entry, void *closure),
	void *closure) KEX_NONNULL_ARGUMENTS(1);

#ifdef __cplusplus
}
#endif
