/* The table of loaded extensions' segments, read without a lock: whose code an address is. */
#include "processor/owner.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "processor/processor.h"
#include "processor/thread.h"

#define OWNERS 256
#define OWNER_NAME 32

/* An entry is valid while its size is not 0: that is written last, and first when it goes. */
static struct owner_entry {
	char name[OWNER_NAME];
	_Atomic uintptr_t start, size;
	_Atomic int64_t allocated; /* bytes not yet freed */
} owners[OWNERS];

void owner_add(const char *name, uintptr_t start, uintptr_t size)
{
	struct owner_entry *entry = owners;

	while (entry < owners + OWNERS && atomic_load(&entry->size) != 0)
		entry++;
	if (entry == owners + OWNERS)
		return;
	snprintf(entry->name, sizeof(entry->name), "%s", name);
	atomic_store(&entry->allocated, 0);
	atomic_store(&entry->start, start);
	atomic_store(&entry->size, size);
}

static struct owner_entry *find(uintptr_t address)
{
	for (struct owner_entry *entry = owners; entry < owners + OWNERS; entry++) {
		uintptr_t start = atomic_load(&entry->start), size = atomic_load(&entry->size);
		if (size != 0 && address >= start && address - start < size)
			return entry;
	}
	return NULL;
}

int64_t owner_remove(uintptr_t start)
{
	struct owner_entry *entry = find(start);

	if (entry == NULL)
		return 0;
	atomic_store(&entry->size, 0);
	return atomic_load(&entry->allocated);
}

void owner_account(uintptr_t address, int64_t bytes)
{
	struct owner_entry *entry = find(address);

	if (entry != NULL)
		atomic_fetch_add(&entry->allocated, bytes);
}

bool owner_segments(uintptr_t address, uintptr_t *start, uintptr_t *size)
{
	const struct owner_entry *entry = find(address);

	if (entry == NULL)
		return false;
	*start = atomic_load(&entry->start);
	*size = atomic_load(&entry->size);
	return true;
}

const char *owner_of(uintptr_t address, uintptr_t *offset)
{
	const struct owner_entry *entry = find(address);

	if (offset != NULL)
		*offset = entry != NULL ? address - atomic_load(&entry->start) : 0;
	return entry != NULL ? entry->name : "kexd";
}

const char *owner_running(void)
{
	const struct kern_thread *thread = kern_thread_current();
	void *routine = processor_blamed();

	if (routine != NULL)
		return owner_of((uintptr_t)routine, NULL);
	return thread != NULL && thread->entry != 0 ? owner_of(thread->entry, NULL) : "kexd";
}
