/* Schema files: settings read, checked, and stored as predefined objects. */
#include "schema_read.h"

#include <limits.h>
#include <stdarg.h>

#include "device.h"
#include "method.h"
#include "schema_adding.h"
#include "schema_kernel.h"
#include "value_list.h"

void schema_release(struct schema *schema)
{
	text_release(&schema->mistakes);
}

bool schema_mistaken(struct schema *schema, const config_setting_t *where, const char *format, ...)
{
	va_list arguments;

	text_printf(&schema->mistakes, "%s%s:%u: ", schema->mistakes.length > 0 ? "\n" : "",
		schema->path, config_setting_source_line(where));
	va_start(arguments, format);
	text_vprintf(&schema->mistakes, format, arguments);
	va_end(arguments);
	return false;
}

static bool read_field(
	struct schema *schema, config_setting_t *member, const struct schema_field *field)
{
	if (field->number != NULL) {
		int type = config_setting_type(member);
		if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64)
			return schema_mistaken(schema, member, "'%s' is not a number", field->key);
		long long number = config_setting_get_int64(member);
		if (number < SHRT_MIN || number > SHRT_MAX)
			return schema_mistaken(schema, member, "%s = %lld: allowed is %d to %d",
				field->key, number, SHRT_MIN, SHRT_MAX);
		*field->number = (short)number;
		return true;
	}
	const char *value = config_setting_get_string(member);
	if (value == NULL || !copy_text(field->room, field->size, value))
		return schema_mistaken(schema, member, "'%s' is not a text of at most %zu bytes",
			field->key, field->size - 1);
	return true;
}

bool schema_read_fields(struct schema *schema, config_setting_t *group,
	const struct schema_field *fields, size_t count, const char *const *others)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		config_setting_t *member = config_setting_get_elem(group, (unsigned)i);
		const char *name = config_setting_name(member);
		bool known = false;
		for (size_t f = 0; f < count && !known; f++) {
			known = strcmp(fields[f].key, name) == 0;
			if (known && !read_field(schema, member, &fields[f]))
				return false;
		}
		for (const char *const *other = others; *other != NULL; other++)
			known = known || strcmp(*other, name) == 0;
		if (!known)
			return schema_mistaken(schema, member, "'%s' is not known here", name);
	}
	for (size_t f = 0; f < count; f++)
		if (fields[f].required && config_setting_get_member(group, fields[f].key) == NULL)
			return schema_mistaken(schema, group, "'%s' is missing", fields[f].key);
	return true;
}
/* Whether a name that was read is a word without the characters that separate it from others. */
static bool word_allowed(struct schema *schema, config_setting_t *group, const char *key,
	const char *word, const char *separators)
{
	if (device_word_valid(word) && strpbrk(word, separators) == NULL)
		return true;
	return schema_mistaken(schema, config_setting_get_member(group, key),
		"%s = \"%s\": it has %s%s%s", key, word, DEVICE_WORD_RULE,
		*separators != '\0' ? ", and none of " : "", separators);
}

static const char *const no_others[] = {NULL};

static bool add_message(struct schema *schema, const config_setting_t *where, const char *text)
{
	char copy[256];
	struct PdMsg message = {.setno = 1, .msgno = ++schema->last_message, .text = copy};

	if (!copy_text(copy, sizeof(copy), text))
		return schema_mistaken(schema, where, "the description is longer than 255 bytes");
	strcpy(message.catalog, schema->catalog);
	if (odm_add_obj(PdMsg_CLASS, &message) < 0)
		return schema_mistaken(schema, where, "%s", odm_error_text(odmerrno));
	return true;
}

/* Every method that is named is built in or a program. */
static bool check_methods(struct schema *schema, config_setting_t *group)
{
	bool there = true;

	for (int i = 0; i < config_setting_length(group); i++) {
		config_setting_t *member = config_setting_get_elem(group, (unsigned)i);
		const char *path = config_setting_get_string(member);
		if (*path != '\0' && !method_exists(path))
			there = schema_mistaken(schema, member, "%s: there is no such method, %s",
				config_setting_name(member), path);
	}
	return there;
}

static bool read_methods(struct schema *schema, config_setting_t *root)
{
	struct PdDv *type = &schema->type;
	const struct schema_field fields[] = {
		{"define", type->Define, sizeof(type->Define), NULL, true},
		{"configure", type->Configure, sizeof(type->Configure), NULL, true},
		{"change", type->Change, sizeof(type->Change), NULL, true},
		{"unconfigure", type->Unconfigure, sizeof(type->Unconfigure), NULL, true},
		{"undefine", type->Undefine, sizeof(type->Undefine), NULL, true},
		{"start", type->Start, sizeof(type->Start), NULL, false},
		{"stop", type->Stop, sizeof(type->Stop), NULL, false},
	};
	config_setting_t *group = config_setting_get_member(root, "methods");

	if (group == NULL || !config_setting_is_group(group))
		return schema_mistaken(schema, root, "the group 'methods' is missing");
	return READ_FIELDS(schema, group, fields, no_others) &&
	       (!schema->check_methods || check_methods(schema, group));
}

/* What the file says of the type itself; the description is stored with it. */
bool schema_read_type(struct schema *schema, config_setting_t *root)
{
	static const char *const others[] = {"methods", "kernel", "tunables", "attributes",
		"path_attributes", "connections", NULL};
	struct PdDv *type = &schema->type;
	const struct schema_field fields[] = {
		{"class", type->class, sizeof(type->class), NULL, true},
		{"subclass", type->subclass, sizeof(type->subclass), NULL, true},
		{"type", type->type, sizeof(type->type), NULL, true},
		{"prefix", type->prefix, sizeof(type->prefix), NULL, true},
		{"driver", type->DvDr, sizeof(type->DvDr), NULL, false},
		{"description", schema->description, sizeof(schema->description), NULL, true},
		{"devid", type->devid, sizeof(type->devid), NULL, false},
		{"base", NULL, 0, &type->base, false},
		{"has_vpd", NULL, 0, &type->has_vpd, false},
		{"detectable", NULL, 0, &type->detectable, false},
		{"chgstatus", NULL, 0, &type->chgstatus, false},
		{"bus_ext", NULL, 0, &type->bus_ext, false},
		{"inventory_only", NULL, 0, &type->inventory_only, false},
		{"fru", NULL, 0, &type->fru, false},
		{"led", NULL, 0, &type->led, false},
	};

	if (!READ_FIELDS(schema, root, fields, others) || !read_methods(schema, root))
		return false;
	/* Slashes separate the three in a uniquetype. */
	if (!word_allowed(schema, root, "class", type->class, "/") ||
		!word_allowed(schema, root, "subclass", type->subclass, "/") ||
		!word_allowed(schema, root, "type", type->type, "/") ||
		!word_allowed(schema, root, "prefix", type->prefix, NOT_IN_NAMES))
		return false;
	if (snprintf(type->uniquetype, sizeof(type->uniquetype), "%s/%s/%s", type->class,
		    type->subclass, type->type) >= (int)sizeof(type->uniquetype))
		return schema_mistaken(schema, root, "class/subclass/type is longer than 47 bytes");
	snprintf(schema->catalog, sizeof(schema->catalog), "%s_%s.cat", type->type, type->subclass);
	type->catalog = schema->catalog;
	type->setno = 1;
	type->msgno = 1;
	return true;
}

static bool replace_type(struct schema *schema, config_setting_t *root)
{
	struct PdDv *type = &schema->type;

	if (remove_objects(PdMsg_CLASS, "catalog = %s", schema->catalog) < 0 ||
		remove_objects(PdDv_CLASS, "uniquetype = %s", type->uniquetype) < 0 ||
		remove_objects(PdAt_CLASS, "uniquetype = %s", type->uniquetype) < 0 ||
		remove_objects(PdPathAt_CLASS, "uniquetype = %s", type->uniquetype) < 0 ||
		remove_objects(PdCn_CLASS, "uniquetype = %s", type->uniquetype) < 0 ||
		remove_objects(PdKern_CLASS, "uniquetype = %s", type->uniquetype) < 0 ||
		odm_add_obj(PdDv_CLASS, type) < 0)
		return schema_mistaken(schema, root, "%s", odm_error_text(odmerrno));
	return add_message(schema, root, schema->description);
}

/* Into PdAt, or PdPathAt, which is laid out the same. */
static bool add_attribute_to(struct schema *schema, config_setting_t *group, CLASS_SYMBOL symbol)
{
	static const char *const others[] = {"kernel", NULL};
	/* What the kernel's value is before anybody has asked for one is the kernel's matter. */
	bool kernels = config_setting_is_group(group) &&
		       config_setting_get_member(group, "kernel") != NULL;
	char description[256] = "", default_value[256] = "", values[256] = "";
	attribute_name removes = "";
	struct PdAt attribute = {.deflt = default_value, .values = values, .type = "R"};
	const struct schema_field fields[] = {
		{"name", attribute.attribute, sizeof(attribute.attribute), NULL, true},
		{"default", default_value, sizeof(default_value), NULL, !kernels},
		{"values", values, sizeof(values), NULL, false},
		{"width", attribute.width, sizeof(attribute.width), NULL, false},
		{"removes", removes, sizeof(removes), NULL, false},
		{"type", attribute.type, sizeof(attribute.type), NULL, false},
		{"generic", attribute.generic, sizeof(attribute.generic), NULL, true},
		{"rep", attribute.rep, sizeof(attribute.rep), NULL, true},
		{"description", description, sizeof(description), NULL, true},
	};
	AUTO_FREE char *reason = NULL;
	struct PdAt other;

	if (!config_setting_is_group(group))
		return schema_mistaken(schema, group, "an attribute is a group in braces");
	if (!READ_FIELDS(schema, group, fields, others))
		return false;
	if (!word_allowed(schema, group, "name", attribute.attribute, "=,:"))
		return false;
	strcpy(attribute.uniquetype, schema->type.uniquetype);
	const char *mistake = values_mistake(&attribute);
	if (mistake != NULL)
		return schema_mistaken(schema, group, "%s: %s", attribute.attribute, mistake);
	if (*removes != '\0' && attribute.width[0] != '\0')
		return schema_mistaken(schema, group,
			"%s: it has width or removes, which are stored in the same place",
			attribute.attribute);
	if (*removes != '\0')
		strcpy(attribute.width, removes);
	if (strspn(attribute.generic, "DU+") != strlen(attribute.generic))
		return schema_mistaken(
			schema, group, "%s: generic has D, U and + only", attribute.attribute);
	/* The empty default of one that adds is no value; schema_adding looks at that. */
	if (!kernels && !rep_has_many(attribute.rep) &&
		!value_allowed(&attribute, default_value, &reason))
		return schema_mistaken(schema, group, "the default: %s",
			reason != NULL ? reason : attribute.attribute);
	if (find_object(symbol, &other, "uniquetype = %s AND attribute = %s", attribute.uniquetype,
		    attribute.attribute) == 1) {
		odm_free_members(symbol, &other);
		return schema_mistaken(schema, group, "%s is there twice", attribute.attribute);
	}
	if (!add_message(schema, group, description))
		return false;
	attribute.nls_index = schema->last_message;
	if (odm_add_obj(symbol, &attribute) < 0)
		return schema_mistaken(schema, group, "%s", odm_error_text(odmerrno));
	return schema_kernel_attribute(schema, group, attribute.attribute);
}

static bool add_attribute(struct schema *schema, config_setting_t *group)
{
	return add_attribute_to(schema, group, PdAt_CLASS);
}

static bool add_path_attribute(struct schema *schema, config_setting_t *group)
{
	return add_attribute_to(schema, group, PdPathAt_CLASS);
}

static bool add_connection(struct schema *schema, config_setting_t *group)
{
	struct PdCn connection = {0};
	const struct schema_field fields[] = {
		{"child", connection.connkey, sizeof(connection.connkey), NULL, true},
		{"where", connection.connwhere, sizeof(connection.connwhere), NULL, true},
	};

	if (!config_setting_is_group(group))
		return schema_mistaken(schema, group, "a connection is a group in braces");
	if (!READ_FIELDS(schema, group, fields, no_others))
		return false;
	/* An empty place is any. */
	if (!word_allowed(schema, group, "child", connection.connkey, "/") ||
		(connection.connwhere[0] != '\0' &&
			!word_allowed(schema, group, "where", connection.connwhere, "")))
		return false;
	strcpy(connection.uniquetype, schema->type.uniquetype);
	if (odm_add_obj(PdCn_CLASS, &connection) < 0)
		return schema_mistaken(schema, group, "%s", odm_error_text(odmerrno));
	return true;
}

bool schema_read_list(struct schema *schema, config_setting_t *root, const char *key,
	bool (*add)(struct schema *schema, config_setting_t *group))
{
	config_setting_t *list = config_setting_get_member(root, key);

	if (list == NULL)
		return true;
	if (!config_setting_is_list(list))
		return schema_mistaken(schema, list, "'%s' is not a list in parentheses", key);
	bool ok = true;
	for (int i = 0; i < config_setting_length(list); i++)
		ok = add(schema, config_setting_get_elem(list, (unsigned)i)) && ok;
	return ok;
}

bool schema_store(struct schema *schema, config_setting_t *root)
{
	if (!replace_type(schema, root) || !schema_kernel_type(schema, root))
		return false;
	bool tunables = schema_read_tunables(schema, root, add_attribute);
	bool attributes = schema_read_list(schema, root, "attributes", add_attribute);
	bool paths = schema_read_list(schema, root, "path_attributes", add_path_attribute);
	bool connections = schema_read_list(schema, root, "connections", add_connection);
	return tunables && attributes && paths && connections && schema_adding(schema, root);
}
