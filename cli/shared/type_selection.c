/* The device types that -c, -s and -t mean: a selection compared with types. */
#include "type_selection.h"

#include <stdio.h>
#include <string.h>

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

bool type_selection_uniquetype(const struct type_selection *selection, char uniquetype[48])
{
	return snprintf(uniquetype, 48, "%s/%s/%s", selection->class, selection->subclass,
		       selection->type) < 48;
}
