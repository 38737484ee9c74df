/* Devices by name, their states, and what a name may be. */
#include "device.h"

void device_release(struct device *device)
{
	odm_free_members(CuDv_CLASS, &device->cudv);
	odm_free_members(PdDv_CLASS, &device->pddv);
}

int device_find(const char *name, struct device *device, struct method_output *output)
{
	*device = (struct device){0};
	int found = find_object(CuDv_CLASS, &device->cudv, "name = %s", name);
	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 0)
		return method_fail(output, E_NOCuDv,
			"%s is not in the customized database; lsdev lists the devices.", name);
	found = find_object(
		PdDv_CLASS, &device->pddv, "uniquetype = %s", device->cudv.PdDvLn_Lvalue);
	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 0)
		return method_fail(output, E_NOPdDv,
			"The type %s of %s is not in the predefined database; load its schema.",
			device->cudv.PdDvLn_Lvalue, name);
	return E_OK;
}

int device_active_child(const char *name, char child[16])
{
	struct CuDv object;
	int found = find_object(CuDv_CLASS, &object, "parent = %s AND status != 0", name);

	if (found == 1)
		memcpy(child, object.name, 16);
	return found;
}

bool device_name_valid(const char *name)
{
	size_t length = strlen(name);

	for (const char *place = name; *place != '\0'; place++)
		if (*place <= ' ' || *place > '~')
			return false;
	return length > 0 && length < sizeof(((struct CuDv *)0)->name) &&
	       strpbrk(name, NOT_IN_NAMES) == NULL;
}

bool device_word_valid(const char *word)
{
	for (const char *place = word; *place != '\0'; place++)
		if (*place <= ' ' || *place > '~' || strchr("'\"\\", *place) != NULL)
			return false;
	return *word != '\0';
}

const char *device_status_name(int status)
{
	static const char *const names[] = {"Defined", "Available", "Stopped"};

	return status >= DEFINED && status <= STOPPED ? names[status] : "Unknown";
}

int device_set_status(const char *name, int status, int chgstatus, struct method_output *output)
{
	struct CuDv object;

	if (find_object(CuDv_CLASS, &object, "name = %s", name) != 1)
		return method_fail(output, E_ODMUPDATE, "%s: %s.", name, odm_error_text(odmerrno));
	object.status = (short)status;
	object.chgstatus = (short)chgstatus;
	if (odm_change_obj(CuDv_CLASS, &object) < 0)
		return method_fail(output, E_ODMUPDATE, "%s: %s.", name, odm_error_text(odmerrno));
	return E_OK;
}
