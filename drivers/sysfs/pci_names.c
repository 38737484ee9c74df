/* Names of PCI vendors and devices, from the list that Debian's package pci.ids has. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "sysfs/scan_private.h"

#define PCI_IDS "/usr/share/misc/pci.ids"

void pci_names_open(struct pci_names *names)
{
	AUTO_CLOSE int file = open(PCI_IDS, O_RDONLY | O_CLOEXEC);
	struct stat status;

	*names = (struct pci_names){0};
	if (file < 0 || fstat(file, &status) < 0 || status.st_size <= 0)
		return;
	char *text = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
	if (text != MAP_FAILED)
		*names = (struct pci_names){text, (size_t)status.st_size};
}

void pci_names_close(struct pci_names *names)
{
	if (names->text != NULL)
		munmap(names->text, names->length);
	*names = (struct pci_names){0};
}

/* Behind the line's start and the number: NULL when the text has no such line. */
static const char *find_line(const char *text, size_t length, const char *start, unsigned number)
{
	char wanted[16];
	int size = snprintf(wanted, sizeof(wanted), "\n%s%04x  ", start, number);
	const char *found = memmem(text, length, wanted, (size_t)size);

	return found != NULL ? found + size : NULL;
}

static void copy_line(const char *from, const char *end, char *room, size_t size)
{
	const char *newline = memchr(from, '\n', (size_t)(end - from));

	snprintf(room, size, "%.*s", (int)((newline != NULL ? newline : end) - from), from);
}

/* Where the lines of a vendor end: at the next that does not begin with a tabulator. */
static const char *vendor_end(const char *from, const char *end)
{
	while (from != NULL && from < end) {
		from = memchr(from, '\n', (size_t)(end - from));
		if (from == NULL || from + 1 >= end)
			return end;
		if (from[1] != '\t' && from[1] != '#')
			return from;
		from++;
	}
	return end;
}

void pci_name(const struct pci_names *names, unsigned vendor, int device, char *room, size_t size)
{
	const char *end = names->text + names->length;

	*room = '\0';
	if (names->text == NULL)
		return;
	const char *found = find_line(names->text, names->length, "", vendor);
	if (found != NULL && device >= 0)
		found = find_line(
			found, (size_t)(vendor_end(found, end) - found), "\t", (unsigned)device);
	if (found != NULL)
		copy_line(found, end, room, size);
}
