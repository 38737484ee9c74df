/* Bulk data of an open device: through a window that its process maps, too. */
#include <errno.h>
#include <string.h>

#include "client/file.h"

_Static_assert(KEX_WRITES <= MAILBOXES, "each write on its way has its mailbox");

/* Makes the window's slots large enough for one transfer. */
static int need_window(struct kex_file *file, size_t length)
{
	int fds[WIRE_FDS];
	size_t slot_size = 65536;

	if (file->slots > 0 && length <= file->slot_size)
		return 0;
	if (length > WIRE_TRANSFER)
		return fail(EINVAL, "%s: %zu bytes at once are too many", file->name, length);
	while (slot_size < length)
		slot_size *= 2;
	unsigned slots = slot_size * KEX_WRITES <= WIRE_WINDOW
				 ? KEX_WRITES
				 : (unsigned)(WIRE_WINDOW / slot_size);
	file_unmap(&file->window);
	file->slots = 0;
	file->request.value = slot_size * slots;
	if (file_call(file, WIRE_WINDOW_SIZE, 0, fds) < 0)
		return -1;
	AUTO_CLOSE int fd = fds[0];
	if (file_map(file, fd, slot_size * slots, &file->window) < 0)
		return -1;
	file->slot_size = slot_size;
	file->slots = slots;
	return 0;
}

static void take_outcome(struct kex_file *file)
{
	struct outcome *outcome = &file->writes.outcomes[file->writes.answered % KEX_WRITES];
	int fds[WIRE_FDS];

	*outcome = (struct outcome){0};
	if (file_end(file, fds) < 0) {
		outcome->error = errno;
		snprintf(outcome->reason, sizeof(outcome->reason), "%s", kex_reason());
	} else {
		outcome->value = file->reply.value;
	}
	file->writes.answered++;
}

static size_t slot_offset(const struct kex_file *file)
{
	return file->writes.begun % file->slots * file->slot_size;
}

/* Where the next transfer's data is, NULL and errno. Of large ones the window has few slots. */
static char *next_slot(struct kex_file *file, size_t length)
{
	const struct write_queue *writes = &file->writes;

	if (need_window(file, length) < 0)
		return NULL;
	if (writes->begun - writes->ended >= KEX_WRITES) {
		fail(EAGAIN, "%s: %d writes are begun already; end one first", file->name,
			KEX_WRITES);
		return NULL;
	}
	while (writes->begun - writes->answered >= file->slots)
		take_outcome(file);
	return (char *)file->window.address + slot_offset(file);
}

LIBKEX_API void *kex_buffer(struct kex_file *file, size_t length)
{
	return next_slot(file, length);
}

/* Puts the data where the driver takes it from. */
static int fill_slot(struct kex_file *file, const void *buffer, size_t length)
{
	char *slot = next_slot(file, length);

	if (slot == NULL)
		return -1;
	if (length > 0 && buffer != slot)
		memcpy(slot, buffer, length);
	file->request.value = length;
	file->request.offset = slot_offset(file);
	return 0;
}

LIBKEX_API ssize_t kex_write(struct kex_file *file, const void *buffer, size_t length)
{
	int fds[WIRE_FDS];

	if (fill_slot(file, buffer, length) < 0)
		return -1;
	file->request.command = 0;
	return file_call(file, WIRE_WRITE, 0, fds) < 0 ? -1 : (ssize_t)file->reply.value;
}

LIBKEX_API int kex_write_begin(struct kex_file *file, const void *buffer, size_t length)
{
	struct write_queue *writes = &file->writes;

	if (fill_slot(file, buffer, length) < 0)
		return -1;
	file->request.command = WIRE_BEGUN | (writes->begun != writes->ended ? WIRE_LINKED : 0);
	if (file_begin(file, WIRE_WRITE, 0) < 0)
		return -1;
	writes->begun++;
	return 0;
}

void writes_await(struct kex_file *file)
{
	while (file->writes.answered != file->writes.begun)
		take_outcome(file);
}

LIBKEX_API ssize_t kex_write_end(struct kex_file *file)
{
	struct write_queue *writes = &file->writes;

	if (writes->ended == writes->begun)
		return fail(EINVAL, "%s: no write was begun", file->name);
	if (writes->answered == writes->ended)
		take_outcome(file);
	const struct outcome *outcome = &writes->outcomes[writes->ended++ % KEX_WRITES];
	if (outcome->error != 0)
		return fail(outcome->error, "%s", outcome->reason);
	clear_reason();
	return (ssize_t)outcome->value;
}

LIBKEX_API ssize_t kex_read(struct kex_file *file, void *buffer, size_t length)
{
	const char *slot = next_slot(file, length);
	int fds[WIRE_FDS];

	if (slot == NULL)
		return -1;
	file->request.value = length;
	file->request.offset = slot_offset(file);
	if (file_call(file, WIRE_READ, 0, fds) < 0)
		return -1;
	if (file->reply.value > length)
		return fail(EPROTO, "%s: kexd returned more than was asked for", file->name);
	if (file->reply.value > 0 && buffer != slot)
		memcpy(buffer, slot, file->reply.value);
	return (ssize_t)file->reply.value;
}
