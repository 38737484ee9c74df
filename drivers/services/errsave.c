/* errsave: a driver's error record as a line of the error log. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/errids.h>

static void find_label(uint32_t id, char label[24])
{
	for (int number = 1; number <= 10; number++) {
		snprintf(label, 24, "SCSI_ERR%d", number);
		if (errid(label) == id)
			return;
	}
	snprintf(label, 24, "ERRID_%08X", id);
}

void errsave(const void *record, unsigned count)
{
	char label[24], detail[2 * ERR_MOST_DETAIL + 1] = "";
	const unsigned char *data = (const unsigned char *)record + sizeof(struct err_rec0);
	struct err_rec0 head;

	if (count < sizeof(head))
		return;
	memcpy(&head, record, sizeof(head));
	head.resource_name[ERR_NAMESIZE - 1] = '\0';
	for (unsigned i = 0; i < count - sizeof(head) && i < ERR_MOST_DETAIL; i++)
		snprintf(detail + 2 * (size_t)i, 3, "%02x", data[i]);
	find_label(head.error_id, label);
	error_log(label, head.resource_name, "detail data %s", detail);
}
