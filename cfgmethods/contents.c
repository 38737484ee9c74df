/* Compares the version that the device database has with this program's, and brings it there. */
#include "contents.h"

#include "cfg_private.h"
#include "connection.h"
#include "running.h"

/* Whose classes were made by odmcreate has no types with messages: only init makes those. */
static enum contents_age look_for_types(void)
{
	struct PdMsg message;
	int found = find_object(PdMsg_CLASS, &message, "setno = 1");

	if (found == 1)
		odm_free_members(PdMsg_CLASS, &message);
	if (found >= 0)
		return found == 1 ? CONTENTS_OLDER : CONTENTS_NONE;
	return odmerrno == ODMI_CLASS_DNE ? CONTENTS_NONE : CONTENTS_UNREADABLE;
}

enum contents_age contents_look(int *version)
{
	*version = odm_contents_version(CuDv_CLASS);
	if (*version < 0)
		return odmerrno == ODMI_CLASS_DNE || odmerrno == ODMI_INVALID_PATH
			       ? CONTENTS_NONE
			       : CONTENTS_UNREADABLE;
	if (*version == 0)
		return look_for_types();
	return *version < CONTENTS_VERSION   ? CONTENTS_OLDER
	       : *version > CONTENTS_VERSION ? CONTENTS_NEWER
					     : CONTENTS_PRESENT;
}

/* CuPathAt begins as CuAt and PdPathAt is laid out as PdAt: one routine serves both. */
static int renew_attribute(CLASS_SYMBOL customized, CLASS_SYMBOL predefined, struct CuAt *attribute)
{
	struct CuDv device;
	struct PdAt now;
	int found = find_object(CuDv_CLASS, &device, "name = %s", attribute->name);

	if (found != 1)
		return found;
	found = find_object(predefined, &now, "uniquetype = %s AND attribute = %s",
		device.PdDvLn_Lvalue, attribute->attribute);
	if (found != 1)
		return found;
	bool is_default = strcmp(now.deflt, attribute->value) == 0;
	bool differs = strcmp(now.type, attribute->type) != 0 ||
		       strcmp(now.generic, attribute->generic) != 0 ||
		       strcmp(now.rep, attribute->rep) != 0 ||
		       now.nls_index != attribute->nls_index;
	strcpy(attribute->type, now.type);
	strcpy(attribute->generic, now.generic);
	strcpy(attribute->rep, now.rep);
	attribute->nls_index = now.nls_index;
	odm_free_members(predefined, &now);
	if (is_default)
		return odm_rm_by_id(customized, (int)attribute->_id);
	return differs ? odm_change_obj(customized, attribute) : 0;
}

static int renew_attributes(CLASS_SYMBOL customized, CLASS_SYMBOL predefined)
{
	struct listinfo info = {0};
	char *list = list_by(customized, &info, strdup(""));
	int result = 0;

	if (list == ODM_FAILED)
		return -1;
	for (int i = 0; i < info.num && result >= 0; i++)
		result = renew_attribute(customized, predefined,
			(struct CuAt *)(void *)(list + (size_t)i * (size_t)customized->structsize));
	if (list != NULL)
		odm_free_list(list, &info);
	return result;
}

/*
 * What a device was configured with has the attributes that its type has now. Earlier versions did
 * not store it.
 */
static int renew_running(const struct CuDv *device)
{
	AUTO(attribute_changes_release) struct attribute_changes running = {0};

	if (device->status == DEFINED)
		return 0;
	return running_read(device->name, &running) < 0 ? -1
							: running_store(device->name, &running);
}

/* The driver's name is a copy; the location code is made of the parent's, which comes before. */
static int renew_device(struct CuDv *device)
{
	struct CuDv before = *device;
	struct PdDv type;
	char parent[sizeof(device->parent)], connection[sizeof(device->connwhere)];
	int found = find_object(PdDv_CLASS, &type, "uniquetype = %s", device->PdDvLn_Lvalue);

	if (found != 1)
		return found;
	strcpy(device->ddins, type.DvDr);
	odm_free_members(PdDv_CLASS, &type);
	strcpy(parent, device->parent);
	strcpy(connection, device->connwhere);
	if (device->location[0] == '\0' && parent[0] != '\0')
		connection_enter(device, parent, connection);
	if ((strcmp(before.ddins, device->ddins) != 0 ||
		    strcmp(before.location, device->location) != 0) &&
		odm_change_obj(CuDv_CLASS, device) < 0)
		return -1;
	return renew_running(device);
}

static int renew_devices(void)
{
	struct listinfo info = {0};
	struct CuDv *list = list_by(CuDv_CLASS, &info, strdup(""));
	int result = 0;

	if (list == ODM_FAILED)
		return -1;
	for (int i = 0; i < info.num && result >= 0; i++)
		result = renew_device(&list[i]);
	if (list != NULL)
		odm_free_list(list, &info);
	return result;
}

int contents_renew(void)
{
	return renew_attributes(CuAt_CLASS, PdAt_CLASS) < 0 ||
			       renew_attributes(CuPathAt_CLASS, PdPathAt_CLASS) < 0 ||
			       renew_devices() < 0
		       ? -1
		       : 0;
}
