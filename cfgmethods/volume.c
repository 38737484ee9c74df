/* Identifiers of physical volumes: asked for, made, and taken away. */
#include "volume.h"

#include <time.h>

#define NO_IDENTIFIER "none"

/* Hexadecimal digits that an identifier has, or its first half, which is what matters. */
#define IDENTIFIER_LENGTH 32
#define SHORT_LENGTH 16

/* FNV-1a over an attribute of the system: the same on every run of a machine. */
static uint32_t mix_attribute(uint32_t sum, const char *attribute)
{
	int count;
	struct CuAt *stored = getattr("sys0", attribute, FALSE, &count);

	for (const char *byte = stored != NULL ? stored->value : ""; *byte != '\0'; byte++)
		sum = (sum ^ (unsigned char)*byte) * 16777619u;
	freeattr(stored, count);
	return sum;
}

/* Eight digits of the machine and eight of the moment; the rest is zero. 1, 0 when taken, -1. */
static int make_identifier(uint32_t moment, char identifier[IDENTIFIER_LENGTH + 1])
{
	struct CuAt other;
	uint32_t machine = mix_attribute(mix_attribute(2166136261u, "systemid"), "os_uuid");

	snprintf(identifier, IDENTIFIER_LENGTH + 1, "%08x%08x%016d", (unsigned)machine & 0xffffffu,
		(unsigned)moment, 0);
	int found = find_object(
		CuAt_CLASS, &other, "attribute = %s AND value = %s", VOLUME_IDENTIFIER, identifier);
	if (found == 1)
		odm_free_members(CuAt_CLASS, &other);
	return found < 0 ? -1 : !found;
}

static int new_identifier(char identifier[IDENTIFIER_LENGTH + 1], struct method_output *output)
{
	struct timespec now;
	int made;

	clock_gettime(CLOCK_REALTIME, &now);
	uint32_t moment = (uint32_t)(now.tv_sec * 1000 + now.tv_nsec / 1000000);
	do
		made = make_identifier(moment++, identifier);
	while (made == 0);
	return made > 0 ? E_OK : method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
}

static bool is_identifier(const char *text)
{
	size_t length = strlen(text);

	return (length == IDENTIFIER_LENGTH || length == SHORT_LENGTH) &&
	       strspn(text, "0123456789abcdef") == length;
}

/* What the device has now; "none" when that is none. To be freed. */
static char *identifier_now(const char *device)
{
	int count;
	struct CuAt *stored = getattr(device, VOLUME_IDENTIFIER, FALSE, &count);
	char *value =
		strdup(stored != NULL && *stored->value != '\0' ? stored->value : NO_IDENTIFIER);

	freeattr(stored, count);
	return value;
}

char *volume_request_now(const char *device)
{
	AUTO_FREE char *now = identifier_now(device);

	return now != NULL ? strdup(strcmp(now, NO_IDENTIFIER) == 0 ? "clear" : now) : NULL;
}

/* The identifier that the device will have. */
static int answer(const struct device *device, const char *request,
	char identifier[IDENTIFIER_LENGTH + 1], struct method_output *output)
{
	AUTO_FREE char *now = identifier_now(device->cudv.name);

	if (now == NULL)
		return method_fail(output, E_MALLOC, "There is not enough memory.");
	if (strcmp(request, "yes") == 0 && strcmp(now, NO_IDENTIFIER) == 0)
		return new_identifier(identifier, output);
	if (strcmp(request, "yes") == 0)
		request = now;
	else if (strcmp(request, "clear") == 0)
		request = NO_IDENTIFIER;
	else if (!is_identifier(request))
		return method_fail(output, E_ATTRVAL,
			"%s: %s can't be %s; allowed are yes, clear, and an identifier of %d or %d "
			"hexadecimal digits.",
			device->cudv.name, VOLUME_REQUEST, request, SHORT_LENGTH,
			IDENTIFIER_LENGTH);
	if (copy_text(identifier, IDENTIFIER_LENGTH + 1, request))
		return E_OK;
	return method_fail(output, E_ATTRVAL, "%s has the identifier %s, which is too long.",
		device->cudv.name, now);
}

/* All but the request, and the identifier if it changes. */
static bool replace(const char *device, struct attribute_changes *changes, const char *identifier)
{
	AUTO(attribute_changes_release) struct attribute_changes others = {0};
	AUTO_FREE char *now = identifier_now(device);
	bool ok = now != NULL;

	for (int i = 0; i < changes->count && ok; i++)
		ok = strcmp(changes->changes[i].attribute, VOLUME_REQUEST) == 0 ||
		     attribute_changes_add(
			     &others, changes->changes[i].attribute, changes->changes[i].value);
	if (ok && strcmp(now, identifier) != 0)
		ok = attribute_changes_add(&others, VOLUME_IDENTIFIER, identifier);
	struct attribute_changes before = *changes;
	if (ok) {
		*changes = others;
		others = before;
	}
	return ok;
}

int volume_translate(const struct device *device, enum change_reach reach,
	struct attribute_changes *changes, struct method_output *output)
{
	char identifier[IDENTIFIER_LENGTH + 1];
	const char *request = attribute_changes_find(changes, VOLUME_REQUEST);

	if (request == NULL)
		return E_OK;
	if (reach == CHANGE_DEVICE)
		return method_fail(output, E_ATTRVAL,
			"%s: the identifier is in the database, which -T does not change.",
			device->cudv.name);
	int code = answer(device, request, identifier, output);
	if (code == E_OK && !replace(device->cudv.name, changes, identifier))
		code = method_fail(output, E_MALLOC, "There is not enough memory.");
	return code;
}

bool volume_only(const struct attribute_changes *changes)
{
	return changes->count == 1 && strcmp(changes->changes[0].attribute, VOLUME_IDENTIFIER) == 0;
}
