/* Whether the device database makes sense as a whole: references, values, keys. */
#include "check.h"

#include "base/foreign.h"
#include "cfg_private.h"
#include "method.h"
#include "method_program.h"
#include "sysfs/scan.h"

struct check {
	bool repair;
	FILE *report;
	int found, repaired;
};

/* One object of a class, looked at; returns 0, or -1 when the database fails. */
typedef int look(struct check *check, const void *object);

/* How many objects match: criteria built as by odm_criteria. -1 on failure. */
static int count_by(CLASS_SYMBOL symbol, char *crit)
{
	struct listinfo info;
	void *list = list_by(symbol, &info, crit);

	if (list == ODM_FAILED)
		return -1;
	int count = info.num;
	odm_free_list(list, &info);
	return count;
}
#define count_objects(symbol, ...) count_by(symbol, odm_criteria(__VA_ARGS__))

static int problem(struct check *check, CLASS_SYMBOL symbol, const void *object, const char *reason)
{
	int id = (int)((const struct CuDep *)object)->_id;

	odm_write_label(symbol, object, check->report);
	foreign_printf(check->report, ": %s", reason);
	check->found++;
	if (check->repair && odm_rm_by_id(symbol, id) < 0)
		return -1;
	if (check->repair)
		check->repaired++;
	fprintf(check->report, check->repair ? "; removed\n" : "\n");
	return 0;
}

/* For a device that an object refers to. */
static int need_device(struct check *check, CLASS_SYMBOL symbol, const void *object,
	const char *name, const char *reason)
{
	int count = count_objects(CuDv_CLASS, "name = %s", name);

	if (count < 0)
		return -1;
	return count > 0 ? 0 : problem(check, symbol, object, reason);
}

static int need_owner(
	struct check *check, CLASS_SYMBOL symbol, const void *object, const char *name)
{
	return need_device(check, symbol, object, name, "there is no such device");
}

static int look_at_device(struct check *check, const void *object)
{
	const struct CuDv *device = object;
	int types = count_objects(PdDv_CLASS, "uniquetype = %s", device->PdDvLn_Lvalue);
	int parents = *device->parent != '\0'
			      ? count_objects(CuDv_CLASS, "name = %s", device->parent)
			      : 1;
	int same = count_objects(CuDv_CLASS, "name = %s", device->name);
	const char *reason = types == 0     ? "its type is not in PdDv"
			     : parents == 0 ? "its parent does not exist"
			     : same > 1     ? "there is another device of this name"
					    : NULL;

	if (types < 0 || parents < 0 || same < 0)
		return -1;
	if (reason == NULL)
		return 0;
	if (!check->repair || device->status != AVAILABLE)
		return problem(check, CuDv_CLASS, object, reason);
	odm_write_label(CuDv_CLASS, object, check->report);
	foreign_printf(check->report, ": %s; it is Available: rmdev it first\n", reason);
	check->found++;
	return 0;
}

/* The same attribute once more; some may have several values, but each once. */
static int repeated(const struct CuAt *attribute, bool one_value)
{
	struct listinfo info;
	struct CuAt *list = list_objects(CuAt_CLASS, &info, "name = %s AND attribute = %s",
		attribute->name, attribute->attribute);
	int earlier = 0;

	if (list == ODM_FAILED)
		return -1;
	for (int i = 0; i < info.num; i++)
		earlier += list[i]._id < attribute->_id &&
			   (one_value || strcmp(list[i].value, attribute->value) == 0);
	odm_free_list(list, &info);
	return earlier;
}

/*
 * The value against the predefined attribute, when there is one: 1, 0, -1. Without one, and when it
 * adds, there may be several.
 */
static int check_value(const struct CuAt *attribute, bool *several, char **reason)
{
	struct CuDv device;
	struct PdAt predefined;

	*several = true;
	int found = find_object(CuDv_CLASS, &device, "name = %s", attribute->name);
	if (found == 1)
		found = find_object(PdAt_CLASS, &predefined, "uniquetype = %s AND attribute = %s",
			device.PdDvLn_Lvalue, attribute->attribute);
	if (found != 1)
		return found;
	*several = attribute_adds(&predefined);
	if (attribute_removes(&predefined) != NULL)
		*reason = strdup("the attribute takes values away and has none");
	else if (value_allowed(&predefined, attribute->value, reason))
		found = 0;
	odm_free_members(PdAt_CLASS, &predefined);
	return found;
}

/* Two disks that say that they are one are told, and stay: there is nothing to be removed. */
static int look_at_identity(struct check *check, const struct CuAt *attribute)
{
	struct CuDv device;
	const char *apart = strcmp(attribute->attribute, "unique_id") == 0
				    ? strstr(attribute->value, SCAN_DUPLICATE)
				    : NULL;

	if (apart == NULL)
		return 0;
	int there = find_object(
		CuDv_CLASS, &device, "name = %s AND chgstatus != %d", attribute->name, MISSING);
	if (there != 1)
		return there;
	odm_write_label(CuAt_CLASS, attribute, check->report);
	foreign_printf(check->report, ": another device says that it is %.*s, too\n",
		(int)(apart - attribute->value), attribute->value);
	check->found++;
	return 0;
}

static int look_at_attribute(struct check *check, const void *object)
{
	const struct CuAt *attribute = object;
	AUTO_FREE char *reason = NULL;
	bool several;
	int devices = count_objects(CuDv_CLASS, "name = %s", attribute->name);

	if (devices == 0)
		return problem(check, CuAt_CLASS, object, "there is no such device");
	int refused = devices < 0 ? -1 : check_value(attribute, &several, &reason);
	if (refused == 1)
		return problem(check, CuAt_CLASS, object,
			reason != NULL ? reason : "the value is not allowed");
	int earlier = refused < 0 ? -1 : repeated(attribute, !several);
	if (earlier > 0)
		return problem(check, CuAt_CLASS, object, "the device has it once already");
	return earlier < 0 ? -1 : look_at_identity(check, attribute);
}

static int look_at_dependency(struct check *check, const void *object)
{
	const struct CuDep *dependency = object;
	int before = check->found;

	if (need_owner(check, CuDep_CLASS, object, dependency->name) < 0)
		return -1;
	if (check->found > before)
		return 0;
	return need_device(check, CuDep_CLASS, object, dependency->dependency,
		"the device that it depends on does not exist");
}

static int look_at_number(struct check *check, const void *object)
{
	const struct CuDvDr *number = object;

	if (strcmp(number->resource, "devno") != 0)
		return 0;
	int same = count_objects(CuDvDr_CLASS, "resource = 'devno' AND value1 = %s AND value2 = %s",
		number->value1, number->value2);
	if (same < 0)
		return -1;
	if (same > 1)
		return problem(check, CuDvDr_CLASS, object, "the device number is there twice");
	return need_owner(check, CuDvDr_CLASS, object, number->value3);
}

static int look_at_vpd(struct check *check, const void *object)
{
	return need_owner(check, CuVPD_CLASS, object, ((const struct CuVPD *)object)->name);
}

static int look_at_path(struct check *check, const void *object)
{
	return need_owner(check, CuPath_CLASS, object, ((const struct CuPath *)object)->name);
}

static int look_at_running(struct check *check, const void *object)
{
	return need_owner(check, CuRun_CLASS, object, ((const struct CuRun *)object)->name);
}

static int look_at_path_attribute(struct check *check, const void *object)
{
	return need_owner(check, CuPathAt_CLASS, object, ((const struct CuPathAt *)object)->name);
}

/* A program that others may write is told, and stays: its owner or its mode is to be mended. */
static void look_at_methods(struct check *check, const struct PdDv *type)
{
	const char *const paths[] = {type->Define, type->Configure, type->Change, type->Unconfigure,
		type->Undefine, type->Start, type->Stop};
	char why[TRUST_WHY];

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		bool ours = *paths[i] == '\0' || method_is_ours(paths[i]);
		AUTO_FREE char *file = ours ? NULL : method_program_path(paths[i]);
		if (file == NULL || method_program_trusted(file, why))
			continue;
		odm_write_label(PdDv_CLASS, type, check->report);
		foreign_printf(check->report, ": the method %s %s\n", file, why);
		check->found++;
	}
}

static int look_at_type(struct check *check, const void *object)
{
	const struct PdDv *type = object;
	int same = count_objects(PdDv_CLASS, "uniquetype = %s", type->uniquetype);

	look_at_methods(check, type);
	return same > 1 ? problem(check, PdDv_CLASS, object, "the type is there twice") : same;
}

static int look_at_predefined(struct check *check, const void *object)
{
	const struct PdAt *attribute = object;
	int same = count_objects(PdAt_CLASS, "uniquetype = %s AND attribute = %s",
		attribute->uniquetype, attribute->attribute);

	return same > 1 ? problem(check, PdAt_CLASS, object, "the attribute is there twice") : same;
}

/* What user interfaces are told of an attribute that they may not show, or that there is not. */
static int look_at_extended(struct check *check, const void *object)
{
	const struct PdAtXtd *extended = object;
	struct PdAt attribute;

	if (extended->classification[0] != '\0' &&
		(strchr("BAR", extended->classification[0]) == NULL ||
			extended->classification[1] != '\0'))
		return problem(
			check, PdAtXtd_CLASS, object, "the classification is none of B, A and R");
	if (extended->attribute[0] == '\0')
		return 0;
	int found = find_object(PdAt_CLASS, &attribute, "uniquetype = %s AND attribute = %s",
		extended->uniquetype, extended->attribute);
	if (found < 0)
		return -1;
	if (found == 0)
		return problem(check, PdAtXtd_CLASS, object, "there is no such attribute");
	bool shown = strchr(attribute.generic, 'D') != NULL;
	odm_free_members(PdAt_CLASS, &attribute);
	return shown ? 0 : problem(check, PdAtXtd_CLASS, object, "the attribute is not displayed");
}

static int look_at_all(struct check *check, CLASS_SYMBOL symbol, look *look_at)
{
	AUTO_FREE void *object = malloc((size_t)symbol->structsize);
	int result = 0;

	if (object == NULL)
		return -1;
	if (odm_open_class(symbol) == ODM_FAILED)
		return odmerrno == ODMI_CLASS_DNE ? 0 : -1;
	void *found = odm_get_first(symbol, NULL, object);
	while (result >= 0 && found != NULL && found != ODM_FAILED) {
		result = look_at(check, object);
		odm_free_members(symbol, object);
		found = odm_get_next(symbol, object);
	}
	if (result < 0 && found != NULL && found != ODM_FAILED)
		odm_free_members(symbol, object);
	return result < 0 || found == ODM_FAILED ? -1 : 0;
}

/* Devices first: what is removed there leaves orphans for the others to find. */
static int look_at_classes(struct check *check)
{
	static const struct {
		CLASS_SYMBOL symbol;
		look *look_at;
	} classes[] = {
		{PdDv_CLASS, look_at_type},
		{PdAt_CLASS, look_at_predefined},
		{PdAtXtd_CLASS, look_at_extended},
		{CuDv_CLASS, look_at_device},
		{CuAt_CLASS, look_at_attribute},
		{CuDep_CLASS, look_at_dependency},
		{CuVPD_CLASS, look_at_vpd},
		{CuDvDr_CLASS, look_at_number},
		{CuPath_CLASS, look_at_path},
		{CuPathAt_CLASS, look_at_path_attribute},
		{CuRun_CLASS, look_at_running},
	};

	if (odm_open_class(CuDv_CLASS) == ODM_FAILED)
		return odmerrno == ODMI_CLASS_DNE ? 0 : -1;
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (look_at_all(check, classes[i].symbol, classes[i].look_at) < 0)
			return -1;
	return 0;
}

int database_check(bool repair, FILE *report)
{
	struct check check = {.repair = repair, .report = report};
	AUTO(transaction_release) struct transaction transaction = {0};

	if (!repair)
		return look_at_classes(&check) < 0 ? -1 : check.found;
	if (transaction_begin(&transaction) < 0)
		return -1;
	/* A removed device may have been the parent of another. */
	do {
		check.found = check.repaired = 0;
		if (look_at_classes(&check) < 0)
			return -1;
	} while (check.repaired > 0);
	return transaction_commit(&transaction) < 0 ? -1 : check.found;
}
