/* The generic Define method. */
#include "define.h"

#include "connection.h"

/* The name asked for, if it is free; else the prefix and the next number. */
static int choose_name(const struct PdDv *type, const struct method_flags *flags, char name[16],
	struct method_output *output)
{
	struct CuDv object;

	if (flags->device == NULL) {
		int number = genseq(type->prefix);
		if (number < 0 || snprintf(name, 16, "%s%d", type->prefix, number) >= 16)
			return method_fail(
				output, E_LNAME, "No name with prefix %s is free.", type->prefix);
		return E_OK;
	}
	if (!device_name_valid(flags->device) || !copy_text(name, 16, flags->device))
		return method_fail(output, E_LNAME, "'%s' is no logical name: %s.", flags->device,
			DEVICE_NAME_RULE);
	int found = find_object(CuDv_CLASS, &object, "name = %s", name);
	if (found != 0)
		return method_fail(
			output, found < 0 ? E_ODMGET : E_LNAME, "The name %s is taken.", name);
	return E_OK;
}

/* The device that is defined there already is the one that is meant: 1 with its name. */
static int already_defined(const struct PdDv *type, const struct method_flags *flags, char name[16])
{
	struct CuDv object;

	if (flags->device != NULL || flags->parent == NULL)
		return 0;
	int found = find_object(CuDv_CLASS, &object,
		"PdDvLn = %s AND parent = %s AND connwhere = %s AND status = 0", type->uniquetype,
		flags->parent, flags->connection);
	if (found == 1)
		memcpy(name, object.name, 16);
	return found;
}

/* A device of the type that is configured at the place has it for itself. */
static int check_vacancy(
	const struct PdDv *type, const struct method_flags *flags, struct method_output *output)
{
	struct CuDv object;

	if (flags->parent == NULL)
		return E_OK;
	int found = find_object(CuDv_CLASS, &object,
		"PdDvLn = %s AND parent = %s AND connwhere = %s AND status != 0", type->uniquetype,
		flags->parent, flags->connection);
	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 1)
		return method_fail(output, E_AVAILCONNECT, "%s is %s at connection %s of %s.",
			object.name, device_status_name(object.status), flags->connection,
			flags->parent);
	return E_OK;
}

static int add_device(const struct PdDv *type, const struct method_flags *flags, const char *name,
	struct method_output *output)
{
	struct CuDv device = {.status = DEFINED, .chgstatus = type->chgstatus ? NEW : DONT_CARE};

	strcpy(device.name, name);
	strcpy(device.ddins, type->DvDr);
	strcpy(device.PdDvLn_Lvalue, type->uniquetype);
	if (flags->parent != NULL && !connection_enter(&device, flags->parent, flags->connection))
		return method_fail(output, E_ARGS, "-p or -w is too long.");
	if (odm_add_obj(CuDv_CLASS, &device) < 0)
		return method_fail(output, E_ODMADD, "%s.", odm_error_text(odmerrno));
	return E_OK;
}

int define_device(
	const struct PdDv *type, const struct method_flags *flags, struct method_output *output)
{
	char name[16];
	int code = connection_check(type, flags->parent, flags->connection, output);

	if (code != E_OK)
		return code;
	int found = already_defined(type, flags, name);
	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 0)
		code = check_vacancy(type, flags, output);
	if (code == E_OK && found == 0) {
		code = choose_name(type, flags, name, output);
		if (code == E_OK)
			code = add_device(type, flags, name, output);
	}
	if (code == E_OK)
		text_printf(&output->names, "%s ", name);
	return code;
}

int method_define(int argc, char **argv, struct method_output *output)
{
	AUTO(method_flags_release) struct method_flags flags = {0};
	struct PdDv type;
	int code = method_flags_read(argc, argv, "c:s:t:p:w:l:", &flags, output);

	if (code != E_OK)
		return code;
	if (flags.class == NULL || flags.subclass == NULL || flags.type == NULL)
		return method_fail(output, E_ARGS,
			"%s: -c Class, -s SubClass and -t Type are needed.", argv[0]);
	int found = find_object(PdDv_CLASS, &type, "class = %s AND subclass = %s AND type = %s",
		flags.class, flags.subclass, flags.type);
	if (found < 0)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	if (found == 0)
		return method_fail(output, E_TYPE, "There is no device type %s/%s/%s.", flags.class,
			flags.subclass, flags.type);
	code = define_device(&type, &flags, output);
	odm_free_members(PdDv_CLASS, &type);
	return code;
}
