/* Checks the attributes of a schema file that add values against those that take them away. */
#include "schema_adding.h"

/* A member that is text, "" when it is missing. */
static const char *text_of(config_setting_t *group, const char *key)
{
	const char *text = NULL;

	config_setting_lookup_string(group, key, &text);
	return text != NULL ? text : "";
}

static bool adds(config_setting_t *group)
{
	return rep_has_many(text_of(group, "rep")) && *text_of(group, "removes") == '\0';
}

static config_setting_t *member(config_setting_t *list, int place)
{
	return config_setting_get_elem(list, (unsigned)place);
}

/* How many take away from an attribute. */
static int count_removers(config_setting_t *list, const char *name)
{
	int count = 0;

	for (int i = 0; i < config_setting_length(list); i++)
		count += strcmp(text_of(member(list, i), "removes"), name) == 0;
	return count;
}

static config_setting_t *find(config_setting_t *list, const char *name)
{
	for (int i = 0; i < config_setting_length(list); i++)
		if (strcmp(text_of(member(list, i), "name"), name) == 0)
			return member(list, i);
	return NULL;
}

static bool look_at_adder(struct schema *schema, config_setting_t *list, config_setting_t *group)
{
	const char *name = text_of(group, "name");
	int removers = count_removers(list, name);

	if (removers == 1)
		return true;
	return schema_mistaken(schema, group,
		"%s adds values: one attribute has removes = \"%s\", and here are %d", name, name,
		removers);
}

static bool look_at_remover(struct schema *schema, config_setting_t *list, config_setting_t *group)
{
	const char *name = text_of(group, "name"), *target_name = text_of(group, "removes");
	config_setting_t *target = find(list, target_name);

	if (!rep_has_many(text_of(group, "rep")))
		return schema_mistaken(schema, group, "%s: removes wants an m in rep", name);
	if (target == NULL)
		return schema_mistaken(
			schema, group, "%s removes %s, which does not exist", name, target_name);
	if (!adds(target))
		return schema_mistaken(schema, group, "%s removes %s, which does not add values",
			name, target_name);
	if (strcmp(text_of(group, "rep"), text_of(target, "rep")) != 0)
		return schema_mistaken(
			schema, group, "%s and %s have the same rep", name, target_name);
	return true;
}

static bool look_at(struct schema *schema, config_setting_t *list, config_setting_t *group)
{
	const char *name = text_of(group, "name"), *type = text_of(group, "type");
	bool removes = *text_of(group, "removes") != '\0';

	if (!removes && !rep_has_many(text_of(group, "rep")))
		return true;
	if (*text_of(group, "default") != '\0')
		return schema_mistaken(schema, group,
			"%s: the default of an attribute with several values is \"\"", name);
	if (*text_of(group, "width") != '\0' || (*type != '\0' && strcmp(type, "R") != 0))
		return schema_mistaken(schema, group,
			"%s: an attribute with several values has the type R and no width", name);
	return removes ? look_at_remover(schema, list, group) : look_at_adder(schema, list, group);
}

/* A path has one value of each of its attributes. */
static bool look_at_path(struct schema *schema, config_setting_t *group)
{
	if (*text_of(group, "removes") == '\0' && !rep_has_many(text_of(group, "rep")))
		return true;
	return schema_mistaken(schema, group, "%s: path attributes have no several values",
		text_of(group, "name"));
}

bool schema_adding(struct schema *schema, config_setting_t *root)
{
	config_setting_t *list = config_setting_get_member(root, "attributes");
	config_setting_t *paths = config_setting_get_member(root, "path_attributes");
	bool right = true;

	for (int i = 0; list != NULL && i < config_setting_length(list); i++)
		right = look_at(schema, list, member(list, i)) && right;
	for (int i = 0; paths != NULL && i < config_setting_length(paths); i++)
		right = look_at_path(schema, member(paths, i)) && right;
	return right;
}
