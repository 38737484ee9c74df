/* Inside libcfg and the methods. */
#pragma once

#include <cf.h>
#include <odmx.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

#define LIBCFG_API __attribute__((visibility("default")))
#define ODM_FAILED ((void *)-1)

/*
 * The first object that matches criteria built as by odm_criteria. Returns 1 with *object filled
 * in (odm_free_members it), 0 when none matches, -1 when the database fails.
 */
#define find_object(symbol, object, ...) find_by(symbol, object, odm_criteria(__VA_ARGS__))
int find_by(CLASS_SYMBOL symbol, void *object, char *crit);

/*
 * All objects that match, for odm_free_list: NULL when there are none, ODM_FAILED and odmerrno.
 */
#define list_objects(symbol, info, ...) list_by(symbol, info, odm_criteria(__VA_ARGS__))
void *list_by(CLASS_SYMBOL symbol, struct listinfo *info, char *crit);

/* Removes what matches. Returns how many, or -1. */
#define remove_objects(symbol, ...) remove_by(symbol, odm_criteria(__VA_ARGS__))
int remove_by(CLASS_SYMBOL symbol, char *crit);

/* A transaction, undone when its scope ends before transaction_commit. Zero-initialise it. */
struct transaction {
	bool open;
};
int transaction_begin(struct transaction *transaction); /* 0, or -1 and odmerrno */
int transaction_commit(struct transaction *transaction);
void transaction_release(struct transaction *transaction);

/* A copy of text in a fixed room: false when it does not fit. */
bool copy_text(char *room, size_t size, const char *text);

/*
 * Whether a value is one that a predefined attribute allows. The reason says what is allowed, to be
 * freed; NULL when it is valid.
 */
bool value_allowed(const struct PdAt *attribute, const char *value, char **reason);

/*
 * Attributes that add have several values, an object of CuAt each: rep has m, and the default is
 * empty. A change adds a value, or takes one away by the name of another attribute of such a rep,
 * whose width names the first; that one never has a value of its own.
 */
bool attribute_adds(const struct PdAt *attribute);
/* The name of the attribute whose values it takes away; NULL for others. */
const char *attribute_removes(const struct PdAt *attribute);
/* Whether a rep is that of either kind. */
bool rep_has_many(const char *rep);

/* Whether the list has an object of the same attribute before that place. */
bool attribute_seen(const struct CuAt *attributes, int place);

/* What is predefined of a device's attribute: 1 with *predefined, 0, -1; also without the device.
 */
int attribute_predefined(const char *device, const char *attribute, struct PdAt *predefined);

/* A device was removed: its number is free again for genseq. */
void genseq_forget(void);

/* Removes the special files whose device number is one of the device's. 0 or -1. */
int special_files_remove(const char *device);

/* The bounds of "low-high,increment": false when it is no range. */
bool values_range(const char *values, long long *low, long long *high, long long *increment);

/* What is wrong with a predefined attribute's rep and values; NULL when they make sense. */
const char *values_mistake(const struct PdAt *attribute);

/*
 * A number as attributes have them: decimal, 0x or leading 0. False when it is none.
 */
bool parse_number(const char *text, long long *number);
