/* Collects a record from its buffers and writes it. */
#include "tm_record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"

void tm_record_release(struct tm_record *record)
{
	free(record->memory);
	*record = (struct tm_record){0};
}

static bool make_room(struct tm_record *record, size_t length)
{
	if (length <= record->size - record->length)
		return true;
	size_t size = 2 * record->size + length;
	char *memory = realloc(record->memory, size);
	if (memory == NULL)
		return false;
	record->memory = memory;
	record->size = size;
	return true;
}

bool tm_record_add(struct tm_record *record, const struct tm_data *data)
{
	if (data->last && record->length == 0) {
		record->data = data->data;
		record->length = data->length;
		return true;
	}
	if (!make_room(record, data->length))
		return false;
	if (data->length > 0)
		memcpy(record->memory + record->length, data->data, data->length);
	record->length += data->length;
	record->data = record->memory;
	return true;
}

static bool write_all(const char *data, size_t length)
{
	while (length > 0) {
		ssize_t count = write(STDOUT_FILENO, data, length);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0) {
			message("standard output: %s", strerror(errno));
			return false;
		}
		data += count;
		length -= (size_t)count;
	}
	return true;
}

int64_t tm_record_write(struct tm_record *record, int64_t most)
{
	size_t length = record->length;

	if ((int64_t)length > most)
		length = (size_t)most;
	record->length = 0;
	return write_all(record->data, length) ? (int64_t)length : -1;
}
