/* Reading interfaces' values. */
#include "ethtool/ethtool.h"

#include <errno.h>
#include <stdio.h>

#include "ethtool/features.h"
#include "ethtool/place.h"
#include "ethtool/sources.h"
#include "ethtool/values.h"

static int read_attribute(struct ethtool_interface *interface, const struct ethtool_group *group,
	const struct ethtool_attribute *attribute, uint16_t id, char value[ETHTOOL_VALUE])
{
	struct nl_msg *answer = ethtool_answer_of(interface, group);
	const struct nlattr *in = answer != NULL ? ethtool_in_answer(group, answer, id) : NULL;

	return in != NULL ? ethtool_say(attribute, in, value) : -1;
}

int ethtool_read(struct ethtool_interface *interface, const char *path, char value[ETHTOOL_VALUE])
{
	struct ethtool_feature feature;
	struct ethtool_place place;

	if (ethtool_find_place(interface->ethtool, path, &place) < 0)
		return -1;
	if (place.attribute != NULL)
		return read_attribute(interface, place.group, place.attribute, place.id, value);
	if (ethtool_read_feature(interface, &place, &feature) < 0)
		return -1;
	ethtool_say_feature(&feature, value);
	return 0;
}

/* Who is told of the values of a group. */
struct visitor {
	int (*visit)(void *closure, const char *path, const char *value);
	void *closure;
};

/* 0 when the driver has not got it, too. */
static int visit_path(struct ethtool_interface *interface, const struct visitor *visitor,
	const char *group, const char *name, const char *suffix)
{
	char path[ETHTOOL_VALUE], value[ETHTOOL_VALUE];

	snprintf(path, sizeof(path), "%s/%s%s", group, name, suffix);
	if (ethtool_read(interface, path, value) < 0)
		return errno == EOPNOTSUPP ? 0 : -1;
	return visitor->visit(visitor->closure, path, value);
}

int ethtool_list(struct ethtool_interface *interface, const char *group,
	int (*visit)(void *closure, const char *path, const char *value), void *closure)
{
	const struct visitor visitor = {visit, closure};
	const struct ethtool_group *found = ethtool_find_group(group);
	const struct ethtool_feature_names *features = &interface->ethtool->features;
	int status = 0;

	if (found == NULL || ethtool_answer_of(interface, found) == NULL ||
		(found->features && ethtool_load_names(interface->ethtool) < 0))
		return -1;
	for (size_t i = 0; status == 0 && i < found->count; i++) {
		const struct ethtool_attribute *attribute = &found->attributes[i];
		status = visit_path(interface, &visitor, found->name, attribute->name, "");
		if (status == 0 && attribute->maximum != 0)
			status = visit_path(
				interface, &visitor, found->name, attribute->name, "-max");
	}
	for (size_t i = 0; status == 0 && found->features && i < features->count; i++)
		if (features->names[i] != NULL)
			status = visit_path(
				interface, &visitor, found->name, features->names[i], "");
	return status;
}

int ethtool_allowed(struct ethtool_interface *interface, const char *path, struct text *allowed)
{
	char value[ETHTOOL_VALUE];
	struct ethtool_feature feature;
	struct ethtool_place place;

	if (ethtool_find_place(interface->ethtool, path, &place) < 0)
		return -1;
	if (place.attribute == NULL) {
		if (ethtool_read_feature(interface, &place, &feature) < 0)
			return -1;
		text_append(allowed, !feature.fixed ? "off on" : feature.active ? "on" : "off");
	} else {
		if (read_attribute(interface, place.group, place.attribute, place.id, value) < 0)
			return -1;
		const char *const *choices =
			ethtool_writable(&place) ? place.attribute->choices : NULL;
		for (size_t i = 0; choices != NULL && choices[i] != NULL; i++)
			text_printf(allowed, "%s%s", i > 0 ? " " : "", choices[i]);
		if (ethtool_writable(&place) && place.attribute->maximum != 0) {
			if (read_attribute(interface, place.group, place.attribute,
				    place.attribute->maximum, value) < 0)
				return -1;
			text_printf(allowed, "..%s", value);
		}
	}
	if (allowed->failed)
		errno = ENOMEM;
	return allowed->failed ? -1 : 0;
}
