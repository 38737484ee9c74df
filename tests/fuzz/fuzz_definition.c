/* Class definitions: refused with words, or made into classes that take an object. */
#include "odm/tools/definition.h"

#include "fuzz.h"

static void try_class(CLASS_SYMBOL symbol)
{
	if (odm_create_class(symbol) < 0) {
		if (odmerrno != ODMI_CLASS_EXISTS)
			abort();
		return;
	}
	CLASS_SYMBOL mounted = odm_mount_class(symbol->classname);
	if (mounted == FAILED || mounted->structsize != symbol->structsize)
		abort();
	void *object = calloc(1, (size_t)mounted->structsize);
	if (odm_add_obj(mounted, object) < 0 || odm_get_first(mounted, NULL, object) != object)
		abort();
	odm_free_members(mounted, object);
	free(object);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct definition *list = NULL;

	if (count == 0)
		return 0;
	begin();
	FILE *file = fmemopen((void *)(uintptr_t)bytes, count, "r");
	if (definition_read(file, "input", discarded(), &list) == 0)
		for (struct definition *one = list; one != NULL; one = one->next)
			try_class(one->symbol);
	fclose(file);
	odm_rollback();
	odm_terminate();
	definition_free(&list);
	return 0;
}
