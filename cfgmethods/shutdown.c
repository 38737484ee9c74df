/* Devices become Defined in the database without their drivers, which are gone. */
#include "shutdown.h"

#include "change_mark.h"
#include "path.h"

/* The configured devices, by name. */
struct configured {
	struct CuDv *list;
	struct listinfo info;
};

static void configured_release(struct configured *configured)
{
	if (configured->list != NULL)
		odm_free_list(configured->list, &configured->info);
}

static int compare_names(const void *one, const void *other)
{
	return strcmp(((const struct CuDv *)one)->name, ((const struct CuDv *)other)->name);
}

static int configured_read(struct configured *configured, struct method_output *output)
{
	configured->list = list_objects(CuDv_CLASS, &configured->info, "status != 0");
	if (configured->list == ODM_FAILED) {
		configured->list = NULL;
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	}
	if (configured->list != NULL)
		qsort(configured->list, (size_t)configured->info.num, sizeof(*configured->list),
			compare_names);
	return E_OK;
}

/* A device whose type is gone has no driver to speak of. */
static bool has_driver(const struct CuDv *device)
{
	struct PdDv type;

	if (find_object(PdDv_CLASS, &type, "uniquetype = %s", device->PdDvLn_Lvalue) != 1)
		return false;
	bool driven = type.DvDr[0] != '\0';
	odm_free_members(PdDv_CLASS, &type);
	return driven;
}

/* Whether it has a driver, or one of those above it has. */
static bool is_hosted(const struct configured *configured, const struct CuDv *device)
{
	while (device != NULL && !has_driver(device)) {
		struct CuDv parent;
		memcpy(parent.name, device->parent, sizeof(parent.name));
		device = bsearch(&parent, configured->list, (size_t)configured->info.num,
			sizeof(*configured->list), compare_names);
	}
	return device != NULL;
}

static int set_down(const struct CuDv *device, struct method_output *output)
{
	int code = device_set_status(device->name, DEFINED, device->chgstatus, output);

	if (code == E_OK &&
		(path_unconfigure_all(device->name) < 0 || path_release_all(device->name) < 0))
		code = method_fail(
			output, E_ODMUPDATE, "%s: %s.", device->name, odm_error_text(odmerrno));
	return code;
}

int shutdown_devices(enum shutdown_extent extent, struct method_output *output)
{
	AUTO(configured_release) struct configured configured = {0};
	AUTO(transaction_release) struct transaction transaction = {0};
	int code = configured_read(&configured, output);

	if (code == E_OK && transaction_begin(&transaction) < 0)
		code = method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	for (int i = 0; code == E_OK && i < configured.info.num; i++) {
		const struct CuDv *device = &configured.list[i];
		if (extent == SHUTDOWN_ALL || is_hosted(&configured, device))
			code = set_down(device, output);
	}
	if (code == E_OK && transaction_commit(&transaction) < 0)
		code = method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	/* What a cut-off method left in a driver has gone with the driver. */
	for (int i = 0; code == E_OK && i < configured.info.num; i++)
		change_mark_clear(configured.list[i].name);
	return code;
}
