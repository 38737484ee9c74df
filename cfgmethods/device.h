/* A device and its type, as methods need them together. */
#pragma once

#include "cfgmethods/cfg_private.h"
#include "cfgmethods/method.h"

struct device {
	struct CuDv cudv;
	struct PdDv pddv; /* its strings are the device's; device_release frees them */
};
void device_release(struct device *device);

/* Finds a device and its type: E_OK, E_NOCuDv, E_NOPdDv or E_ODMGET, with the reason. */
int device_find(const char *name, struct device *device, struct method_output *output);

/* The first child that is Available or Stopped: 1 with its name, 0, -1. */
int device_active_child(const char *name, char child[16]);

/* Whether a device can have the name. */
#define NOT_IN_NAMES "/=:,'\"*?["
bool device_name_valid(const char *name);
#define DEVICE_NAME_RULE "1 to 15 printable characters, none of / = : , * ? [ or a quote"

/*
 * Whether a text can be a connection, a location, or one of the names that a type is made of: not
 * empty, and of such characters only.
 */
bool device_word_valid(const char *word);
#define DEVICE_WORD_RULE "printable characters of ASCII, no blank, quote or backslash among them"

/* "Defined", "Available" or "Stopped". */
const char *device_status_name(int status);

/* Writes the device's state: E_OK or E_ODMUPDATE. */
int device_set_status(const char *name, int status, int chgstatus, struct method_output *output);

/* Attribute values that Change is about to store, before getattr knows them. */
struct attribute_change {
	char *attribute; /* owns the value, too, which is behind it */
	char *value;
};
struct attribute_changes {
	struct attribute_change *changes;
	int count;
};
void attribute_changes_release(struct attribute_changes *changes);

/* Adds a copy: false without memory. */
bool attribute_changes_add(
	struct attribute_changes *changes, const char *attribute, const char *value);

/*
 * Adds those of "a=v b='w x'": false without memory, when a word has no '=', or a quote no end.
 */
bool attribute_changes_read(const char *assignments, struct attribute_changes *changes);

/* Writes them as attribute_changes_read reads them: false without memory. */
bool attribute_changes_write(const struct attribute_changes *changes, struct text *assignments);

/* The value that they give an attribute, the last one; NULL when it is not there. */
const char *attribute_changes_find(const struct attribute_changes *changes, const char *attribute);

/*
 * Where a DDS takes its values from. The first failure is kept: a builder reads all it needs and
 * looks at `code` once.
 */
struct dds_source {
	const struct device *device;
	const struct attribute_changes *changes; /* of this device, or NULL */
	struct method_output *output;
	int code; /* E_OK, E_NOATTR, E_BADATTR */
};

/*
 * Adds the values of an attribute that adds, to the list of value_list.h: those that a change is
 * about to give, of another device those that it runs with, else the stored ones. 0 or -1.
 */
int source_values(struct dds_source *source, const char *device, const char *attribute,
	struct attribute_changes *values);

/* A device's attribute as a number; as text in a room. */
uint32_t source_number(struct dds_source *source, const char *device, const char *attribute);
void source_text(struct dds_source *source, const char *device, const char *attribute, char *room,
	size_t size);
