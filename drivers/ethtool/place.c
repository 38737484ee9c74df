/* Paths, and the answers that an interface keeps. */
#include "ethtool/place.h"

#include <errno.h>
#include <string.h>

#include "ethtool/sources.h"

int ethtool_find_place(struct ethtool *ethtool, const char *path, struct ethtool_place *place)
{
	*place = (struct ethtool_place){.group = ethtool_find_group(path)};
	if (place->group == NULL)
		return -1;
	const char *slash = strchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : "";
	if (!place->group->features) {
		place->attribute = ethtool_find_attribute(place->group, name, &place->id);
		return place->attribute != NULL ? 0 : -1;
	}
	if (ethtool_load_names(ethtool) < 0)
		return -1;
	long bit = ethtool_find_feature(&ethtool->features, name);
	place->bit = bit >= 0 ? (size_t)bit : 0;
	return bit >= 0 ? 0 : -1;
}

bool ethtool_writable(const struct ethtool_place *place)
{
	return place->group->set != 0 &&
	       (place->attribute == NULL || place->id == place->attribute->id);
}

void ethtool_forget(struct ethtool_interface *interface)
{
	int error = errno;

	for (size_t i = 0; i < ETHTOOL_GROUPS; i++) {
		nlmsg_free(interface->answers[i].message);
		interface->answers[i] = (struct ethtool_answer){0};
	}
	errno = error;
}

struct nl_msg *ethtool_answer_of(
	struct ethtool_interface *interface, const struct ethtool_group *group)
{
	struct ethtool_answer *answer = &interface->answers[group - ethtool_groups];

	if (!answer->asked) {
		answer->asked = true;
		if (ethtool_ask(interface->ethtool, group, interface->name, &answer->message) < 0)
			answer->error = errno;
	}
	errno = answer->error;
	return answer->message;
}

int ethtool_read_feature(struct ethtool_interface *interface, const struct ethtool_place *place,
	struct ethtool_feature *feature)
{
	struct nl_msg *answer = ethtool_answer_of(interface, place->group);

	return answer != NULL ? ethtool_feature_of(answer, place->bit, feature) : -1;
}
