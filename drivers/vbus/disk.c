/* Life of a disk target, and its data's way over the bus. */
#include "vbus/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/hardware.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens the unit's file, or makes it: sparse, and of the size that the machine says. */
static int open_unit(struct disk_unit *unit, const struct vbus_disk *disk, char *reason)
{
	struct stat status;

	unit->fd = open(disk->file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (unit->fd < 0 || fstat(unit->fd, &status) < 0) {
		int error = errno;
		snprintf(reason, DDS_REASON, "disk file %.100s: %s", disk->file, strerror(error));
		return error;
	}
	if (status.st_size == 0 && ftruncate(unit->fd, (off_t)disk->size) == 0)
		status.st_size = (off_t)disk->size;
	if ((uint64_t)status.st_size != disk->size) {
		snprintf(reason, DDS_REASON,
			"disk file %.60s has %lld bytes, machine.cfg says %llu", disk->file,
			(long long)status.st_size, (unsigned long long)disk->size);
		return EINVAL;
	}
	unit->blocks = disk->size / DISK_BLOCK;
	memcpy(unit->serial, disk->serial, sizeof(unit->serial));
	return 0;
}

static void close_units(struct disk_target *target)
{
	for (unsigned lun = 0; lun < 8; lun++)
		if (target->units[lun].fd >= 0)
			close(target->units[lun].fd);
}

/* Waits for news; false when the target is to stop or the command was cut off. */
static bool await_bus(struct disk_command *command)
{
	bus_wait(command->target->port, -1);
	return !atomic_load(&command->target->stopping) &&
	       !bus_cut(command->target->port, command->initiator);
}

bool disk_give(struct disk_command *command, const void *data, size_t length)
{
	const char *next = data;

	while (length > 0) {
		size_t moved = bus_give(command->target->port, command->initiator, next, length);
		next += moved;
		length -= moved;
		if (moved == 0 && !await_bus(command))
			return false;
	}
	return true;
}

bool disk_take(struct disk_command *command, void *data, size_t length)
{
	char *next = data;

	while (length > 0) {
		size_t moved = bus_take(command->target->port, command->initiator, next, length);
		next += moved;
		length -= moved;
		if (moved == 0 && !await_bus(command))
			return false;
	}
	return true;
}

static void *run(void *argument)
{
	struct disk_target *target = argument;

	hardware_thread_begin();
	while (!atomic_load(&target->stopping)) {
		bool worked = false;
		for (unsigned initiator = 0; initiator < BUS_PORTS; initiator++) {
			struct disk_command command = {.target = target, .initiator = initiator};
			if (bus_accept(target->port, initiator, &command.block)) {
				disk_execute(&command);
				worked = true;
			}
		}
		/* Waiting in a command may have used up another initiator's news. */
		if (!worked)
			bus_wait(target->port, -1);
	}
	return NULL;
}

static int open_units(struct disk_target *target, const struct vbus_dds *dds, unsigned scsi_id,
	char reason[DDS_REASON])
{
	int error = 0;

	for (unsigned lun = 0; lun < 8; lun++)
		target->units[lun].fd = -1;
	for (uint32_t i = 0; i < dds->disk_count && error == 0; i++)
		if (dds->disks[i].scsi_id == scsi_id)
			error = open_unit(
				&target->units[dds->disks[i].lun], &dds->disks[i], reason);
	return error;
}

/* An errno with the reason, for a step that says no more than that. */
static int explain(int error, unsigned scsi_id, char reason[DDS_REASON])
{
	snprintf(reason, DDS_REASON, "disk at SCSI ID %u: %s", scsi_id, strerror(error));
	return error;
}

int disk_target_start(struct disk_target *target, const struct vbus_dds *dds, unsigned scsi_id,
	char reason[DDS_REASON])
{
	memset(target, 0, sizeof(*target));
	int error = open_units(target, dds, scsi_id, reason);
	if (error != 0)
		goto close;
	target->piece = malloc(DISK_PIECE);
	if (target->piece == NULL) {
		error = explain(ENOMEM, scsi_id, reason);
		goto close;
	}
	target->port = bus_attach(dds->memory, scsi_id);
	if (target->port == NULL) {
		error = explain(errno, scsi_id, reason);
		goto release;
	}
	error = pthread_create(&target->thread, NULL, run, target);
	if (error == 0)
		return 0;
	explain(error, scsi_id, reason);
	bus_detach(target->port);
release:
	free(target->piece);
close:
	close_units(target);
	return error;
}

void disk_target_stop(struct disk_target *target)
{
	atomic_store(&target->stopping, true);
	bus_kick(target->port);
	pthread_join(target->thread, NULL);
	bus_detach(target->port);
	free(target->piece);
	close_units(target);
}
