/* Devices by their unique_id, in a hash table. */
#include "identities.h"

#include "cfg_private.h"
#include "sysfs/scan.h"

struct identity {
	char *unique_id; /* NULL: the place is free */
	char name[16];
};

/* At most half of the places are taken; their number is a power of two. */
struct identities {
	struct identity *places;
	size_t room, count;
};

/* FNV-1a. */
static size_t hash(const char *text)
{
	size_t value = 14695981039346656037u;

	for (; *text != '\0'; text++)
		value = (value ^ (unsigned char)*text) * 1099511628211u;
	return value;
}

/* Where it is, or would be. */
static struct identity *place_of(const struct identities *identities, const char *unique_id)
{
	size_t place = hash(unique_id) & (identities->room - 1);

	while (identities->places[place].unique_id != NULL &&
		strcmp(identities->places[place].unique_id, unique_id) != 0)
		place = (place + 1) & (identities->room - 1);
	return &identities->places[place];
}

static bool grow(struct identities *identities)
{
	struct identities longer = {.room = identities->room > 0 ? 2 * identities->room : 64,
		.count = identities->count};

	longer.places = calloc(longer.room, sizeof(*longer.places));
	if (longer.places == NULL)
		return false;
	for (size_t i = 0; i < identities->room; i++)
		if (identities->places[i].unique_id != NULL)
			*place_of(&longer, identities->places[i].unique_id) = identities->places[i];
	free(identities->places);
	*identities = longer;
	return true;
}

bool identities_add(struct identities *identities, const char *unique_id, const char *name)
{
	if (2 * (identities->count + 1) > identities->room && !grow(identities))
		return false;
	struct identity *place = place_of(identities, unique_id);
	if (place->unique_id == NULL) {
		place->unique_id = strdup(unique_id);
		if (place->unique_id == NULL)
			return false;
		identities->count++;
	}
	return copy_text(place->name, sizeof(place->name), name);
}

static int take_object(void *object, void *closure)
{
	const struct CuAt *attribute = object;

	return identities_add(closure, attribute->value, attribute->name) ? 0 : -1;
}

struct identities *identities_read(void)
{
	static const char *const wanted[] = {"name", "value", NULL};
	struct identities *identities = calloc(1, sizeof(*identities));

	if (identities == NULL || !grow(identities) ||
		odm_visit(CuAt_CLASS, "attribute = 'unique_id'", wanted, take_object, identities) <
			0) {
		identities_free(identities);
		return NULL;
	}
	return identities;
}

const char *identities_find(const struct identities *identities, const char *unique_id)
{
	const struct identity *place = place_of(identities, unique_id);

	return place->unique_id != NULL ? place->name : NULL;
}

void identities_free(struct identities *identities)
{
	if (identities == NULL)
		return;
	for (size_t i = 0; i < identities->room; i++)
		free(identities->places[i].unique_id);
	free(identities->places);
	free(identities);
}

static bool is_place(const char *unique_id)
{
	return strncmp(unique_id, SCAN_PATH, strlen(SCAN_PATH)) == 0;
}

/* Without what tells it from a duplicate. */
static size_t own_length(const char *unique_id)
{
	const char *apart = strstr(unique_id, SCAN_DUPLICATE);

	return apart != NULL ? (size_t)(apart - unique_id) : strlen(unique_id);
}

bool identity_same(const char *stored, const char *found, const char *uniquetype)
{
	size_t length = own_length(stored);

	if (is_place(stored) ||
		(is_place(found) && strncmp(uniquetype, "adapter/", strlen("adapter/")) == 0))
		return true;
	return length == own_length(found) && strncmp(stored, found, length) == 0;
}

bool identity_matches(const char *unique_id, const char *identity)
{
	size_t length = strlen(identity);

	return strncmp(unique_id, identity, length) == 0 &&
	       (unique_id[length] == '\0' ||
		       strncmp(unique_id + length, SCAN_DUPLICATE, strlen(SCAN_DUPLICATE)) == 0);
}
