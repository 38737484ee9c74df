/* Configuration of iSCSI adapters: CFG_INIT starts their thread, CFG_TERM ends all sessions. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/driver.h>

#include "iscsi/initiator.h"

static bool check(const void *bytes, size_t length, char reason[DDS_REASON])
{
	struct settings settings;

	return text_dds_check(bytes, length, reason) && settings_read(bytes, &settings, reason);
}

/* No target is asked for anything here: one that is away stops no configuration. */
static int initiator_init(dev_t devno, void *device)
{
	struct initiator *initiator = device;
	char reason[ISCSI_REASON] = "there is not enough memory";

	if (!settings_read(&initiator->dds, &initiator->settings, reason))
		return cfg_refuse(EINVAL, "%s", reason);
	initiator->devno = devno;
	initiator->priority = INTCLASS0 + (int)initiator->settings.intr_priority;
	initiator->commands = (struct adapter_commands){.devno = devno,
		.max_transfer = initiator->settings.max_transfer,
		.strategy = initiator_strategy};
	scsi_adapter_init(&initiator->adapter, devno, initiator->priority);
	int error = targets_load(initiator, reason) == 0 ? 0 : EIO;
	if (error == 0) {
		error = hardware_on(initiator);
		snprintf(
			reason, sizeof(reason), "its thread can't be started: %s", strerror(error));
	}
	if (error != 0) {
		targets_free(initiator);
		return cfg_refuse(error, "%.150s", reason);
	}
	error = device_publish(devno, initiator->dds.header.logical_name,
		(int)initiator->settings.intr_priority, &initiator->counters);
	if (error == 0)
		return 0;
	hardware_off(initiator);
	targets_free(initiator);
	return error;
}

static int initiator_term(void *device)
{
	struct initiator *initiator = device;

	if (scsi_adapter_in_use(&initiator->adapter))
		return cfg_refuse(EBUSY, "%s is open", initiator->dds.header.logical_name);
	hardware_off(initiator);
	targets_free(initiator);
	free(initiator->found);
	return 0;
}

static void *_Atomic adapters[ISCSI_ADAPTERS]; /* by minor number */

static const struct driver driver = {
	.devices = adapters,
	.limit = ISCSI_ADAPTERS,
	.device_size = sizeof(struct initiator),
	.dds_size = sizeof(struct text_dds),
	.check = check,
	.entry_points = &initiator_entry_points,
	.init = initiator_init,
	.term = initiator_term,
};

struct initiator *initiator_find(dev_t devno)
{
	return driver_find(&driver, devno);
}

KEX_USES_NETWORK;
DRIVER_ENTRY(driver)
