/* Physical location codes: read, and made of the parent's for what hangs on a bus. */
#include "physical.h"

#include <ctype.h>

/* Parents above parents, where a database has a ring. */
#define DEPTH 16

struct physical_place {
	char name[16];
	char *code;
};

void physical_places_release(struct physical_places *places)
{
	for (int i = 0; i < places->count; i++)
		free(places->list[i].code);
	free(places->list);
}

static int compare_places(const void *one, const void *other)
{
	return strcmp(((const struct physical_place *)one)->name,
		((const struct physical_place *)other)->name);
}

static int take_place(void *object, void *closure)
{
	struct physical_places *places = closure;
	struct CuAt *attribute = object;

	/* Room grows at the powers of two. */
	if ((places->count & (places->count - 1)) == 0) {
		size_t room = places->count > 0 ? 2 * (size_t)places->count : 1;
		struct physical_place *longer = reallocarray(places->list, room, sizeof(*longer));
		if (longer == NULL)
			return -1;
		places->list = longer;
	}
	struct physical_place *place = &places->list[places->count++];
	memcpy(place->name, attribute->name, sizeof(place->name));
	place->code = attribute->value;
	attribute->value = NULL;
	return 0;
}

int physical_places_read(struct physical_places *places)
{
	static const char *const wanted[] = {"name", "value", NULL};
	AUTO_FREE char *crit = odm_criteria("attribute = %s", PHYSICAL_ATTRIBUTE);

	if (crit == NULL || odm_visit(CuAt_CLASS, crit, wanted, take_place, places) < 0)
		return -1;
	if (places->count > 0)
		qsort(places->list, (size_t)places->count, sizeof(*places->list), compare_places);
	return 0;
}

/* What is connected by an address, and stands where its adapter does. */
static bool is_addressed(const char *uniquetype)
{
	static const char *const classes[] = {"disk/", "pdisk/", "tape/", "cdrom/", "container/"};

	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (strncmp(uniquetype, classes[i], strlen(classes[i])) == 0)
			return true;
	return false;
}

/* "500507680140a1b2,0" is -W500507680140A1B2-L0 behind Fibre Channel, else each part has an L. */
static void append_connection(const struct CuDv *device, char *room)
{
	bool port_name = strstr(device->PdDvLn_Lvalue, "/fcp/") != NULL;
	size_t length = strlen(room);

	for (const char *part = device->connwhere; *part != '\0';) {
		size_t size = strcspn(part, ",");
		if (length + size + 3 >= PHYSICAL_LOCATION)
			break;
		room[length++] = '-';
		room[length++] = port_name && part == device->connwhere ? 'W' : 'L';
		for (size_t i = 0; i < size; i++)
			room[length++] = (char)toupper((unsigned char)part[i]);
		part += size + (part[size] == ',');
	}
	room[length] = '\0';
}

static void find(struct physical_places *places, const struct CuDv *device, char *room, int depth);

static void find_parents(
	struct physical_places *places, const struct CuDv *device, char *room, int depth)
{
	struct CuDv parent;

	*room = '\0';
	if (strcmp(places->parent, device->parent) == 0) {
		memcpy(room, places->code, PHYSICAL_LOCATION);
		return;
	}
	if (depth < DEPTH && find_object(CuDv_CLASS, &parent, "name = %s", device->parent) == 1)
		find(places, &parent, room, depth + 1);
	memcpy(places->parent, device->parent, sizeof(places->parent));
	memcpy(places->code, room, PHYSICAL_LOCATION);
}

static void find(struct physical_places *places, const struct CuDv *device, char *room, int depth)
{
	struct physical_place wanted = {0};
	bool addressed = is_addressed(device->PdDvLn_Lvalue);
	/* A protocol is nothing beside the adapter that speaks it. */
	bool protocol = strncmp(device->PdDvLn_Lvalue, "driver/", strlen("driver/")) == 0;

	memset(room, 0, PHYSICAL_LOCATION);
	memcpy(wanted.name, device->name, sizeof(wanted.name));
	const struct physical_place *own =
		places->count > 0 ? bsearch(&wanted, places->list, (size_t)places->count,
					    sizeof(*places->list), compare_places)
				  : NULL;
	if (own != NULL)
		snprintf(room, PHYSICAL_LOCATION, "%s", own->code);
	else if (places->count > 0 && device->parent[0] != '\0' && (addressed || protocol))
		find_parents(places, device, room, depth);
	if (own == NULL && addressed && *room != '\0')
		append_connection(device, room);
}

void physical_place_find(struct physical_places *places, const struct CuDv *device, char *room)
{
	find(places, device, room, 0);
}
