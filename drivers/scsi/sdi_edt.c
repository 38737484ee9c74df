/* SDI: HBAs and the equipped device table. */
#include "scsi/sdi.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/malloc.h>

/* What it guards: sdi.h. */
Simple_lock sdi_lock;
struct sdi_hba *sdi_hbas;
struct sdi_edt *sdi_table;

struct sdi_hba *sdi_find_hba(int number)
{
	struct sdi_hba *hba = sdi_hbas;

	while (hba != NULL && hba->number != number)
		hba = hba->next;
	return hba;
}

static _Atomic uint8_t own_table[SDI_HBAS];
static _Atomic uint8_t *numbers = own_table;
static uint8_t this_process = 1;

void sdi_share_numbers(_Atomic uint8_t table[SDI_HBAS], uint8_t me)
{
	numbers = table;
	this_process = me;
}

/* Takes the lowest that is free; -1 when none is. */
static int take_number(void)
{
	for (int number = 0; number < SDI_HBAS; number++) {
		uint8_t nobody = 0;
		if (atomic_compare_exchange_strong(&numbers[number], &nobody, this_process))
			return number;
	}
	return -1;
}

int sdi_register(struct sdi_hba *hba)
{
	if (hba->name == NULL || hba->inquire == NULL || hba->version < 1 || hba->version > 4 ||
		hba->buses < 1 || hba->targets < 1 || hba->luns < 1 || hba->priority <= INTTIMER ||
		hba->priority >= INTBASE)
		return -1;

	hba->number = take_number();
	if (hba->number < 0)
		return -1;
	int old = disable_lock(SDI_PRIORITY, &sdi_lock);
	atomic_store(&hba->scanned, false);
	hba->next = sdi_hbas;
	sdi_hbas = hba;
	unlock_enable(old, &sdi_lock);
	return hba->number;
}

static bool is_claimed(int hba)
{
	for (const struct sdi_edt *entry = sdi_table; entry != NULL; entry = entry->hash_p)
		if (entry->scsi_adr.scsi_ctl == hba && entry->owner_list != NULL)
			return true;
	return false;
}

/* With the lock held; the entries that are taken out, for freeing without it. */
static struct sdi_edt *take_entries(int hba)
{
	struct sdi_edt *taken = NULL, **link = &sdi_table;

	while (*link != NULL) {
		struct sdi_edt *entry = *link;
		if (entry->scsi_adr.scsi_ctl != hba) {
			link = &entry->hash_p;
			continue;
		}
		*link = entry->hash_p;
		entry->hash_p = taken;
		taken = entry;
	}
	return taken;
}

int sdi_unregister(struct sdi_hba *hba)
{
	struct sdi_edt *gone = NULL;
	int old = disable_lock(SDI_PRIORITY, &sdi_lock);
	bool claimed = is_claimed(hba->number);
	struct sdi_hba **link = &sdi_hbas;

	while (!claimed && *link != NULL && *link != hba)
		link = &(*link)->next;
	if (!claimed) {
		gone = take_entries(hba->number);
		if (*link != NULL) {
			*link = hba->next;
			atomic_store(&numbers[hba->number], 0);
		}
	}
	unlock_enable(old, &sdi_lock);
	while (gone != NULL) {
		struct sdi_edt *next = gone->hash_p;
		xmfree(gone, pinned_heap);
		gone = next;
	}
	return claimed ? EBUSY : 0;
}

int sdi_hba_number(dev_t devno)
{
	int old = disable_lock(SDI_PRIORITY, &sdi_lock);
	const struct sdi_hba *hba = sdi_hbas;

	while (hba != NULL && hba->devno != devno)
		hba = hba->next;
	int number = hba != NULL ? hba->number : -1;
	unlock_enable(old, &sdi_lock);
	return number;
}

static int compare_addresses(const struct scsi_adr *one, const struct scsi_adr *other)
{
	if (one->scsi_ctl != other->scsi_ctl)
		return one->scsi_ctl - other->scsi_ctl;
	if (one->scsi_bus != other->scsi_bus)
		return one->scsi_bus - other->scsi_bus;
	if (one->scsi_target != other->scsi_target)
		return one->scsi_target - other->scsi_target;
	return one->scsi_lun - other->scsi_lun;
}

/* Enters a device in its place; one that is there already is kept. */
static bool enter(struct sdi_edt *new)
{
	int old = disable_lock(SDI_PRIORITY, &sdi_lock);
	struct sdi_edt **link = &sdi_table;

	while (*link != NULL && compare_addresses(&(*link)->scsi_adr, &new->scsi_adr) < 0)
		link = &(*link)->hash_p;
	bool is_new = *link == NULL || compare_addresses(&(*link)->scsi_adr, &new->scsi_adr) != 0;
	if (is_new) {
		new->hash_p = *link;
		*link = new;
	}
	unlock_enable(old, &sdi_lock);
	return is_new;
}

/* Peripheral qualifier 0: there is a device of the type. */
static bool enter_device(struct sdi_hba *hba, const struct scsi_adr *address)
{
	uint8_t data[SDI_INQUIRY] = {0x7f};

	if (hba->inquire(hba->driver, address->scsi_bus, address->scsi_target, address->scsi_lun,
		    data) != 0 ||
		(data[0] & 0xe0) != 0)
		return false;
	struct sdi_edt *entry = xmalloc(sizeof(*entry), 6, pinned_heap);
	if (entry == NULL)
		return false;
	memset(entry, 0, sizeof(*entry));
	entry->scsi_adr = *address;
	entry->pdtype = data[0] & 0x1f;
	memcpy(entry->inquiry, data, sizeof(data));
	if (enter(entry))
		return true;
	xmfree(entry, pinned_heap);
	return false;
}

int sdi_scan(struct sdi_hba *hba)
{
	struct scsi_adr address = {.scsi_ctl = hba->number};
	int found = 0;

	for (address.scsi_bus = 0; address.scsi_bus < hba->buses; address.scsi_bus++)
		for (address.scsi_target = 0; address.scsi_target < hba->targets;
			address.scsi_target++)
			for (address.scsi_lun = 0; address.scsi_lun < hba->luns &&
						   address.scsi_target != hba->own_target;
				address.scsi_lun++)
				found += enter_device(hba, &address);
	atomic_store(&hba->scanned, true);
	return found;
}

int sdi_visit(int (*visit)(const struct sdi_hba *hba, const struct sdi_edt *entry, void *closure),
	void *closure)
{
	int result = 0;
	int old = disable_lock(SDI_PRIORITY, &sdi_lock);

	for (const struct sdi_edt *entry = sdi_table; entry != NULL && result == 0;
		entry = entry->hash_p) {
		const struct sdi_hba *hba = sdi_find_hba(entry->scsi_adr.scsi_ctl);
		if (hba != NULL)
			result = visit(hba, entry, closure);
	}
	unlock_enable(old, &sdi_lock);
	return result;
}
