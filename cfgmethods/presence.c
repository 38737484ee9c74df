/* Looks for the device in machine.cfg. */
#include "presence.h"

#include "machine.h"
#include "path.h"

struct search {
	const struct machine *machine;
	struct CuDv device; /* as it would be at the end of a path */
};

static int answers(const struct CuPath *path, void *closure)
{
	struct search *search = closure;
	struct CuDv *device = &search->device;

	return copy_text(device->parent, sizeof(device->parent), path->parent) &&
	       copy_text(device->connwhere, sizeof(device->connwhere), path->connection) &&
	       machine_has(search->machine, device);
}

/* Whether the parent's driver finds its children: theirs says whether they are there. */
static bool found_by_driver(const struct CuDv *device)
{
	struct CuDv parent;
	struct PdDv type;

	if (find_object(CuDv_CLASS, &parent, "name = %s", device->parent) != 1 ||
		find_object(PdDv_CLASS, &type, "uniquetype = %s", parent.PdDvLn_Lvalue) != 1)
		return false;
	bool found = strcmp(type.Configure, METHODS_DIRECTORY "cfgiscsi") == 0;
	odm_free_members(PdDv_CLASS, &type);
	return found;
}

int presence_check(const struct device *device, struct method_output *output)
{
	const struct CuDv *self = &device->cudv;
	char *mistake = NULL;

	if (!device->pddv.detectable || self->parent[0] == '\0' || found_by_driver(self))
		return E_OK;
	struct search search = {machine_get_devices(&mistake), *self};
	AUTO_FREE char *owned = mistake;
	if (search.machine == NULL)
		return method_fail(output, E_NODETECT, "%s.", owned != NULL ? owned : "");
	if (machine_has(search.machine, self))
		return E_OK;
	int found = path_visit(odm_criteria("name = %s", self->name), answers, &search);
	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 1)
		return E_OK;
	return method_fail(output, E_NODETECT,
		"Nothing answers at connection %s of %s, where %s was. If it is gone for good, "
		"rmdev -dl %s removes it.",
		self->connwhere, self->parent, self->name, self->name);
}
