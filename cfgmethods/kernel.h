/*
 * Devices that the kernel of this machine drives: where they are below /sys and which of their
 * attributes the kernel keeps, as class PdKern has it. For methods and the commands that show what
 * the kernel has.
 */
#pragma once

#include "attribute_changes.h"
#include "device.h"
#include "sysfs/tunable.h"

/* An attribute that the kernel keeps. */
struct kernel_attribute {
	struct PdKern predefined;
	struct tunable tunable; /* its texts are the object's */
};

/* Nobody has asked yet. */
#define KERNEL_UNKNOWN (-2)

/* What is said of the devices of a type; read once, and the library's until the process ends. */
struct kernel_type {
	char uniquetype[48];
	char directory[SYSFS_PATH]; /* "": the kernel does not drive such devices */
	bool by_parent; /* they have their parents' names in the operating system */
	int paths, places; /* of kernel_has_paths and kernel_has_places; asked for by few */
	struct kernel_attribute *attributes; /* in the order in which they are written */
	int count;
};

/* NULL and odmerrno when the database can't be read. */
const struct kernel_type *kernel_type_read(const char *uniquetype);

/* Whether several paths may lead to a device of the type, and whether it has places for devices
 * below: 1, 0, -1 and odmerrno. */
int kernel_has_paths(const struct kernel_type *type);
int kernel_has_places(const struct kernel_type *type);

/* What was read of types is read again: for a process that outlives a change of their schemas. */
void kernel_types_forget(void);

/* Whether the kernel drives devices of a type: 1, 0, -1 and odmerrno. */
int kernel_type(const char *uniquetype);

struct kernel_device {
	const struct kernel_type *type;
	const struct sysfs_tree *tree; /* the machine's */
	char name[16];
	char os_name[64];
	char directory[SYSFS_PATH];
};

/*
 * Finds a device of such a type: its directory, and what the kernel keeps. E_OK; E_NODETECT when
 * another device or none is there now; else a code, each with the reason.
 */
int kernel_device_find(
	const struct CuDv *cudv, struct kernel_device *device, struct method_output *output);

/* What a device is called by the kernel, and what it is known by; "" for nothing. */
struct kernel_names {
	char os_name[64], unique_id[256];
};

/* Takes what an attribute says of them, if it is one of the two. */
void kernel_names_take(struct kernel_names *names, const char *attribute, const char *value);

/* The same for who has read its names; not for a type whose devices have their parents'. */
int kernel_device_find_named(const struct CuDv *cudv, const struct kernel_names *names,
	struct kernel_device *device, struct method_output *output);

/* The attribute of a name, NULL for none. */
const struct kernel_attribute *kernel_attribute_find(
	const struct kernel_type *type, const char *attribute);

/* Adds what the kernel has of all attributes; those that are not there are left out. 0 or -1. */
int kernel_values(const struct kernel_device *device, struct attribute_changes *values);

/* Adds a sentence about a write that did not succeed, or was rounded, to the reason. */
void kernel_explain(const struct kernel_device *device, const struct tunable_change *write,
	struct method_output *output);

/*
 * Gives the kernel the values of the changes that it keeps, all or none; one that it rounds becomes
 * what the kernel has, and the reason says so. E_OK, or E_ATTRVAL with the reason.
 */
int kernel_change(const struct kernel_device *device, struct attribute_changes *changes,
	struct method_output *output);

/*
 * Gives the kernel, of the attributes of the changes, the values that it had before. False with the
 * reason.
 */
bool kernel_restore(const struct kernel_device *device, const struct attribute_changes *changes,
	const struct attribute_changes *before, struct method_output *output);

/*
 * Gives the kernel what is stored of the device and differs. A value that the kernel refuses is
 * told in the reason and left: the number of those, or -1 with the reason.
 */
int kernel_apply(const struct kernel_device *device, struct method_output *output);

/*
 * For Configure: kernel_apply of a device that the kernel drives, and success of any other; values
 * that the kernel refuses are told and keep nothing from being configured. E_OK, or a code with the
 * reason.
 */
int kernel_configure(const struct CuDv *cudv, struct method_output *output);

/*
 * For Configure of a device that is configured: an adapter's driver may be another one now, whose
 * parameters are entered. E_OK, also of any other device; or a code with the reason.
 */
int kernel_look_again(const struct CuDv *cudv, struct method_output *output);

/*
 * Whether a change could cut the machine off: with what it does, in words without a full stop.
 * False when it can't, or the device is not the kernel's.
 */
bool kernel_guarded(
	const struct CuDv *cudv, const struct attribute_changes *changes, struct text *danger);

/*
 * For Unconfigure: that nobody uses a device that the kernel drives: nothing of a disk is mounted,
 * swap space or a part of a volume, and no default route is an interface's. E_OK, also of any other
 * device; E_BUSY with all who do; or another code with the reason.
 */
int kernel_check_unused(const struct CuDv *cudv, struct method_output *output);

/* A form by its name in a schema file. */
bool kernel_form(const char *name, enum tunable_form *form);

/* Whether a schema file can name that guard; "" is none. */
bool kernel_guard_known(const char *guard);
