/* What is customized of many devices, read by one query, in the order of their names. */
#include "customized.h"

#define WANTED "(generic LIKE '*U*' OR attribute = 'os_name' OR attribute = 'unique_id')"

void customized_release(struct customized *customized)
{
	for (size_t i = 0; i < customized->count; i++)
		free(customized->list[i].value);
	free(customized->list);
}

/* Takes the value from the object. */
static int take_object(void *object, void *closure)
{
	struct customized *customized = closure;
	struct CuAt *attribute = object;

	/* Room grows at the powers of two. */
	if ((customized->count & (customized->count - 1)) == 0) {
		size_t room = customized->count > 0 ? 2 * customized->count : 16;
		struct customized_value *longer =
			reallocarray(customized->list, room, sizeof(*longer));
		if (longer == NULL) {
			odmerrno = ODMI_MALLOC_ERR;
			return -1;
		}
		customized->list = longer;
	}
	struct customized_value *value = &customized->list[customized->count++];
	memcpy(value->device, attribute->name, sizeof(value->device));
	memcpy(value->attribute, attribute->attribute, sizeof(value->attribute));
	value->id = attribute->_id;
	value->value = attribute->value;
	attribute->value = NULL;
	return 0;
}

static int compare(const void *one, const void *other)
{
	const struct customized_value *a = one, *b = other;
	int order = strcmp(a->device, b->device);

	return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

int customized_read(const char *device, struct customized *customized)
{
	static const char *const wanted[] = {"name", "attribute", "value", NULL};
	AUTO_FREE char *criteria =
		device != NULL ? odm_criteria("name = %s AND " WANTED, device) : strdup(WANTED);

	*customized = (struct customized){0};
	if (criteria == NULL) {
		odmerrno = ODMI_MALLOC_ERR;
		return -1;
	}
	if (odm_visit(CuAt_CLASS, criteria, wanted, take_object, customized) < 0)
		return -1;
	if (customized->count > 0)
		qsort(customized->list, customized->count, sizeof(*customized->list), compare);
	return 0;
}

const struct customized_value *customized_find(
	const struct customized *customized, const char *device, size_t *count)
{
	size_t low = 0, high = customized->count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(customized->list[middle].device, device) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < customized->count; end++)
		if (strcmp(customized->list[end].device, device) != 0)
			break;
	*count = end - low;
	return &customized->list[low];
}
