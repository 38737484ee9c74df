/* Maps the memory of an initiator's process, so that its target copies the data once. */
#include "bus/view.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/cleanup.h"

void view_close(struct bus_view *view)
{
	if (view->reference.process != 0)
		munmap((void *)(uintptr_t)view->address, view->size);
	*view = (struct bus_view){0};
}

/*
 * The descriptor's number may be another file's by now, and a file that can shrink would be a trap
 * for its reader: the inode and the seal say what it is.
 */
static bool is_the_memory(int fd, const struct bus_reference *reference, size_t *size)
{
	struct stat status;
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0 || !(seals & F_SEAL_SHRINK) || fstat(fd, &status) < 0)
		return false;
	*size = (size_t)status.st_size;
	return status.st_ino == reference->inode && *size > 0;
}

static void view_open(struct bus_view *view, const struct bus_reference *reference)
{
	char path[64];
	size_t size;

	snprintf(path, sizeof(path), "/proc/%u/fd/%u", reference->process, reference->descriptor);
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || !is_the_memory(fd, reference, &size))
		return;
	void *address = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (address == MAP_FAILED)
		return;
	*view = (struct bus_view){.reference = *reference, .address = address, .size = size};
}

static bool is_of(const struct bus_view *view, const struct bus_reference *reference)
{
	return view->reference.process == reference->process &&
	       view->reference.descriptor == reference->descriptor &&
	       view->reference.inode == reference->inode;
}

const char *view_find(struct bus_view *view, const struct bus_reference *reference, size_t length)
{
	if (!is_of(view, reference)) {
		view_close(view);
		view_open(view, reference);
	}
	if (view->reference.process == 0 || reference->offset > view->size ||
		length > view->size - reference->offset)
		return NULL;
	return view->address + reference->offset;
}
