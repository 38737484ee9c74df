/*
 * Defines the network devices that no bus finds, a program of Config_Rules: inet0, lo0, and en and
 * et for each Ethernet adapter, with its number. Prints those that are to be configured, all but
 * the et ones, and before them the adapters without a parent.
 */
#include <ctype.h>

#include "device.h"

#define ETHERNET "EN"
/* Connections of this machine's own adapters: they have one interface each. */
#define LINUX_ETHERNET "LXEN"

/* Runs the Define method of a type for a name. */
static int run_define(const struct PdDv *type, const char *name, const char *adapter,
	struct method_output *output)
{
	AUTO(method_output_release) struct method_output answer = {0};
	const char *const arguments[] = {"-c", type->class, "-s", type->subclass, "-t", type->type,
		"-l", name, adapter != NULL ? "-p" : NULL, adapter, "-w", "0", NULL};
	int code = method_run(type->Define, arguments, &answer);

	return code == E_OK ? E_OK
			    : method_fail(output, code, "%s",
				      answer.reason.data != NULL ? answer.reason.data : name);
}

/* Defines an interface, unless it is there. */
static int define_interface(
	const char *type_name, const char *name, const char *adapter, struct method_output *output)
{
	struct CuDv device;
	struct PdDv type;
	int found = find_object(CuDv_CLASS, &device, "name = %s", name);

	if (found != 0)
		return found < 0 ? method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno))
				 : E_OK;
	if (find_object(PdDv_CLASS, &type, "class = 'if' AND type = %s", type_name) != 1)
		return method_fail(output, E_NOPdDv,
			"The type of the interface %s is not in the predefined database; load its "
			"schema.",
			name);
	int code = run_define(&type, name, adapter, output);
	odm_free_members(PdDv_CLASS, &type);
	return code;
}

/* The protocols, unless the repository is older than their type, which init loads. */
static int define_protocols(struct method_output *output)
{
	struct CuDv device;
	struct PdDv type;
	int found = find_object(CuDv_CLASS, &device, "name = 'inet0'");
	int known = find_object(PdDv_CLASS, &type, "uniquetype = 'tcpip/TCPIP/inet'");
	int code = E_OK;

	if (found < 0 || known < 0)
		code = method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	else if (found == 0 && known == 1)
		code = run_define(&type, "inet0", NULL, output);
	if (known == 1)
		odm_free_members(PdDv_CLASS, &type);
	if (code == E_OK && (found == 1 || known == 1))
		text_append(&output->names, "inet0 ");
	return code;
}

static int define_pair(const struct CuDv *adapter, bool own, struct method_output *output)
{
	const char *number = adapter->name;
	char name[16];

	while (*number != '\0' && !isdigit((unsigned char)*number))
		number++;
	snprintf(name, sizeof(name), "et%.13s", number);
	int code = own ? E_OK : define_interface("et", name, adapter->name, output);
	snprintf(name, sizeof(name), "en%.13s", number);
	if (code == E_OK)
		code = define_interface(own ? "lxen" : "en", name, adapter->name, output);
	if (code == E_OK)
		text_printf(&output->names, "%s ", name);
	return code;
}

/* Adapters that hang on nothing, as an EtherChannel: nobody else would configure them. */
static int name_pseudo(struct method_output *output)
{
	struct listinfo info;
	struct CuDv *list = list_by(
		CuDv_CLASS, &info, strdup("PdDvLn LIKE 'adapter/pseudo/*' AND parent = ''"));

	if (list == ODM_FAILED)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	for (int i = 0; list != NULL && i < info.num; i++)
		text_printf(&output->names, "%s ", list[i].name);
	if (list != NULL)
		odm_free_list(list, &info);
	return E_OK;
}

/* The adapters of one type: those that are configured, or will be before their interfaces. */
static int define_for_type(const char *uniquetype, bool own, struct method_output *output)
{
	struct listinfo info;
	struct CuDv *adapters = list_objects(
		CuDv_CLASS, &info, "PdDvLn = %s AND (status = 1 OR parent = '')", uniquetype);
	int code = E_OK;

	if (adapters == ODM_FAILED)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	for (int i = 0; adapters != NULL && i < info.num && code == E_OK; i++)
		code = define_pair(&adapters[i], own, output);
	if (adapters != NULL)
		odm_free_list(adapters, &info);
	return code;
}

int method_defif(int argc, char **argv, struct method_output *output)
{
	AUTO(method_flags_release) struct method_flags flags = {0};
	struct listinfo info;
	int code = method_flags_read(argc, argv, "", &flags, output);

	if (code == E_OK)
		code = name_pseudo(output);
	if (code == E_OK)
		code = define_protocols(output);
	if (code == E_OK)
		code = define_interface("lo", "lo0", NULL, output);
	if (code != E_OK)
		return code;
	text_append(&output->names, "lo0 ");
	struct PdCn *types = list_objects(
		PdCn_CLASS, &info, "connkey = %s OR connkey = %s", ETHERNET, LINUX_ETHERNET);
	if (types == ODM_FAILED)
		return method_fail(output, E_ODMGET, "%s.", odm_error_text(odmerrno));
	for (int i = 0; types != NULL && i < info.num && code == E_OK; i++)
		code = define_for_type(
			types[i].uniquetype, strcmp(types[i].connkey, LINUX_ETHERNET) == 0, output);
	if (types != NULL)
		odm_free_list(types, &info);
	return code;
}
