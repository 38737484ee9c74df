/*
 * Configure method of the iSCSI adapter. Its children are the logical units that the driver finds
 * at its targets; without a target it stays Defined, and no process is started for it.
 */
#include <errno.h>
#include <sys/iscsi.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/paths.h"
#include "change_store.h"
#include "children.h"
#include "configure_method.h"
#include "driver_host.h"
#include "vpd.h"

/* Peripheral device types that there are device types for. */
static const char *type_of(const struct iscsi_lun *lun)
{
	switch (lun->type) {
	case 0x00:
		return "disk/iscsi/osdisk";
	case 0x01:
		return "tape/iscsi/ost";
	case 0x03:
		/* Target mode is with LUN 0, and its SCSI IDs are those of a bus. */
		return lun->lun == 0 && lun->number < 8 ? MACHINE_PEER : NULL;
	default:
		return NULL;
	}
}

/* An attribute's value, in a room; an empty text for none. */
static void read_value(const char *device, const char *attribute, char *room, size_t size)
{
	int count;
	struct CuAt *value = getattr(device, attribute, FALSE, &count);

	snprintf(room, size, "%s", value != NULL ? value->value : "");
	freeattr(value, count);
}

static bool has_file(const char *name)
{
	char file[256];

	read_value(name, "disc_filename", file, sizeof(file));
	AUTO_FREE char *path = file[0] == '/' ? strdup(file) : root_path(ROOT_ETC, file);
	return path != NULL && access(path, F_OK) == 0;
}

/* Whether anything says where targets are. */
static bool has_targets(const char *name)
{
	char value[256];

	read_value(name, "portal", value, sizeof(value));
	if (value[0] != '\0')
		return true;
	read_value(name, "disc_policy", value, sizeof(value));
	if (strcmp(value, "file") == 0)
		return has_file(name);
	read_value(name, "target", value, sizeof(value));
	return value[0] != '\0';
}

/*
 * An initiator is known by a name of its own: a locally assigned one, made once. It needs no domain
 * that somebody owns.
 */
static int name_initiator(const char *device, struct method_output *output)
{
	char attribute[] = "initiator_name", name[32];
	struct attribute_change change = {attribute, name};
	const struct attribute_changes changes = {.changes = &change, .count = 1};
	AUTO(transaction_release) struct transaction transaction = {0};
	uint64_t number;

	read_value(device, attribute, name, sizeof(name));
	if (name[0] != '\0')
		return E_OK;
	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return method_fail(
			output, E_CFGINIT, "There are no random numbers: %s.", strerror(errno));
	snprintf(name, sizeof(name), "naa.3%015llx", (unsigned long long)(number >> 4));
	if (transaction_begin(&transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	int code = store_changes(device, &changes, output);
	if (code == E_OK && transaction_commit(&transaction) < 0)
		code = method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	return code;
}

/* Address and port of a portal, which has both. */
static bool add_portal(struct attribute_changes *values, const char *portal)
{
	char address[ISCSI_PORTAL];
	const char *colon = strrchr(portal, ':');
	int length = colon != NULL ? (int)(colon - portal) : (int)strlen(portal);

	snprintf(address, sizeof(address), "%.*s", length, portal);
	return attribute_changes_add(values, "host_addr", address) &&
	       attribute_changes_add(values, "port_num", colon != NULL ? colon + 1 : "3260");
}

static bool add_number(struct attribute_changes *values, const char *attribute, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	return attribute_changes_add(values, attribute, text);
}

/* What is said of a unit. Of one that was found by another path before, only who it is. */
static bool describe(const struct iscsi_lun *lun, bool again, struct attribute_changes *values)
{
	if (lun->unique_id[0] != '\0' &&
		!attribute_changes_add(values, "unique_id", lun->unique_id))
		return false;
	if (again)
		return true;
	return attribute_changes_add(values, "target_name", lun->target) &&
	       add_portal(values, lun->portal) && add_number(values, "scsi_id", lun->number) &&
	       add_number(values, "lun_id", lun->lun) &&
	       (lun->type != 0 ||
		       add_number(values, "size_in_mb", lun->blocks * lun->block_size / 1048576));
}

/* Of a target-mode device only its address. */
static bool describe_peer(const struct iscsi_lun *lun, struct attribute_changes *values)
{
	return add_number(values, "scsi_id", lun->number) && add_number(values, "lun_id", lun->lun);
}

static bool found_before(const struct iscsi_lun *luns, uint32_t index)
{
	for (uint32_t i = 0; i < index; i++)
		if (luns[i].unique_id[0] != '\0' && luns[i].type == luns[index].type &&
			strcmp(luns[i].unique_id, luns[index].unique_id) == 0)
			return true;
	return false;
}

/* What a unit that no driver of ours has says of itself. */
static void store_vpd(const struct detection *detection, const struct iscsi_lun *lun)
{
	AUTO(text_release) struct text vpd = {0};

	vpd_append(&vpd, "MF", lun->vendor);
	vpd_append(&vpd, "TM", lun->product);
	vpd_append(&vpd, "RL", lun->revision);
	if (lun->serial[0] != '\0')
		vpd_append(&vpd, "SN", lun->serial);
	if (vpd.data != NULL && detection->count > 0)
		vpd_store(detection->answers[detection->count - 1].name, vpd.data);
}

static void add_unit(struct detection *detection, const struct iscsi_lun *luns, uint32_t index)
{
	const struct iscsi_lun *lun = &luns[index];
	const char *type = type_of(lun);
	struct machine_device child = {0};
	int before = detection->count;

	if (type == NULL)
		return;
	snprintf(child.type, sizeof(child.type), "%s", type);
	snprintf(child.where, sizeof(child.where), "%u,%u", lun->number, lun->lun);
	bool described = strcmp(type, MACHINE_PEER) == 0
				 ? describe_peer(lun, &child.values)
				 : describe(lun, found_before(luns, index), &child.values);
	if (described)
		detection_add(detection, &child);
	else
		detection->code =
			method_fail(detection->output, E_MALLOC, "There is not enough memory.");
	if (lun->type == 1 && detection->count > before)
		store_vpd(detection, lun);
	attribute_changes_release(&child.values);
}

/* All that the driver found, to be freed; NULL with the reason. */
static struct iscsi_lun *read_found(
	const char *adapter, uint32_t count, struct method_output *output)
{
	AUTO_FREE struct iscsi_lun *luns = calloc((size_t)count + 1, sizeof(*luns));
	AUTO_FREE struct iscsi_found *found = calloc(1, sizeof(*found));

	if (luns == NULL || found == NULL) {
		method_fail(output, E_MALLOC, "There is not enough memory.");
		return NULL;
	}
	for (uint32_t i = 0; i < count; i++) {
		found->index = i;
		if (driver_host->ask(adapter, ISCSIFOUND, found) < 0) {
			method_fail(output, E_FINDCHILD, "%s: %s.", adapter, driver_host->reason());
			return NULL;
		}
		luns[i] = found->lun;
	}
	return TAKE(luns);
}

static int find_children(const struct device *device, struct method_output *output)
{
	const char *name = device->cudv.name;
	struct detection detection;
	struct iscsi_scan scan = {0};

	/* One without a target was left as it is. */
	if (driver_has(device) != 1)
		return E_OK;
	if (driver_host->ask(name, ISCSISCAN, &scan) < 0)
		return method_fail(output, E_FINDCHILD,
			"The targets of %s can't be looked for: %s.", name, driver_host->reason());
	AUTO_FREE struct iscsi_lun *luns = read_found(name, scan.luns, output);
	if (luns == NULL)
		return E_FINDCHILD;
	detection_start(&detection, device, output);
	detection.by_identity = true;
	for (uint32_t i = 0; i < scan.luns; i++)
		add_unit(&detection, luns, i);
	int code = detection_end(&detection);
	if (scan.failed == 0)
		return code;
	return method_fail(output, code != E_OK ? code : E_FINDCHILD,
		"%u of the portals and targets of %s did not answer; the first: %s.", scan.failed,
		name, scan.reason);
}

int method_cfgiscsi(int argc, char **argv, struct method_output *output)
{
	AUTO(method_flags_release) struct method_flags flags = {0};
	AUTO(device_release) struct device device = {0};

	int code = method_flags_read(argc, argv, "l:12", &flags, output);
	if (code == E_OK && flags.device == NULL)
		code = method_fail(output, E_ARGS, "%s: -l Name is missing.", argv[0]);
	if (code == E_OK)
		code = device_find(flags.device, &device, output);
	if (code != E_OK)
		return code;
	if (device.cudv.status == DEFINED && !has_targets(flags.device))
		return E_OK;
	code = name_initiator(flags.device, output);
	return code == E_OK ? configure(argc, argv, find_children, output) : code;
}
