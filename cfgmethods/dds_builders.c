/* What each driver's DDS has that no attribute says, and the kinds of drivers that there are. */
#include <sys/sysmacros.h>

#include "base/paths.h"
#include "driver.h"
#include "machine.h"
#include "path.h"

/* The file that is a bus's memory, in a room of DDS_PATH bytes. */
static void bus_memory(struct dds_source *source, const char *bus, char *room)
{
	AUTO_FREE char *file = NULL;
	AUTO_FREE char *path =
		asprintf(&file, "%s.memory", bus) < 0 ? NULL : root_path(ROOT_RUN, file);

	if (source->code == E_OK && (path == NULL || !copy_text(room, DDS_PATH, path)))
		source->code = method_fail(source->output, E_DDS,
			"The path of the memory of %s is longer than %d bytes.", bus, DDS_PATH - 1);
}

static uint64_t adapter_devno(struct dds_source *source)
{
	const struct device *adapter = source_parent(source);
	dev_t devno = 0;

	if (adapter != NULL && !device_devno(adapter, &devno))
		source->code = method_fail(source->output, E_DDS,
			"The adapter %s has no device number yet.", adapter->cudv.name);
	return devno;
}

static void build_vbus(struct dds_source *source, void *dds)
{
	struct vbus_dds *vbus = dds;
	const struct CuDv *device = &source->device->cudv;

	bus_memory(source, device->name, vbus->memory);
	if (source->code != E_OK)
		return;
	char *mistake;
	const struct machine *machine = machine_get(&mistake);
	AUTO_FREE char *owned = mistake;
	if (machine == NULL) {
		source->code =
			method_fail(source->output, E_DDS, "%s.", owned != NULL ? owned : "");
		return;
	}
	const struct machine_bus *bus = machine_find_bus(machine, device->connwhere);
	if (bus == NULL) {
		source->code = method_fail(source->output, E_DDS,
			"machine.cfg has no bus at %s any more.", device->connwhere);
		return;
	}
	source->code =
		machine_fill_disks(bus, vbus)
			? E_OK
			: method_fail(source->output, E_DDS, "Too many disks, or too long paths.");
}

static void build_vscsi(struct dds_source *source, void *dds)
{
	struct vscsi_dds *vscsi = dds;

	bus_memory(source, source->device->cudv.parent, vscsi->bus_memory);
}

static void build_tmscsi(struct dds_source *source, void *dds)
{
	struct tmscsi_dds *tmscsi = dds;

	strcpy(tmscsi->adapter_name, source->device->cudv.parent);
	tmscsi->adap_devno = adapter_devno(source);
}

/* The paths through its adapter that lead to the disk, but for the one that its attributes say. */
static int add_path(const struct CuPath *path, void *closure)
{
	struct scdisk_dds *scdisk = closure;
	struct scdisk_path way;

	if (path->path_status == PATH_MISSING || scdisk->path_count == SCDISK_PATHS ||
		strcmp(path->parent, scdisk->adapter_name) != 0 ||
		sscanf(path->connection, "%u,%u", &way.scsi_id, &way.lun) != 2 ||
		(way.scsi_id == scdisk->scsi_id && way.lun == scdisk->lun))
		return 0;
	scdisk->paths[scdisk->path_count++] = way;
	return 0;
}

/* Disks of adapters that carry out one command of a disk after the other have no depth. */
static uint32_t queue_depth(struct dds_source *source)
{
	const struct attribute_set *set = source_attributes(source, DDS_OWN);

	if (set == NULL || attribute_set_predefined(set, "queue_depth") == NULL)
		return 1;
	return source_number(source, DDS_OWN, "queue_depth");
}

static void build_scdisk(struct dds_source *source, void *dds)
{
	struct scdisk_dds *scdisk = dds;
	const struct CuDv *device = &source->device->cudv;

	strcpy(scdisk->adapter_name, device->parent);
	scdisk->adap_devno = adapter_devno(source);
	scdisk->queue_depth = queue_depth(source);
	scdisk->scsi_id = source_number(source, DDS_OWN, "scsi_id");
	scdisk->lun = source_number(source, DDS_OWN, "lun_id");
	if (source->code == E_OK &&
		path_visit(odm_criteria("name = %s", device->name), add_path, scdisk) < 0)
		source->code =
			method_fail(source->output, E_ODMGET, "%s.", odm_error_text(odmerrno));
}

/* Its address is where it is connected: nothing detects it, mkdev says. */
static void build_sdidisk(struct dds_source *source, void *dds)
{
	struct sdidisk_dds *sdidisk = dds;
	const struct CuDv *device = &source->device->cudv;

	strcpy(sdidisk->adapter_name, device->parent);
	sdidisk->adap_devno = adapter_devno(source);
	if (source->code == E_OK &&
		sscanf(device->connwhere, "%u,%u", &sdidisk->scsi_id, &sdidisk->lun) != 2)
		source->code = method_fail(source->output, E_DDS,
			"The connection %s of %s is no SCSI ID and LUN.", device->connwhere,
			device->name);
}

const struct driver_type vbus_driver = {
	.build = build_vbus, .check = vbus_dds_check, .layout = &vbus_layout, .minors = 1};
const struct driver_type vscsi_driver = {.build = build_vscsi,
	.check = vscsi_dds_check,
	.layout = &vscsi_layout,
	.files = {{"", 0}},
	.minors = 1};
const struct driver_type tmscsi_driver = {.build = build_tmscsi,
	.check = tmscsi_dds_check,
	.layout = &tmscsi_layout,
	.files = {{".im", 0}, {".tm", 1}},
	.minors = 2,
	.live = true};
const struct driver_type scdisk_driver = {.build = build_scdisk,
	.check = scdisk_dds_check,
	.layout = &scdisk_layout,
	.files = {{"", 0}},
	.minors = 1};
const struct driver_type sdidisk_driver = {
	.build = build_sdidisk, .check = sdidisk_dds_check, .layout = &sdidisk_layout, .minors = 1};
