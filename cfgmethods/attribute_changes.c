/* Lists of attribute values: made, read from and written as "a=v b=w". */
#include "attribute_changes.h"

#include "base/words.h"

void attribute_changes_release(struct attribute_changes *changes)
{
	for (int i = 0; i < changes->count; i++)
		free(changes->changes[i].attribute);
	free(changes->changes);
}

bool attribute_changes_add(
	struct attribute_changes *changes, const char *attribute, const char *value)
{
	size_t length = strlen(attribute) + 1, room = strlen(value) + 1;
	struct attribute_change *longer =
		realloc(changes->changes, (size_t)(changes->count + 1) * sizeof(*changes->changes));
	if (longer == NULL)
		return false;

	changes->changes = longer;
	char *copy = malloc(length + room);
	if (copy == NULL)
		return false;
	memcpy(copy, attribute, length);
	memcpy(copy + length, value, room);
	longer[changes->count++] = (struct attribute_change){copy, copy + length};
	return true;
}

bool attribute_changes_read(const char *assignments, struct attribute_changes *changes)
{
	int count;
	AUTO_FREE char **words = words_split(assignments, &count);

	for (int i = 0; words != NULL && i < count; i++) {
		char *equals = strchr(words[i], '=');
		if (equals == NULL)
			return false;
		*equals = '\0';
		if (!attribute_changes_add(changes, words[i], equals + 1))
			return false;
	}
	return words != NULL;
}

bool attribute_changes_write(const struct attribute_changes *changes, struct text *assignments)
{
	for (int i = 0; i < changes->count; i++) {
		text_printf(assignments, "%s%s=", i > 0 ? " " : "", changes->changes[i].attribute);
		words_append_quoted(assignments, changes->changes[i].value);
	}
	return !assignments->failed;
}

const char *attribute_changes_find(const struct attribute_changes *changes, const char *attribute)
{
	for (int i = changes != NULL ? changes->count - 1 : -1; i >= 0; i--)
		if (strcmp(changes->changes[i].attribute, attribute) == 0)
			return changes->changes[i].value;
	return NULL;
}
