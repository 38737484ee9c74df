/* A device's new name, in every object that has the old one. */
#include "rename.h"
#include "machine.h"

/* Where devices are named: a class, a descriptor, and how to find a name in it. */
struct place {
	CLASS_SYMBOL symbol;
	const char *descriptor, *criteria;
};

static const struct ClassElem *find_descriptor(const struct place *place)
{
	for (int i = 0; i < place->symbol->nelem; i++)
		if (strcmp(place->symbol->elem[i].elemname, place->descriptor) == 0)
			return &place->symbol->elem[i];
	return NULL;
}

static int rename_in(const struct place *place, const char *name, const char *new_name)
{
	const struct ClassElem *descriptor = find_descriptor(place);
	struct listinfo info = {0};
	char *list = list_by(place->symbol, &info, odm_criteria(place->criteria, name));
	int result = descriptor != NULL ? 0 : -1;

	if (list == ODM_FAILED)
		return -1;
	for (int i = 0; i < info.num && result == 0; i++) {
		char *object = list + (size_t)i * (size_t)place->symbol->structsize;
		if (!copy_text(object + descriptor->offset, (size_t)descriptor->size, new_name))
			result = -1;
		else
			result = odm_change_obj(place->symbol, object);
	}
	if (list != NULL)
		odm_free_list(list, &info);
	return result;
}

static int rename_everywhere(const char *name, const char *new_name)
{
	const struct place places[] = {
		{CuDv_CLASS, "name", "name = %s"},
		{CuDv_CLASS, "parent", "parent = %s"},
		{CuAt_CLASS, "name", "name = %s"},
		{CuDep_CLASS, "name", "name = %s"},
		{CuDep_CLASS, "dependency", "dependency = %s"},
		{CuDvDr_CLASS, "value3", "resource = 'devno' AND value3 = %s"},
		{CuVPD_CLASS, "name", "name = %s"},
		{CuPath_CLASS, "name", "name = %s"},
		{CuPath_CLASS, "parent", "parent = %s"},
		{CuPathAt_CLASS, "name", "name = %s"},
	};
	int result = 0;

	for (size_t i = 0; i < sizeof(places) / sizeof(*places) && result == 0; i++)
		result = rename_in(&places[i], name, new_name);
	if (result < 0)
		return -1;
	const struct place last = {CuRun_CLASS, "name", "name = %s"};
	const struct place originals = {CuKern_CLASS, "name", "name = %s"};
	int before = odm_pause_history(true);
	result = rename_in(&last, name, new_name) < 0 ? -1 : rename_in(&originals, name, new_name);
	odm_pause_history(before);
	return result;
}

int device_rename(const char *name, const char *new_name, struct method_output *output)
{
	AUTO(transaction_release) struct transaction transaction = {0};
	struct CuDv device;

	if (strlen(new_name) >= sizeof(device.name) || !device_name_valid(new_name))
		return method_fail(output, E_LNAME, "'%s' is no logical name: %s.", new_name,
			DEVICE_NAME_RULE);
	if (transaction_begin(&transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	int found = find_object(CuDv_CLASS, &device, "name = %s", new_name);
	if (found != 0)
		return method_fail(
			output, found < 0 ? E_ODMGET : E_LNAME, "The name %s is taken.", new_name);
	if (find_object(CuDv_CLASS, &device, "name = %s", name) != 1)
		return method_fail(output, E_NOCuDv, "%s is not in the customized database.", name);
	if (device.status != DEFINED)
		return method_fail(
			output, E_STATE, "%s is configured; rmdev -l %s first.", name, name);
	if (special_files_remove(name) < 0)
		return method_fail(
			output, E_MAKESPF, "The special files of %s can't be removed.", name);
	genseq_forget();
	machine_forget_places();
	if (rename_everywhere(name, new_name) < 0 || transaction_commit(&transaction) < 0)
		return method_fail(output, E_ODMUPDATE, "%s.", odm_error_text(odmerrno));
	return E_OK;
}
