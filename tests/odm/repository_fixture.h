/* A repository with the device classes in a directory of its own. */
#pragma once

#include <odmx.h>
#include <stdlib.h>
#include <sys/cfgodm.h>

#define FAILED ((void *)-1)

static char repository[] = "/tmp/odmcfg-odm-XXXXXX";

static inline void make_repository(void)
{
	ck_assert_ptr_nonnull(mkdtemp(repository));
	ck_assert_int_eq(setenv("ODMDIR", repository, 1), 0);
	unsetenv("ODMPATH");
	ck_assert_int_eq(odm_initialize(), 0);
	ck_assert_int_eq(odm_compile_file(CLASSES, 0, ODM_MAKE_CLASSES, ".", stderr), 0);
}

static inline void remove_repository(void)
{
	char command[128];

	odm_terminate();
	snprintf(command, sizeof(command), "rm -rf %s", repository);
	ck_assert_int_eq(system(command), 0);
}

static inline int add_device(const char *name, const char *parent, short status)
{
	struct CuDv device = {.status = status};

	snprintf(device.name, sizeof(device.name), "%s", name);
	snprintf(device.parent, sizeof(device.parent), "%s", parent);
	snprintf(device.PdDvLn_Lvalue, sizeof(device.PdDvLn_Lvalue), "disk/scsi/vdisk");
	return odm_add_obj(CuDv_CLASS, &device);
}

static inline int count_objects(CLASS_SYMBOL symbol)
{
	struct listinfo info;
	void *list = odm_get_list(symbol, NULL, &info, 1, 1);

	ck_assert_ptr_ne(list, FAILED);
	odm_free_list(list, &info);
	return info.num;
}
