/* SDI: claims of devices, and asynchronous events to those who made them. */
#include "scsi/sdi.h"

#include <stddef.h>
#include <string.h>
#include <sys/malloc.h>

/* An owner's interrupt handler: each event that is pending, once, with the var that came last. */
static void deliver(struct intr_source *source, uint32_t events)
{
	struct owner *owner = (struct owner *)((char *)source - offsetof(struct owner, source));
	sdi_fault *fault = atomic_load(&owner->fault);

	for (int event = 1; event <= SDI_FLT_MAX && fault != NULL; event++) {
		if (!(events & (1u << event)))
			continue;
		if (owner->counters != NULL)
			COUNT(owner->counters->events_delivered);
		fault(owner->flt_parm, event, atomic_load(&owner->var[event]));
	}
}

static bool wanted(const struct dev_cfg *pattern, const struct sdi_edt *entry)
{
	const struct scsi_adr *address = &entry->scsi_adr;

	return (pattern->ha_id < 0 || pattern->ha_id == address->scsi_ctl) &&
	       (pattern->bus < 0 || pattern->bus == address->scsi_bus) &&
	       (pattern->target < 0 || pattern->target == address->scsi_target) &&
	       (pattern->lun < 0 || pattern->lun == address->scsi_lun) &&
	       (pattern->pdtype < 0 || pattern->pdtype == entry->pdtype) &&
	       (pattern->inquiry == NULL ||
		       strncmp((const char *)entry->inquiry + 8, pattern->inquiry,
			       strlen(pattern->inquiry)) == 0);
}

static bool any_wanted(const struct dev_cfg *patterns, int size, const struct sdi_edt *entry)
{
	for (int i = 0; i < size; i++)
		if (wanted(&patterns[i], entry))
			return true;
	return false;
}

/* HBAs that nobody asked for yet. A driver that comes or goes waits for the host's own lock. */
static void scan_new(int (*rinit)(void))
{
	for (;;) {
		int old = disable_lock(SDI_PRIORITY, &sdi_lock);
		struct sdi_hba *hba = sdi_hbas;
		while (hba != NULL && atomic_load(&hba->scanned))
			hba = hba->next;
		unlock_enable(old, &sdi_lock);
		if (hba == NULL)
			return;
		sdi_scan(hba);
		if (rinit != NULL)
			rinit();
	}
}

/* The table's next entry behind an address that is wanted, with the lock held. */
static struct sdi_edt *next_wanted(
	const struct dev_cfg *patterns, int size, const struct sdi_edt *last)
{
	struct sdi_edt *entry = last != NULL ? last->hash_p : sdi_table;

	while (entry != NULL && !any_wanted(patterns, size, entry))
		entry = entry->hash_p;
	return entry;
}

static struct owner *make_owner(struct sdi_edt *entry, const char *name, int maj, int priority)
{
	struct owner *owner = xmalloc(sizeof(*owner), 6, pinned_heap);

	if (owner == NULL)
		return NULL;
	memset(owner, 0, sizeof(*owner));
	owner->edtp = entry;
	owner->name = name;
	owner->maj = maj;
	owner->source = (struct intr_source){.handler = deliver, .priority = priority};
	if (source_init(&owner->source) == INTR_SUCC)
		return owner;
	xmfree(owner, pinned_heap);
	return NULL;
}

/* Claims an entry; its HBA stays while it has entries that are claimed. */
static struct owner *claim(struct sdi_edt *entry, const char *name, const struct drv_majors *majors)
{
	int old = disable_lock(SDI_PRIORITY, &sdi_lock);
	const struct sdi_hba *hba = sdi_find_hba(entry->scsi_adr.scsi_ctl);
	int priority = hba != NULL ? hba->priority : INTCLASS3;
	unlock_enable(old, &sdi_lock);

	struct owner *owner = make_owner(entry, name, majors != NULL ? majors->c_maj : 0, priority);
	if (owner == NULL)
		return NULL;
	old = disable_lock(SDI_PRIORITY, &sdi_lock);
	owner->next = entry->owner_list;
	entry->owner_list = owner;
	unlock_enable(old, &sdi_lock);
	return owner;
}

struct owner *sdi_doconfig(struct dev_cfg dev_cfg[], int size, const char *name,
	const struct drv_majors *majors, int (*rinit)(void))
{
	struct owner *first = NULL, **end = &first;
	struct sdi_edt *entry = NULL;

	scan_new(rinit);
	for (;;) {
		int old = disable_lock(SDI_PRIORITY, &sdi_lock);
		entry = next_wanted(dev_cfg, size, entry);
		unlock_enable(old, &sdi_lock);
		if (entry == NULL)
			return first;
		*end = claim(entry, name, majors);
		if (*end == NULL)
			return first;
		end = &(*end)->target_link;
	}
}

static void unlink_owner(struct owner *owner)
{
	int old = disable_lock(SDI_PRIORITY, &sdi_lock);
	struct owner **link = &owner->edtp->owner_list;

	while (*link != NULL && *link != owner)
		link = &(*link)->next;
	if (*link != NULL)
		*link = owner->next;
	unlock_enable(old, &sdi_lock);
}

void sdi_clrconfig(struct owner *owners)
{
	while (owners != NULL) {
		struct owner *gone = owners;
		owners = gone->target_link;
		unlink_owner(gone);
		source_clear(&gone->source);
		xmfree(gone, pinned_heap);
	}
}

static void signal_owner(struct owner *owner, int event, unsigned long var)
{
	if (atomic_load(&owner->fault) == NULL)
		return;
	atomic_store(&owner->var[event], var);
	bool merged = source_raise(&owner->source, 1u << event) != 0;
	if (owner->counters == NULL)
		return;
	COUNT(owner->counters->events_raised);
	if (merged)
		COUNT(owner->counters->events_merged);
}

static bool concerns(const struct scsi_adr *address, int hba, int scsi_id, int lun, int bus)
{
	return address->scsi_ctl == hba && address->scsi_bus == bus &&
	       (scsi_id < 0 || address->scsi_target == scsi_id) &&
	       (lun < 0 || address->scsi_lun == lun);
}

void sdi_xaen(int event, int hba, int scsi_id, int lun, int bus, unsigned long var)
{
	if (event < 1 || event > SDI_FLT_MAX)
		return;

	int old = disable_lock(SDI_PRIORITY, &sdi_lock);
	const struct sdi_hba *from = sdi_find_hba(hba);
	if (from != NULL && from->version < SDI_VERSION_VAR)
		var = 0;
	/* Delivery waits for the end of this lock: no handler runs while it is held. */
	for (const struct sdi_edt *entry = from != NULL ? sdi_table : NULL; entry != NULL;
		entry = entry->hash_p) {
		if (!concerns(&entry->scsi_adr, hba, scsi_id, lun, bus))
			continue;
		for (struct owner *owner = entry->owner_list; owner != NULL; owner = owner->next)
			signal_owner(owner, event, var);
	}
	unlock_enable(old, &sdi_lock);
}

void sdi_aen(int event, int hba, int scsi_id, int lun)
{
	sdi_xaen(event, hba, scsi_id, lun, 0, 0);
}
