/* Class symbols that are built at run time: by odm_mount_class and from class definitions. */
#include <stdlib.h>
#include <string.h>

#include "catalogue/catalogue.h"

/* Bytes that a descriptor takes in the structure, and its alignment. */
static int elem_member_size(int type, int size, int *alignment)
{
	switch (type) {
	case ODM_VCHAR:
		*alignment = _Alignof(char *);
		return sizeof(char *);
	case ODM_SHORT:
		*alignment = _Alignof(short);
		return sizeof(short);
	case ODM_LONG:
		*alignment = _Alignof(int);
		return sizeof(int);
	case ODM_LONG_LONG:
		*alignment = _Alignof(long long);
		return sizeof(long long);
	case ODM_LINK:
		*alignment = _Alignof(void *);
		return (int)sizeof(struct link_members) + size;
	default:
		*alignment = 1;
		return size;
	}
}

bool elem_is_string(const struct ClassElem *elem)
{
	return elem->type != ODM_SHORT && elem->type != ODM_LONG && elem->type != ODM_LONG_LONG;
}

CLASS_SYMBOL symbol_create(const char *name)
{
	CLASS_SYMBOL symbol = calloc(1, sizeof(*symbol));

	if (symbol == NULL)
		return NULL;
	symbol->begin_magic = ODMI_MAGIC;
	symbol->end_magic = -ODMI_MAGIC;
	symbol->structsize = sizeof(struct object_head);
	symbol->classname = strdup(name);
	if (symbol->classname == NULL) {
		free(symbol);
		return NULL;
	}
	return symbol;
}

static int round_up(int size, int alignment)
{
	return (size + alignment - 1) / alignment * alignment;
}

/* structsize stays the end of the last member, rounded for an array of structures. */
int symbol_add(CLASS_SYMBOL symbol, const char *name, int type, int size, const char *linked_class,
	const char *linked_column)
{
	struct ClassElem *elems =
		realloc(symbol->elem, (size_t)(symbol->nelem + 1) * sizeof(*symbol->elem));
	if (elems == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	symbol->elem = elems;

	int end = sizeof(struct object_head), alignment;
	if (symbol->nelem > 0) {
		const struct ClassElem *last = &elems[symbol->nelem - 1];
		end = last->offset + elem_member_size(last->type, last->size, &alignment);
	}
	int bytes = elem_member_size(type, size, &alignment);
	struct ClassElem *elem = &elems[symbol->nelem++];
	*elem = (struct ClassElem){.elemname = strdup(name),
		.type = type,
		.offset = round_up(end, alignment),
		.size = size,
		.linked_class = linked_class != NULL ? strdup(linked_class) : NULL,
		.linked_column = linked_column != NULL ? strdup(linked_column) : NULL};
	symbol->structsize = round_up(elem->offset + bytes, _Alignof(long));
	return elem->elemname != NULL ? 0 : odm_fail(ODMI_MALLOC_ERR);
}

int symbol_add_index(CLASS_SYMBOL symbol, const char *columns)
{
	size_t count = 0;

	while (symbol->indexes != NULL && symbol->indexes[count] != NULL)
		count++;
	char **indexes = realloc(symbol->indexes, (count + 2) * sizeof(*indexes));
	if (indexes == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	symbol->indexes = indexes;
	indexes[count] = strdup(columns);
	indexes[count + 1] = NULL;
	return indexes[count] != NULL ? 0 : odm_fail(ODMI_MALLOC_ERR);
}

void symbol_free(CLASS_SYMBOL symbol)
{
	if (symbol == NULL)
		return;
	for (int i = 0; i < symbol->nelem; i++) {
		free(symbol->elem[i].elemname);
		free(symbol->elem[i].linked_class);
		free(symbol->elem[i].linked_column);
	}
	for (char **index = symbol->indexes; index != NULL && *index != NULL; index++)
		free(*index);
	free(symbol->indexes);
	free(symbol->elem);
	free(symbol->classname);
	free(symbol);
}
