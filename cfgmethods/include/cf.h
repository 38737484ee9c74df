/*
 * libcfg: what configuration methods are written with. Manual: "List of Device Configuration
 * Subroutines". odm_initialize() comes first; the attribute routines expect the caller to hold the
 * configuration lock.
 */
#pragma once

#include <stdbool.h>
#include <sys/cfgdb.h>
#include <sys/cfgodm.h>
#include <sys/sysconfig.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef TRUE
#define TRUE 1
#define FALSE 0
#endif

#define CF_MUST_CHECK __attribute__((warn_unused_result))
#define CF_NONNULL(...) __attribute__((__nonnull__(__VA_ARGS__)))

/* Exit codes of methods. The names are the manual's, the numbers ours. */
enum cf_error {
	E_OK = 0,
	E_ARGS = 1, /* missing or contradictory flags */
	E_LNAME = 2, /* the logical name is not valid or taken */
	E_TYPE = 3, /* no such class, subclass and type */
	E_NOCuDv = 4, /* no such device */
	E_NOPdDv = 5, /* the device's type is not in the predefined database */
	E_NOATTR = 6, /* an attribute that the method needs is missing */
	E_ATTRVAL = 7, /* a value that the attribute does not allow */
	E_BADATTR = 8, /* a stored value that can't be used for the DDS */
	E_PARENT = 9, /* the parent is missing, or wrong for the device */
	E_PARENTSTATE = 10, /* the parent is not Available */
	E_INVCONNECT = 11, /* the parent has no such connection */
	E_AVAILCONNECT = 12, /* another device is Available there */
	E_STATE = 13, /* the device is in the wrong state */
	E_CHILDSTATE = 14, /* a child is in the wrong state */
	E_DEPENDENCY = 15, /* another device depends on it */
	E_BUSY = 16, /* the device is open */
	E_ODMINIT = 17,
	E_ODMGET = 18,
	E_ODMADD = 19,
	E_ODMUPDATE = 20,
	E_ODMDELETE = 21,
	E_ODMLOCK = 22,
	E_ODMRUNMETHOD = 23, /* another method could not be run, or failed */
	E_MAJORNO = 24,
	E_MINORNO = 25,
	E_MAKESPF = 26, /* a special file could not be made */
	E_LOADEXT = 27,
	E_UNLOADEXT = 28,
	E_CFGINIT = 29, /* the driver refused the device */
	E_CFGTERM = 30,
	E_DDS = 31, /* the DDS could not be built */
	E_FINDCHILD = 32, /* children could not be detected */
	E_MALLOC = 33,
	E_BUSRESOURCE = 34, /* a bus resource that the device needs is taken */
	E_NODETECT = 35, /* nothing answers at the device's place */
	E_LAST = E_NODETECT
};

/* A code's name ("E_BUSY") and meaning; never null. */
const char *cf_error_name(int code);
const char *cf_error_text(int code);

/*
 * The value of a device's attribute: the customized one, else the predefined default. getall TRUE:
 * all of the device's, attr is ignored. Returns malloc'ed objects (free each value, then the
 * array) and *how_many, one for each value of an attribute that has several; NULL when there is
 * none or the database fails.
 */
struct CuAt *getattr(const char *device, const char *attr, int getall, int *how_many) CF_MUST_CHECK
	CF_NONNULL(1, 4);

/* Frees what getattr returned. Ours. */
void freeattr(struct CuAt *attributes, int how_many);

/*
 * Stores a value: an object exists only while the value is not the default. Of an attribute that
 * adds it is one value more, unless it is there already, and "" removes all; by the name of the one
 * that takes away it is removed, ODMI_NO_OBJECT when it is not there. Returns 0 or -1.
 */
int putattr(struct CuAt *attribute) CF_MUST_CHECK CF_NONNULL(1);

/*
 * Checks "name=value name=value ..." against the predefined attributes of a type. Returns the
 * number that are not valid, with *bad their names separated by blanks, malloc'ed; -1 on failure.
 */
int attrval(const char *uniquetype, const char *assignments, char **bad) CF_MUST_CHECK
	CF_NONNULL(1, 2, 3);

/* Major number of a driver instance, the lowest free one at first. -1 on failure. */
int genmajor(const char *driver_instance) CF_MUST_CHECK CF_NONNULL(1);

/*
 * Minor numbers of a device: `count` of them, `within` apart, the first a multiple of `between`,
 * or `preferred` unless that is -1. Returns a malloc'ed ascending array, NULL when they are taken.
 */
int *genminor(const char *device, int major_number, int preferred, int count, int within,
	int between) CF_MUST_CHECK CF_NONNULL(1);

/* The minors of a device, or of the major with device NULL; NULL and 0 when there are none. */
int *getminor(int major_number, int *how_many, const char *device) CF_MUST_CHECK CF_NONNULL(2);

/*
 * Gives a device's numbers back and removes its special files; the major number too when `release`
 * is TRUE and it was the last. relmajor gives back a driver instance's. 0 or -1.
 */
int reldevno(const char *device, int release) CF_MUST_CHECK CF_NONNULL(1);
int relmajor(const char *driver_instance) CF_MUST_CHECK CF_NONNULL(1);

/* The next free sequence number of a prefix, -1 on failure. */
int genseq(const char *prefix) CF_MUST_CHECK CF_NONNULL(1);

/*
 * Chooses bus resources (attributes of the types A, B, I, M, N and O) for the devices on a bus: for
 * one, or with logname NULL for all that are Defined, so that they collide with no configured one.
 * flag: the boot phase, 0 at run time. The names of those that can be configured go to conf_list,
 * of the others to not_res_list, rooms of at least 512 bytes each, with a blank behind each name.
 * Returns E_OK, for one device E_BUSRESOURCE or E_NOCuDv, or E_ARGS, E_ODMGET, E_ODMUPDATE,
 * E_MALLOC.
 */
int busresolve(const char *logname, int flag, char *conf_list, char *not_res_list,
	const char *busname) CF_MUST_CHECK;

/*
 * Loads (load TRUE), unloads or only looks for (query TRUE) a driver of the drivers directory.
 * Returns its kmid, 0 when it is not loaded or the call failed: kex_reason() tells.
 */
mid_t loadext(const char *driver, int load, int query) CF_NONNULL(1);

#ifdef __cplusplus
}
#endif
