/* Values for devices, gathered. */
#include "wishes.h"

#include <stdarg.h>
#include <string.h>

#include "base/message.h"

void wishes_release(struct wishes *wishes)
{
	for (int i = 0; i < wishes->count; i++)
		attribute_changes_release(&wishes->list[i].values);
	free(wishes->list);
}

/* The device's place, which it gets when it is new; NULL without memory. */
static struct wish *place_of(struct wishes *wishes, const char *device)
{
	for (int i = wishes->count - 1; i >= 0; i--)
		if (strcmp(wishes->list[i].device, device) == 0)
			return &wishes->list[i];
	struct wish *longer =
		reallocarray(wishes->list, (size_t)wishes->count + 1, sizeof(*longer));
	if (longer == NULL)
		return NULL;
	wishes->list = longer;
	longer[wishes->count] = (struct wish){0};
	snprintf(longer[wishes->count].device, sizeof(longer->device), "%s", device);
	return &longer[wishes->count++];
}

static void forget(struct attribute_changes *values, const char *attribute)
{
	int kept = 0;

	for (int i = 0; i < values->count; i++)
		if (strcmp(values->changes[i].attribute, attribute) == 0)
			free(values->changes[i].attribute);
		else
			values->changes[kept++] = values->changes[i];
	values->count = kept;
}

bool wishes_add(struct wishes *wishes, const char *device, const char *attribute, const char *value)
{
	struct wish *wish = place_of(wishes, device);

	if (wish != NULL && attribute_changes_add(&wish->values, attribute, value))
		return true;
	message("there is not enough memory");
	return false;
}

bool wishes_set(struct wishes *wishes, const char *device, const char *attribute, const char *value)
{
	struct wish *wish = place_of(wishes, device);

	if (wish != NULL)
		forget(&wish->values, attribute);
	return wishes_add(wishes, device, attribute, value);
}

void wishes_leave(struct wishes *wishes, const char *format, ...)
{
	AUTO(text_release) struct text text = {0};
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&text, format, arguments);
	va_end(arguments);
	message("%s", text.data != NULL ? text.data : "there is not enough memory");
	wishes->left++;
}
