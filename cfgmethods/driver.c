/* The steps of configuration in the driver, and what is said when one is refused. */
#include "driver.h"

#include <errno.h>
#include <sys/device.h>
#include <sys/sysmacros.h>

#include "base/process.h"
#include "change_mark.h"
#include "driver_host.h"
#include "permissions.h"
#include "vpd.h"

const struct driver_type *driver_type(const struct device *device)
{
	static const struct {
		const char *name;
		const struct driver_type *type;
	} types[] = {
		{"vbus", &vbus_driver},
		{"vscsi", &vscsi_driver},
		{"tmscsi", &tmscsi_driver},
		{"scdisk", &scdisk_driver},
		{"sdidisk", &sdidisk_driver},
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(types[i].name, device->pddv.DvDr) == 0)
			return types[i].type;
	return device->pddv.DvDr[0] != '\0' ? &text_driver : NULL;
}

bool device_devno(const struct device *device, dev_t *devno)
{
	struct CuDvDr major_object;
	int count;

	if (find_object(CuDvDr_CLASS, &major_object, "resource = 'ddins' AND value1 = %s",
		    device->cudv.ddins) != 1)
		return false;
	int major_number = atoi(major_object.value2);
	AUTO_FREE int *minors = getminor(major_number, &count, device->cudv.name);
	if (minors == NULL)
		return false;
	*devno = makedev((unsigned)major_number, (unsigned)minors[0]);
	return true;
}

int driver_has(const struct device *device)
{
	struct kex_device published;
	dev_t devno;

	return device_devno(device, &devno) ? driver_host->device(devno, &published) : 0;
}

/* The DDS, to be freed; NULL with the source's code and the reason. */
static char *build_dds(struct dds_source *source, const struct driver_type *type)
{
	const char *name = source->device->cudv.name;
	char reason[DDS_REASON];
	AUTO_FREE char *dds = calloc(1, type->layout->length);

	if (dds == NULL) {
		source->code = method_fail(source->output, E_MALLOC, "There is not enough memory.");
		return NULL;
	}
	struct dds_header *header = (struct dds_header *)(void *)dds;
	header->version = type->layout->version;
	header->length = (uint32_t)type->layout->length;
	strcpy(header->logical_name, name);
	type->build(source, dds);
	source_fill(source, type->layout, dds);
	if (source->code == E_OK && !type->check(dds, type->layout->length, reason))
		source->code = method_fail(
			source->output, E_BADATTR, "%s can't be configured: %s.", name, reason);
	return source->code == E_OK ? TAKE(dds) : NULL;
}

int driver_check(const struct device *device, const struct attribute_changes *changes,
	struct method_output *output)
{
	const struct driver_type *type = driver_type(device);
	AUTO(dds_source_release)
	struct dds_source source = {.device = device, .changes = changes, .output = output};
	struct permissions permissions;

	if (type == NULL)
		return E_OK;
	free(build_dds(&source, type));
	return permissions_read(&source, &permissions) ? E_OK : source.code;
}

/* The device's numbers, assigned when it has none yet. */
static int assign_devno(const struct device *device, const struct driver_type *type,
	struct method_output *output, dev_t *devno)
{
	if (device_devno(device, devno))
		return E_OK;
	int major_number = genmajor(device->cudv.ddins);
	if (major_number < 0)
		return method_fail(
			output, E_MAJORNO, "%s: no major number is free.", device->cudv.ddins);
	AUTO_FREE int *minors =
		genminor(device->cudv.name, major_number, -1, type->minors, 1, type->minors);
	if (minors == NULL)
		return method_fail(
			output, E_MINORNO, "%s: no minor number is free.", device->cudv.name);
	*devno = makedev((unsigned)major_number, (unsigned)minors[0]);
	return E_OK;
}

static int make_special_files(
	struct dds_source *source, const struct driver_type *type, dev_t devno)
{
	struct permissions permissions;
	char name[64];

	if (type->files[0].suffix != NULL && !permissions_read(source, &permissions))
		return source->code;

	for (int i = 0; i < SPECIAL_FILES && type->files[i].suffix != NULL; i++) {
		const struct special_file *file = &type->files[i];
		snprintf(name, sizeof(name), "%s%s", source->device->cudv.name, file->suffix);
		if (driver_host->special_file_make(name, devno + (dev_t)file->minor_bit,
			    permissions.mode, permissions.owner, permissions.group) < 0)
			return method_fail(source->output, E_MAKESPF, "Special file %s.",
				driver_host->reason());
	}
	return E_OK;
}

/* Why the host or the driver refused. */
static const char *host_reason(int error)
{
	const char *reason = driver_host->reason();

	return *reason != '\0' ? reason : strerror(error);
}

int driver_mark(const struct device *device, struct method_output *output)
{
	if (change_mark_set(device->cudv.name) == 0)
		return E_OK;
	return method_fail(output, E_CFGINIT,
		"%s can't be marked as being configured: the run directory can't be written: %s.",
		device->cudv.name, strerror(errno));
}

int driver_change(const struct device *device, const struct attribute_changes *changes,
	struct method_output *output)
{
	const struct driver_type *type = driver_type(device);
	AUTO(dds_source_release)
	struct dds_source source = {.device = device, .changes = changes, .output = output};
	struct cfg_dd parameter = {.cmd = CFG_CHANGE, .ddslen = (int)type->layout->length};
	AUTO_FREE char *dds = build_dds(&source, type);

	if (dds == NULL)
		return source.code;
	if (!device_devno(device, &parameter.devno))
		return method_fail(
			output, E_CFGINIT, "%s has no device number.", device->cudv.name);
	int code = driver_mark(device, output);
	if (code != E_OK)
		return code;
	parameter.ddsptr = dds;
	parameter.kmid = loadext(device->pddv.DvDr, FALSE, TRUE);
	if (parameter.kmid == 0)
		return method_fail(output, E_CFGINIT,
			"Driver %s is not loaded, so that %s is not configured in it; cfgmgr "
			"configures it again.",
			device->pddv.DvDr, device->cudv.name);
	if (driver_host->sysconfig(SYS_CFGDD, &parameter, sizeof(parameter)) == 0)
		return E_OK;
	return method_fail(output, E_CFGINIT, "Driver %s refused the change of %s: %s.",
		device->pddv.DvDr, device->cudv.name, host_reason(errno));
}

/* An adapter or a bus has a process of the host of its own; what hangs on one shares it. */
static dev_t process_of(const struct device *device)
{
	AUTO(device_release) struct device parent = {0};
	AUTO(method_output_release) struct method_output nowhere = {0};
	dev_t devno;

	if (strcmp(device->pddv.class, "adapter") == 0 || strcmp(device->pddv.class, "bus") == 0 ||
		strcmp(device->pddv.class, "driver") == 0 ||
		device_find(device->cudv.parent, &parent, &nowhere) != E_OK)
		return KEX_OWN_PROCESS;
	return device_devno(&parent, &devno) ? devno : KEX_SHARED_PROCESS;
}

/* *error: what the driver or the host refused it with, 0 otherwise. */
static int initialise(const struct device *device, dev_t devno, char *dds, size_t length,
	struct method_output *output, int *error)
{
	*error = 0;
	mid_t kmid = loadext(device->pddv.DvDr, TRUE, FALSE);
	if (kmid == 0)
		return method_fail(output, E_LOADEXT, "Driver %s can't be loaded: %s.",
			device->pddv.DvDr, driver_host->reason());

	struct cfg_dd parameter = {.kmid = kmid,
		.devno = devno,
		.cmd = CFG_INIT,
		.ddsptr = dds,
		.ddslen = (int)length};
	if (driver_host->sysconfig_in(
		    SYS_CFGDD, &parameter, sizeof(parameter), process_of(device)) == 0)
		return E_OK;
	*error = errno;
	method_fail(output, E_CFGINIT, "Driver %s refused %s: %s.", device->pddv.DvDr,
		device->cudv.name, host_reason(*error));
	loadext(device->pddv.DvDr, FALSE, FALSE);
	return E_CFGINIT;
}

int driver_configure(const struct device *device, const struct attribute_changes *changes,
	struct method_output *output)
{
	const struct driver_type *type = driver_type(device);
	AUTO(dds_source_release)
	struct dds_source source = {.device = device, .changes = changes, .output = output};
	dev_t devno;
	int error;

	if (type == NULL)
		return E_OK;
	AUTO_FREE char *dds = build_dds(&source, type);
	int code = source.code;
	if (code == E_OK)
		code = assign_devno(device, type, output, &devno);
	int has = code == E_OK ? driver_has(device) : 0;
	if (has < 0)
		code = method_fail(
			output, E_CFGINIT, "%s: %s.", device->cudv.name, driver_host->reason());
	/* A driver may have it from a command that was cut off: the database wins. */
	if (has == 1) {
		/* Its process was started again in the meantime, with what it had. */
		if (changes == NULL && device->cudv.status != DEFINED &&
			!change_mark_is_set(device->cudv.name))
			return E_OK;
		code = driver_unconfigure(device, output);
	}
	/* One that is open keeps running, with the database's values as far as they can be live. */
	if (code == E_BUSY && type->live)
		return driver_change(device, changes, output);
	if (code == E_OK)
		code = make_special_files(&source, type, devno);
	if (code == E_OK)
		code = driver_mark(device, output);
	if (code != E_OK)
		return code;
	code = initialise(device, devno, dds, type->layout->length, output, &error);
	/* What the driver refused it has not, or as the database says. */
	if (code != E_OK)
		change_mark_clear(device->cudv.name);
	/* The host has brought it back since it was asked for it. */
	if (error != EEXIST || driver_has(device) != 1)
		return code;
	text_clear(&output->reason);
	return driver_configure(device, changes, output);
}

/* Who has one of its special files open. */
static void append_openers(struct text *text, const struct kex_device *published)
{
	char process[400];

	for (int i = 0; i < KEX_OPENERS && published->openers[i] != 0; i++) {
		process_description(published->openers[i], process, sizeof(process));
		text_printf(text, "%sprocess %s has %s", text->length > 0 ? ", " : "", process,
			published->name);
	}
}

static int busy(const struct device *device, dev_t devno, struct method_output *output)
{
	const struct driver_type *type = driver_type(device);
	struct kex_device published;
	AUTO(text_release) struct text openers = {0};
	/* The host's next answer replaces it. */
	AUTO_FREE char *why = strdup(host_reason(EBUSY));

	for (int i = 0; i < type->minors; i++)
		if (driver_host->device(devno + (dev_t)i, &published) == 1)
			append_openers(&openers, &published);
	if (openers.length > 0 && !openers.failed)
		return method_fail(output, E_BUSY, "%s is open: %s. Close it first.",
			device->cudv.name, openers.data);
	return method_fail(
		output, E_BUSY, "%s is in use: %s.", device->cudv.name, why != NULL ? why : "");
}

int driver_unconfigure(const struct device *device, struct method_output *output)
{
	const char *driver = device->pddv.DvDr;
	dev_t devno;

	if (driver_type(device) == NULL || !device_devno(device, &devno))
		return E_OK;
	struct cfg_dd parameter = {
		.kmid = loadext(driver, FALSE, TRUE), .devno = devno, .cmd = CFG_TERM};
	if (parameter.kmid == 0)
		return E_OK;
	if (driver_host->sysconfig(SYS_CFGDD, &parameter, sizeof(parameter)) < 0) {
		if (errno == EBUSY)
			return busy(device, devno, output);
		if (errno == ENODEV || errno == EHOSTDOWN)
			return E_OK;
		return method_fail(output, E_CFGTERM, "Driver %s could not unconfigure %s: %s.",
			driver, device->cudv.name, host_reason(errno));
	}
	/* That others still use the extension is no failure. */
	loadext(driver, FALSE, FALSE);
	return E_OK;
}

char *driver_vpd(const struct device *device)
{
	AUTO_FREE char *vpd = calloc(1, VPD_LENGTH + 1);
	struct cfg_dd parameter = {.cmd = CFG_QVPD, .ddsptr = vpd, .ddslen = VPD_LENGTH + 1};

	if (vpd == NULL || driver_type(device) == NULL || !device_devno(device, &parameter.devno) ||
		(parameter.kmid = loadext(device->pddv.DvDr, FALSE, TRUE)) == 0 ||
		driver_host->sysconfig(SYS_CFGDD, &parameter, sizeof(parameter)) < 0 ||
		vpd[0] == '\0')
		return NULL;
	vpd[VPD_LENGTH] = '\0';
	return TAKE(vpd);
}

/* Each of the device's numbers; what was stopped before one is busy is started again. */
static int stop_minors(const struct driver_type *type, struct cfg_dd parameter)
{
	dev_t first = parameter.devno;
	struct kex_device published;

	for (int i = 0; i < type->minors; i++) {
		parameter.devno = first + (dev_t)i;
		if (driver_host->device(parameter.devno, &published) != 1)
			continue;
		if (driver_host->sysconfig(SYS_CFGDD, &parameter, sizeof(parameter)) == 0)
			continue;
		int error = errno;
		parameter.cmd = CFG_START;
		while (i-- > 0) {
			parameter.devno = first + (dev_t)i;
			driver_host->sysconfig(SYS_CFGDD, &parameter, sizeof(parameter));
		}
		return error;
	}
	return 0;
}

int driver_stop(const struct device *device, bool stop, struct method_output *output)
{
	const struct driver_type *type = driver_type(device);
	dev_t devno;

	if (type == NULL || !device_devno(device, &devno))
		return E_OK;
	struct cfg_dd parameter = {.kmid = loadext(device->pddv.DvDr, FALSE, TRUE),
		.devno = devno,
		.cmd = stop ? CFG_STOP : CFG_START};
	if (parameter.kmid == 0)
		return E_OK;
	int error = stop_minors(type, parameter);
	if (error == EBUSY)
		return busy(device, devno, output);
	if (error != 0)
		return method_fail(output, E_CFGTERM, "%s can't be %s: %s.", device->cudv.name,
			stop ? "stopped" : "started", host_reason(error));
	return E_OK;
}
