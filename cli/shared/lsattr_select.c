/* Chooses the attributes, or their values, that lsattr and lspath list. */
#include "lsattr.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "cfgmethods/running.h"
#include "cfgmethods/value_list.h"
#include "command.h"

/* Its text becomes the caller's. */
static int take_type(void *object, void *closure)
{
	struct PdDv *type = object;

	*(struct PdDv *)closure = *type;
	type->catalog = NULL;
	return 1;
}

/* What listings need of a type; odm_free_members it. 1, 0, -1. */
static int find_type(char *crit, struct PdDv *type)
{
	static const char *const wanted[] = {"uniquetype", "catalog", "setno", NULL};
	AUTO_FREE char *criteria = crit;

	return criteria != NULL ? odm_visit(PdDv_CLASS, criteria, wanted, take_type, type) : -1;
}

int lsattr_find_type(struct lsattr_request *request)
{
	struct CuDv device;
	int found;

	if (request->name != NULL) {
		found = find_object(CuDv_CLASS, &device, "name = %s", request->name);
		if (found == 1)
			found = find_type(odm_criteria("uniquetype = %s", device.PdDvLn_Lvalue),
				&request->pddv);
	} else {
		found = find_type(
			odm_criteria("class = %s AND subclass = %s AND type = %s",
				request->types.class, request->types.subclass, request->types.type),
			&request->pddv);
	}
	if (found == 1)
		return 0;
	if (found < 0)
		message("the database can't be read: %s", odm_error_text(odmerrno));
	else if (request->name != NULL)
		message("%s is not in the customized database", request->name);
	else
		message("there is no device type %s/%s/%s", request->types.class,
			request->types.subclass, request->types.type);
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
		strcpy(attributes[i].rep, list[i].rep);
		attributes[i].nls_index = list[i].nls_index;
		attributes[i].value = strdup(list[i].deflt);
	}
	odm_free_list(list, &info);
	return attributes;
}

/* Several values of one come in the order in which they were stored. */
static int compare_attributes(const void *one, const void *other)
{
	const struct CuAt *first = one, *second = other;
	int order = strcmp(first->attribute, second->attribute);

	return order != 0 ? order : (first->_id > second->_id) - (first->_id < second->_id);
}

/* Whether a value is not the type's default; an attribute that the type does not have is none. */
static bool is_changed(const struct CuAt *attribute, const struct CuAt *defaults, int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(defaults[i].attribute, attribute->attribute) == 0)
			return strcmp(defaults[i].value, attribute->value) != 0;
	return true;
}

/* Adds a row: false without memory. */
static bool add_row(struct lsattr_selection *selection, const struct lsattr_row *row)
{
	struct lsattr_row *longer = realloc(
		selection->wanted, (size_t)(selection->count + 1) * sizeof(*selection->wanted));

	if (longer == NULL)
		return false;
	selection->wanted = longer;
	longer[selection->count++] = *row;
	return true;
}

/* A row of the value that is stored, or with -P was; and what the device runs with. */
static bool add_value(const struct lsattr_request *request, struct lsattr_selection *selection,
	const struct CuAt *attribute)
{
	const char *name = attribute->attribute, *value = attribute->value;
	const char *running = attribute_changes_find(&request->last, name);
	bool many = running != NULL && rep_has_many(attribute->rep);

	if (many)
		running = values_find(&request->last, name, value, false) >= 0 ? value : "";
	else if (running != NULL && request->running)
		value = running;
	return add_row(selection,
		&(struct lsattr_row){attribute, value, running != NULL ? running : value});
}

/* The values that the device runs with, of an attribute that has several. */
static bool add_running(const struct lsattr_request *request, struct lsattr_selection *selection,
	const struct CuAt *attribute)
{
	const struct attribute_changes *last = &request->last;
	bool ok = true;

	for (int i = 0; i < last->count && ok; i++) {
		const char *value = last->changes[i].value;
		if (strcmp(last->changes[i].attribute, attribute->attribute) == 0)
			ok = add_row(selection, &(struct lsattr_row){attribute, value, value});
	}
	return ok;
}

/*
 * The rows of an attribute, whose objects follow each other. With -P its values of the last
 * configuration replace the stored ones.
 */
static bool add_attribute(const struct lsattr_request *request, struct lsattr_selection *selection,
	const struct CuAt *objects, int count)
{
	bool ok = true;

	if (request->running && rep_has_many(objects->rep) &&
		attribute_changes_find(&request->last, objects->attribute) != NULL)
		return add_running(request, selection, objects);
	for (int i = 0; i < count && ok; i++)
		ok = add_value(request, selection, &objects[i]);
	return ok;
}

/* What differs between the stored and the running values, both ways, of one that has several. */
static bool add_differences(const struct lsattr_request *request,
	struct lsattr_selection *selection, const struct CuAt *objects, int count)
{
	const struct attribute_changes *last = &request->last;
	const char *name = objects->attribute;
	bool ok = true;

	for (int i = 0; i < count && ok; i++)
		if (*objects[i].value != '\0' &&
			values_find(last, name, objects[i].value, false) < 0)
			ok = add_row(
				selection, &(struct lsattr_row){&objects[i], objects[i].value, ""});
	for (int i = 0; i < last->count && ok; i++) {
		const struct attribute_change *old = &last->changes[i];
		bool stored = strcmp(old->attribute, name) != 0 || *old->value == '\0';
		for (int o = 0; o < count && !stored; o++)
			stored = strcmp(objects[o].value, old->value) == 0;
		if (!stored)
			ok = add_row(selection, &(struct lsattr_row){objects, "", old->value});
	}
	return ok;
}

/* Whether the device runs with another value than the stored one. */
static bool is_pending(const struct lsattr_request *request, const struct CuAt *attribute)
{
	const char *running = attribute_changes_find(&request->last, attribute->attribute);

	return running != NULL && strcmp(running, attribute->value) != 0;
}

/* How many objects of one attribute follow each other. */
static int objects_together(const struct lsattr_selection *selection, int first)
{
	int end = first + 1;

	while (end < selection->all_count &&
		strcmp(selection->all[first].attribute, selection->all[end].attribute) == 0)
		end++;
	return end - first;
}

/* What waits for the next configuration, displayed or not. */
static bool select_pending(const struct lsattr_request *request, struct lsattr_selection *selection)
{
	bool ok = true;

	for (int i = 0, count; i < selection->all_count && ok; i += count) {
		const struct CuAt *objects = &selection->all[i];
		count = objects_together(selection, i);
		if (attribute_changes_find(&request->last, objects->attribute) == NULL)
			continue;
		if (rep_has_many(objects->rep))
			ok = add_differences(request, selection, objects, count);
		else if (is_pending(request, objects))
			ok = add_value(request, selection, objects);
	}
	return ok;
}

/* What is displayed; with --diff what is not default, displayed or not. */
static bool select_all(const struct lsattr_request *request, struct lsattr_selection *selection)
{
	int default_count = 0;
	struct CuAt *defaults =
		request->changed_only ? get_defaults(request, &default_count) : NULL;
	bool ok = true;

	for (int i = 0, count; i < selection->all_count && ok; i += count) {
		const struct CuAt *objects = &selection->all[i];
		count = objects_together(selection, i);
		if (request->changed_only ? is_changed(objects, defaults, default_count)
					  : strchr(objects->generic, 'D') != NULL)
			ok = add_attribute(request, selection, objects, count);
	}
	freeattr(defaults, default_count);
	return ok;
}

/* The index of an attribute's first object, -1 for none. */
static int find_attribute(const struct lsattr_selection *selection, const char *name)
{
	for (int i = 0; i < selection->all_count; i++)
		if (strcmp(selection->all[i].attribute, name) == 0)
			return i;
	return -1;
}

/* Names may be joined by colons or blanks, and may be there twice. */
static bool select_named(
	const struct lsattr_request *request, struct lsattr_selection *selection, char *names)
{
	for (char *name = strsep(&names, ": "); name != NULL; name = strsep(&names, ": ")) {
		if (*name == '\0')
			continue;
		int first = find_attribute(selection, name);
		if (first < 0) {
			message("there is no attribute %s", name);
			return false;
		}
		if (!add_attribute(request, selection, &selection->all[first],
			    objects_together(selection, first)))
			return false;
	}
	return true;
}

bool lsattr_choose(struct lsattr_request *request, struct lsattr_selection *selection)
{
	if (request->wanted.length > 0)
		return select_named(request, selection, request->wanted.data);
	return request->pending ? select_pending(request, selection)
				: select_all(request, selection);
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
	return lsattr_take_kernels(request, selection) && lsattr_choose(request, selection);
}
