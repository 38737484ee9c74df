#include "lsattr.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "cfgmethods/running.h"
#include "commands.h"

int lsattr_find_type(struct lsattr_request *request)
{
	struct CuDv device;
	int found;

	if (request->name != NULL) {
		found = find_object(CuDv_CLASS, &device, "name = %s", request->name);
		if (found == 1)
			found = find_object(PdDv_CLASS, &request->pddv, "uniquetype = %s",
				device.PdDvLn_Lvalue);
	} else {
		found = find_object(PdDv_CLASS, &request->pddv,
			"class = %s AND subclass = %s AND type = %s", request->class,
			request->subclass, request->type);
	}
	if (found == 1)
		return 0;
	if (found < 0)
		message("the database can't be read: %s", odm_error_text(odmerrno));
	else if (request->name != NULL)
		message("%s is not in the customized database", request->name);
	else
		message("there is no device type %s/%s/%s", request->class, request->subclass,
			request->type);
	return found < 0 ? EXIT_FAILED : EXIT_NO_ATTRIBUTE;
}

void lsattr_selection_release(struct lsattr_selection *selection)
{
	freeattr(selection->all, selection->all_count);
	free(selection->wanted);
}

/* The defaults of the type, in the form of customized attributes. */
static struct CuAt *get_defaults(const struct lsattr_request *request, int *count)
{
	struct listinfo info;
	struct PdAt *list =
		list_objects(PdAt_CLASS, &info, "uniquetype = %s", request->pddv.uniquetype);
	if (list == NULL || list == ODM_FAILED)
		return NULL;

	struct CuAt *attributes = calloc((size_t)info.num, sizeof(*attributes));
	*count = attributes != NULL ? info.num : 0;
	for (int i = 0; i < *count; i++) {
		strcpy(attributes[i].attribute, list[i].attribute);
		strcpy(attributes[i].generic, list[i].generic);
		attributes[i].nls_index = list[i].nls_index;
		attributes[i].value = strdup(list[i].deflt);
	}
	odm_free_list(list, &info);
	return attributes;
}

static int compare_attributes(const void *one, const void *other)
{
	return strcmp(
		((const struct CuAt *)one)->attribute, ((const struct CuAt *)other)->attribute);
}

/* Whether a value is not the type's default; an attribute that the type does not have is none. */
static bool is_changed(const struct CuAt *attribute, const struct CuAt *defaults, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(defaults[i].attribute, attribute->attribute) == 0)
			return strcmp(defaults[i].value, attribute->value) != 0;
	return true;
}

/* The values of the last configuration in place of the stored ones. */
static bool use_running(struct lsattr_request *request, struct lsattr_selection *selection)
{
	for (int i = 0; i < selection->all_count; i++) {
		struct CuAt *attribute = &selection->all[i];
		const char *value = attribute_changes_find(&request->last, attribute->attribute);
		if (value == NULL)
			continue;
		free(attribute->value);
		attribute->value = strdup(value);
		if (attribute->value == NULL)
			return false;
	}
	return true;
}

/* Whether the device runs with another value than the stored one. */
static bool is_pending(const struct lsattr_request *request, const struct CuAt *attribute)
{
	const char *running = attribute_changes_find(&request->last, attribute->attribute);

	return running != NULL && strcmp(running, attribute->value) != 0;
}

/* What is displayed; with --diff what is not default, displayed or not. */
static bool select_all(const struct lsattr_request *request, struct lsattr_selection *selection)
{
	int count = 0;
	struct CuAt *defaults = request->changed_only ? get_defaults(request, &count) : NULL;

	for (int i = 0; i < selection->all_count; i++) {
		const struct CuAt *attribute = &selection->all[i];
		if (request->pending            ? is_pending(request, attribute)
			: request->changed_only ? is_changed(attribute, defaults, count)
						: strchr(attribute->generic, 'D') != NULL)
			selection->wanted[selection->count++] = attribute;
	}
	freeattr(defaults, count);
	return true;
}

static const struct CuAt *find_attribute(const struct lsattr_selection *selection, const char *name)
{
	for (int i = 0; i < selection->all_count; i++)
		if (strcmp(selection->all[i].attribute, name) == 0)
			return &selection->all[i];
	return NULL;
}

/* Names may be joined by colons or blanks, and may be there twice. */
static bool select_named(struct lsattr_selection *selection, char *names)
{
	for (char *name = strsep(&names, ": "); name != NULL; name = strsep(&names, ": ")) {
		if (*name == '\0')
			continue;
		const struct CuAt *attribute = find_attribute(selection, name);
		if (attribute == NULL) {
			message("there is no attribute %s", name);
			return false;
		}
		const struct CuAt **longer = realloc(selection->wanted,
			(size_t)(selection->count + 1) * sizeof(*selection->wanted));
		if (longer == NULL)
			return false;
		selection->wanted = longer;
		longer[selection->count++] = attribute;
	}
	return true;
}

bool lsattr_choose(struct lsattr_request *request, struct lsattr_selection *selection)
{
	if (request->wanted.length > 0)
		return select_named(selection, request->wanted.data);
	selection->wanted = calloc((size_t)selection->all_count + 1, sizeof(*selection->wanted));
	return selection->wanted != NULL && select_all(request, selection);
}

bool lsattr_select(struct lsattr_request *request, struct lsattr_selection *selection)
{
	selection->all = request->name != NULL && !request->defaults
				 ? getattr(request->name, "", TRUE, &selection->all_count)
				 : get_defaults(request, &selection->all_count);
	if (selection->all_count > 0)
		qsort(selection->all, (size_t)selection->all_count, sizeof(*selection->all),
			compare_attributes);
	bool of_last = request->running || request->pending;
	if (of_last && running_read(request->name, &request->last) < 0) {
		message("%s can't be read: %s", request->name, odm_error_text(odmerrno));
		return false;
	}
	if (request->running && !use_running(request, selection))
		return false;
	return lsattr_choose(request, selection);
}
