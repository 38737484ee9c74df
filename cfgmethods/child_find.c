/* Which of the devices that are entered a child is. */
#include "child.h"

int child_stored_value(const char *device, const char *attribute, char *room, size_t size)
{
	struct CuAt stored;
	int found =
		find_object(CuAt_CLASS, &stored, "name = %s AND attribute = %s", device, attribute);

	snprintf(room, size, "%s", found == 1 ? stored.value : "");
	if (found == 1)
		odm_free_members(CuAt_CLASS, &stored);
	return found;
}

/* The device of a type that is known by a unique_id, wherever it is entered: 1, 0, -1. */
static int find_by_id(struct detection *detection, struct child *child, const char *id)
{
	struct CuDv object;
	char known_as[256];

	if (detection->known == NULL)
		detection->known = identities_read();
	if (detection->known == NULL)
		return -1;
	const char *name = identities_find(detection->known, id);
	if (name == NULL)
		return 0;
	/* The list may be older than a removal, or a change. */
	int found = find_object(
		CuDv_CLASS, &object, "name = %s AND PdDvLn = %s", name, child->described->type);
	if (found == 1)
		found = child_stored_value(name, "unique_id", known_as, sizeof(known_as));
	memcpy(child->name, name, sizeof(child->name));
	return found == 1 ? strcmp(known_as, id) == 0 : found;
}

/* What is entered at the place, what is there rather than what is missing: 1, 0, -1. */
static int find_at_place(
	struct detection *detection, const struct child *child, struct CuDv *object)
{
	const struct machine_device *described = child->described;
	const char *parent = detection->parent->cudv.name;

	int found = child->identified
			    ? find_object(CuDv_CLASS, object,
				      "parent = %s AND connwhere = %s AND PdDvLn = %s AND "
				      "chgstatus != %d",
				      parent, described->where, described->type, MISSING)
			    : 0;
	return found != 0 ? found
			  : find_object(CuDv_CLASS, object,
				    "parent = %s AND connwhere = %s AND PdDvLn = %s", parent,
				    described->where, described->type);
}

/*
 * The device that identifies itself: the one that is known by exactly that, at the place or
 * anywhere, else the one at the place, if it can be that. What else is at the place is to make
 * room. 1, 0, -1.
 */
static int find_identified(
	struct detection *detection, struct child *child, const struct CuDv *there, const char *id)
{
	char known_as[256];
	int found = child_stored_value(there->name, "unique_id", known_as, sizeof(known_as));

	if (found < 0)
		return -1;
	if (strcmp(known_as, id) == 0) {
		memcpy(child->name, there->name, sizeof(child->name));
		return 1;
	}
	int elsewhere = find_by_id(detection, child, id);
	/* One that was defined for the place has no identity before it comes. */
	if (elsewhere == 0 &&
		(known_as[0] == '\0' || identity_same(known_as, id, child->described->type))) {
		memcpy(child->name, there->name, sizeof(child->name));
		return 1;
	}
	memcpy(child->displaced, there->name, sizeof(child->displaced));
	return elsewhere;
}

int child_find(struct detection *detection, struct child *child)
{
	const char *id = attribute_changes_find(&child->described->values, "unique_id");
	struct CuDv object;
	int found = find_at_place(detection, child, &object);

	if (found == 1 && child->identified && id != NULL)
		return find_identified(detection, child, &object, id);
	if (found == 1)
		memcpy(child->name, object.name, sizeof(child->name));
	if (found != 0 || id == NULL || (!child->multi_path && !child->identified))
		return found;
	return find_by_id(detection, child, id);
}
