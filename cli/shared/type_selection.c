/* The device types that -c, -s and -t mean: a selection compared with types. */
#include "type_selection.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "suggestion.h"

bool type_selection_any(const struct type_selection *selection)
{
	return selection->class != NULL || selection->subclass != NULL || selection->type != NULL;
}

bool type_selection_whole(const struct type_selection *selection)
{
	return selection->class != NULL && selection->subclass != NULL && selection->type != NULL;
}

bool type_selection_has(const struct type_selection *selection, const struct PdDv *type)
{
	return (selection->class == NULL || strcmp(selection->class, type->class) == 0) &&
	       (selection->subclass == NULL || strcmp(selection->subclass, type->subclass) == 0) &&
	       (selection->type == NULL || strcmp(selection->type, type->type) == 0);
}

/* Whether a type has the value; what is known of that descriptor goes to the suggestion. */
static bool is_known(size_t offset, struct suggestion *suggestion, struct listinfo *info,
	const struct PdDv *list)
{
	for (int i = 0; i < info->num; i++) {
		const char *known = (const char *)&list[i] + offset;
		if (strcmp(known, suggestion->word) == 0)
			return true;
		suggestion_consider(suggestion, known);
	}
	return false;
}

void type_selection_explain(const struct type_selection *selection)
{
	const struct {
		const char *value, *name;
		size_t offset;
	} parts[] = {{selection->class, "class", offsetof(struct PdDv, class)},
		{selection->subclass, "subclass", offsetof(struct PdDv, subclass)},
		{selection->type, "type", offsetof(struct PdDv, type)}};
	struct listinfo info;
	struct PdDv *list = type_selection_any(selection)
				    ? get_PdDv_list(PdDv_CLASS, NULL, &info, 64, 1)
				    : NULL;

	if (list == NULL || list == ODM_FAILED)
		return;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		struct suggestion suggestion = {.word = parts[i].value};
		if (parts[i].value == NULL || is_known(parts[i].offset, &suggestion, &info, list))
			continue;
		if (suggestion.nearest != NULL)
			message("no device type has the %s '%s'; did you mean %s?", parts[i].name,
				parts[i].value, suggestion.nearest);
		else
			message("no device type has the %s '%s'; lsdev -P -r %s lists them",
				parts[i].name, parts[i].value, parts[i].name);
	}
	odm_free_list(list, &info);
}

bool type_selection_uniquetype(const struct type_selection *selection, char uniquetype[48])
{
	return snprintf(uniquetype, 48, "%s/%s/%s", selection->class, selection->subclass,
		       selection->type) < 48;
}
