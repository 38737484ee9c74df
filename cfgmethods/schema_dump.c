/* A device type of the predefined database as a schema file. */
#include <libconfig.h>

#include "cfg_private.h"
#include "schema.h"

/* Adds what is not empty, or not 0. */
static void add_text(config_setting_t *group, const char *key, const char *value)
{
	if (*value != '\0')
		config_setting_set_string(
			config_setting_add(group, key, CONFIG_TYPE_STRING), value);
}

static void add_number(config_setting_t *group, const char *key, int value)
{
	if (value != 0)
		config_setting_set_int(config_setting_add(group, key, CONFIG_TYPE_INT), value);
}

static void add_always(config_setting_t *group, const char *key, const char *value)
{
	config_setting_set_string(config_setting_add(group, key, CONFIG_TYPE_STRING), value);
}

static void add_message(config_setting_t *group, const char *catalog, int setno, int msgno)
{
	AUTO_FREE char *text = message_text(catalog, setno, msgno);

	add_always(group, "description", text != NULL ? text : "");
}

static void add_type(config_setting_t *root, const struct PdDv *type)
{
	add_always(root, "class", type->class);
	add_always(root, "subclass", type->subclass);
	add_always(root, "type", type->type);
	add_always(root, "prefix", type->prefix);
	add_text(root, "driver", type->DvDr);
	add_message(root, type->catalog, type->setno, type->msgno);
	add_text(root, "devid", type->devid);
	add_number(root, "base", type->base);
	add_number(root, "has_vpd", type->has_vpd);
	add_number(root, "detectable", type->detectable);
	add_number(root, "chgstatus", type->chgstatus);
	add_number(root, "bus_ext", type->bus_ext);
	add_number(root, "inventory_only", type->inventory_only);
	add_number(root, "fru", type->fru);
	add_number(root, "led", type->led);

	config_setting_t *methods = config_setting_add(root, "methods", CONFIG_TYPE_GROUP);
	add_always(methods, "define", type->Define);
	add_always(methods, "configure", type->Configure);
	add_always(methods, "change", type->Change);
	add_always(methods, "unconfigure", type->Unconfigure);
	add_always(methods, "undefine", type->Undefine);
	add_text(methods, "start", type->Start);
	add_text(methods, "stop", type->Stop);
}

/* Where the kernel keeps the devices, or with a name an attribute of them: nothing if it does not.
 */
static bool add_kernel(config_setting_t *group, const char *uniquetype, const char *attribute)
{
	struct PdKern object;
	int found = find_object(
		PdKern_CLASS, &object, "uniquetype = %s AND attribute = %s", uniquetype, attribute);

	/* A repository that an older version made has no such class. */
	if (found <= 0)
		return found == 0 || odmerrno == ODMI_CLASS_DNE;
	config_setting_t *kernel = config_setting_add(group, "kernel", CONFIG_TYPE_GROUP);
	if (*attribute == '\0') {
		add_always(kernel, "directory", object.path);
		add_text(kernel, "name", object.form);
	} else {
		add_always(kernel, "path", object.path);
		add_always(kernel, "form", object.form);
		add_text(kernel, "maximum", object.maximum);
		add_text(kernel, "allowed", object.allowed);
		add_text(kernel, "guard", object.guard);
		add_number(kernel, "order", object.sequence);
		add_number(kernel, "rounds", object.rounds);
		add_number(kernel, "freezes", object.freezes);
		add_number(kernel, "keeps", object.keeps);
		add_number(kernel, "lowers", object.lowers);
	}
	odm_free_members(PdKern_CLASS, &object);
	return true;
}

static bool add_attribute(config_setting_t *list, const struct PdAt *attribute, const char *catalog)
{
	config_setting_t *group = config_setting_add(list, NULL, CONFIG_TYPE_GROUP);

	add_always(group, "name", attribute->attribute);
	add_always(group, "default", attribute->deflt);
	add_text(group, "values", attribute->values);
	add_text(group, attribute_removes(attribute) != NULL ? "removes" : "width",
		attribute->width);
	if (strcmp(attribute->type, "R") != 0)
		add_text(group, "type", attribute->type);
	add_always(group, "generic", attribute->generic);
	add_always(group, "rep", attribute->rep);
	add_message(group, catalog, 1, attribute->nls_index);
	return add_kernel(group, attribute->uniquetype, attribute->attribute);
}

/* PdAt's, or PdPathAt's, which are laid out the same. */
static bool add_attributes(config_setting_t *root, const char *key, CLASS_SYMBOL symbol,
	const char *uniquetype, const char *catalog)
{
	struct listinfo info;
	struct PdAt *list = list_objects(symbol, &info, "uniquetype = %s", uniquetype);

	if (list == ODM_FAILED)
		return false;
	if (list == NULL)
		return true;
	config_setting_t *attributes = config_setting_add(root, key, CONFIG_TYPE_LIST);
	bool added = true;
	for (int i = 0; i < info.num && added; i++)
		added = add_attribute(attributes, &list[i], catalog);
	odm_free_list(list, &info);
	return added;
}

static bool add_connections(config_setting_t *root, const char *uniquetype)
{
	struct listinfo info;
	struct PdCn *list = list_objects(PdCn_CLASS, &info, "uniquetype = %s", uniquetype);

	if (list == ODM_FAILED)
		return false;
	config_setting_t *connections = config_setting_add(root, "connections", CONFIG_TYPE_LIST);
	for (int i = 0; i < info.num; i++) {
		config_setting_t *group = config_setting_add(connections, NULL, CONFIG_TYPE_GROUP);
		add_always(group, "child", list[i].connkey);
		add_always(group, "where", list[i].connwhere);
	}
	odm_free_list(list, &info);
	return true;
}

char *schema_dump(const char *uniquetype, FILE *file)
{
	AUTO(config_destroy) config_t config;
	struct PdDv type;
	char *mistake = NULL;

	config_init(&config);
	int found = find_object(PdDv_CLASS, &type, "uniquetype = %s", uniquetype);
	if (found <= 0) {
		if (asprintf(&mistake, "%s: %s", uniquetype,
			    found == 0 ? "there is no such device type; lsdev -P lists them"
				       : odm_error_text(odmerrno)) < 0)
			mistake = NULL;
		return mistake;
	}
	config_setting_t *root = config_root_setting(&config);
	add_type(root, &type);
	bool read =
		add_kernel(root, uniquetype, "") &&
		add_attributes(root, "attributes", PdAt_CLASS, uniquetype, type.catalog) &&
		add_attributes(root, "path_attributes", PdPathAt_CLASS, uniquetype, type.catalog) &&
		add_connections(root, uniquetype);
	odm_free_members(PdDv_CLASS, &type);
	if (!read)
		return strdup(odm_error_text(odmerrno));
	config_write(&config, file);
	return ferror(file) ? strdup("the output can't be written") : NULL;
}
