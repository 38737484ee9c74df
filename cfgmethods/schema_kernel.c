/* What schema files say of the kernel's own attributes: class PdKern. */
#include "schema_kernel.h"

#include "config_file.h"
#include "kernel.h"

/* Paths stay beneath the device's directory, or with a slash first beneath the tree's root. */
static bool path_allowed(const char *path)
{
	return strncmp(path, "../", 3) != 0 && strstr(path, "/../") == NULL && *path != '\0';
}

static bool store(struct schema *schema, config_setting_t *group, struct PdKern *object)
{
	strcpy(object->uniquetype, schema->type.uniquetype);
	if (odm_add_obj(PdKern_CLASS, object) >= 0)
		return true;
	return schema_mistaken(schema, group, "%s", odm_error_text(odmerrno));
}

/* The group, NULL when there is none; *ok false with a mistake. */
static config_setting_t *kernel_group(struct schema *schema, config_setting_t *setting, bool *ok)
{
	config_setting_t *group = config_setting_get_member(setting, "kernel");

	*ok = group == NULL || config_setting_is_group(group);
	if (!*ok)
		schema_mistaken(schema, group, "'kernel' is not a group in braces");
	return *ok ? group : NULL;
}

bool schema_kernel_type(struct schema *schema, config_setting_t *root)
{
	static const char *const no_others[] = {NULL};
	char directory[256] = "", maximum[] = "", allowed[] = "";
	struct PdKern object = {.path = directory, .maximum = maximum, .allowed = allowed};
	const struct schema_field fields[] = {
		{"directory", directory, sizeof(directory), NULL, true},
		{"name", object.form, sizeof(object.form), NULL, false},
	};
	bool ok;
	config_setting_t *group = kernel_group(schema, root, &ok);

	if (group == NULL)
		return ok;
	if (!READ_FIELDS(schema, group, fields, no_others))
		return false;
	if (!path_allowed(directory) || *directory == '/')
		return schema_mistaken(schema, group, "directory: it is a path below /sys");
	if (object.form[0] != '\0' && strcmp(object.form, "parent") != 0)
		return schema_mistaken(schema, group,
			"name = \"%s\": allowed is \"parent\", whose name the device has",
			object.form);
	return store(schema, group, &object);
}

bool schema_kernel_attribute(struct schema *schema, config_setting_t *attribute, const char *name)
{
	static const char *const no_others[] = {NULL};
	char path[256] = "", maximum[256] = "", allowed[256] = "";
	struct PdKern object = {
		.form = "text", .path = path, .maximum = maximum, .allowed = allowed};
	const struct schema_field fields[] = {
		{"path", path, sizeof(path), NULL, true},
		{"form", object.form, sizeof(object.form), NULL, false},
		{"maximum", maximum, sizeof(maximum), NULL, false},
		{"allowed", allowed, sizeof(allowed), NULL, false},
		{"guard", object.guard, sizeof(object.guard), NULL, false},
		{"order", NULL, 0, &object.sequence, false},
		{"rounds", NULL, 0, &object.rounds, false},
		{"freezes", NULL, 0, &object.freezes, false},
		{"keeps", NULL, 0, &object.keeps, false},
		{"lowers", NULL, 0, &object.lowers, false},
	};
	enum tunable_form form;
	bool ok;
	config_setting_t *group = kernel_group(schema, attribute, &ok);

	if (group == NULL)
		return ok;
	if (!READ_FIELDS(schema, group, fields, no_others))
		return false;
	strcpy(object.attribute, name);
	if (!path_allowed(path) || (*maximum != '\0' && !path_allowed(maximum)) ||
		(*allowed != '\0' && !path_allowed(allowed)))
		return schema_mistaken(
			schema, group, "%s: a path leads out of the device's directory", name);
	if (!kernel_form(object.form, &form))
		return schema_mistaken(schema, group,
			"%s: form = \"%s\": allowed are text, number, choice, list, mask and "
			"switch",
			name, object.form);
	if (!kernel_guard_known(object.guard))
		return schema_mistaken(
			schema, group, "%s: guard = \"%s\" is not known", name, object.guard);
	return store(schema, group, &object);
}

/* The file beside the schema file, to be freed. */
static char *tunables_path(const struct schema *schema, const char *name)
{
	const char *slash = strrchr(schema->path, '/');
	int directory = slash != NULL ? (int)(slash + 1 - schema->path) : 0;
	char *path;

	return asprintf(&path, "%.*stunables/%s.cfg", directory, schema->path, name) < 0 ? NULL
											 : path;
}

/* Mistakes in it are told with its own name. */
static bool read_file(struct schema *schema, const char *path,
	bool (*add)(struct schema *schema, config_setting_t *group))
{
	static const char *const keys[] = {"attributes", NULL};
	AUTO(config_destroy) config_t config;
	const char *outer = schema->path;

	config_init(&config);
	AUTO_FREE char *mistake = config_file_read(path, &config);
	if (mistake != NULL) {
		text_printf(&schema->mistakes, "%s%s", schema->mistakes.length > 0 ? "\n" : "",
			mistake);
		return false;
	}
	schema->path = path;
	config_setting_t *root = config_root_setting(&config);
	bool ok = schema_read_fields(schema, root, NULL, 0, keys) &&
		  schema_read_list(schema, root, "attributes", add);
	schema->path = outer;
	return ok;
}

bool schema_read_tunables(struct schema *schema, config_setting_t *root,
	bool (*add)(struct schema *schema, config_setting_t *group))
{
	config_setting_t *list = config_setting_get_member(root, "tunables");
	bool ok = true;

	if (list == NULL)
		return true;
	if (!config_setting_is_list(list))
		return schema_mistaken(schema, list, "'tunables' is not a list in parentheses");
	for (int i = 0; i < config_setting_length(list) && ok; i++) {
		const char *name = config_setting_get_string_elem(list, i);
		if (name == NULL || strchr(name, '/') != NULL || *name == '\0')
			return schema_mistaken(
				schema, list, "'tunables' has names of files, without .cfg");
		AUTO_FREE char *path = tunables_path(schema, name);
		ok = path != NULL && read_file(schema, path, add);
	}
	return ok;
}
