/* A parent and a connection there: checked by PdCn, entered in a device, stored. */
#include "connection.h"

#include "machine.h"

int connection_check(const struct PdDv *type, const char *parent, const char *connection,
	struct method_output *output)
{
	struct CuDv object;
	struct PdCn row;

	if (parent == NULL || connection == NULL)
		return parent == connection ? E_OK
					    : method_fail(output, E_ARGS,
						      "-p Parent and -w Connection go together.");
	if (!device_word_valid(connection))
		return method_fail(output, E_INVCONNECT, "'%s' is no connection: it has %s.",
			connection, DEVICE_WORD_RULE);
	int found = find_object(CuDv_CLASS, &object, "name = %s", parent);
	if (found != 1)
		return method_fail(output, found < 0 ? E_ODMGET : E_PARENT,
			"The parent %s is not in the customized database.", parent);
	found = find_object(PdCn_CLASS, &row, "uniquetype = %s AND connkey = %s AND connwhere = %s",
		object.PdDvLn_Lvalue, type->subclass, connection);
	/* An empty connwhere is any place: a bus whose places are found, not listed. */
	if (found == 0)
		found = find_object(PdCn_CLASS, &row,
			"uniquetype = %s AND connkey = %s AND connwhere = ''", object.PdDvLn_Lvalue,
			type->subclass);
	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 0)
		return method_fail(output, E_INVCONNECT,
			"%s has no connection %s for devices of subclass %s.", parent, connection,
			type->subclass);
	return E_OK;
}

bool connection_enter(struct CuDv *device, const char *parent, const char *connection)
{
	struct CuDv object;
	int length = 0;

	/* A location code that does not fit is better left out than cut. */
	if (find_object(CuDv_CLASS, &object, "name = %s", parent) == 1 &&
		object.location[0] != '\0')
		length = snprintf(device->location, sizeof(device->location), "%s-%s",
			object.location, connection);
	if (length >= (int)sizeof(device->location))
		device->location[0] = '\0';
	return copy_text(device->parent, sizeof(device->parent), parent) &&
	       copy_text(device->connwhere, sizeof(device->connwhere), connection);
}

int connection_store(
	const char *name, const char *parent, const char *connection, struct method_output *output)
{
	struct CuDv device;

	if (find_object(CuDv_CLASS, &device, "name = %s", name) != 1)
		return method_fail(output, E_ODMGET, "%s: %s.", name, odm_error_text(odmerrno));
	if (!connection_enter(&device, parent, connection))
		return method_fail(output, E_ARGS, "-p or -w is too long.");
	machine_forget_places();
	if (odm_change_obj(CuDv_CLASS, &device) < 0)
		return method_fail(output, E_ODMUPDATE, "%s: %s.", name, odm_error_text(odmerrno));
	return E_OK;
}
