#include "failing_vfs.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

static sqlite3_vfs *system_vfs;
static sqlite3_vfs vfs;
static int good_left = -1, failing_code, failures_left;
static bool failed;

/* The system's file follows in memory. */
struct file {
	sqlite3_file base;
	sqlite3_file *real;
};

static sqlite3_file *real(sqlite3_file *file)
{
	return ((struct file *)(void *)file)->real;
}

/* The code that this operation fails with, SQLITE_OK to let it through. */
static int fate(void)
{
	if (good_left < 0)
		return SQLITE_OK;
	if (good_left > 0) {
		good_left--;
		return SQLITE_OK;
	}
	if (failures_left == 0)
		return SQLITE_OK;
	failures_left -= failures_left > 0;
	failed = true;
	return failing_code;
}

static int file_close(sqlite3_file *file)
{
	return real(file)->pMethods->xClose(real(file));
}

static int file_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset)
{
	return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int file_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset)
{
	int code = fate();

	return code != SQLITE_OK ? code
				 : real(file)->pMethods->xWrite(real(file), bytes, count, offset);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	int code = fate();

	return code != SQLITE_OK ? SQLITE_IOERR_TRUNCATE
				 : real(file)->pMethods->xTruncate(real(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
	int code = fate();

	return code != SQLITE_OK ? SQLITE_IOERR_FSYNC
				 : real(file)->pMethods->xSync(real(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return real(file)->pMethods->xFileSize(real(file), size);
}

static int file_lock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xLock(real(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	return real(file)->pMethods->xUnlock(real(file), level);
}

static int file_check_lock(sqlite3_file *file, int *result)
{
	return real(file)->pMethods->xCheckReservedLock(real(file), result);
}

static int file_control(sqlite3_file *file, int operation, void *argument)
{
	return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int file_sector_size(sqlite3_file *file)
{
	return real(file)->pMethods->xSectorSize(real(file));
}

static int file_characteristics(sqlite3_file *file)
{
	return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
	return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}

static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
	return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
	real(file)->pMethods->xShmBarrier(real(file));
}

static int file_shm_unmap(sqlite3_file *file, int delete)
{
	return real(file)->pMethods->xShmUnmap(real(file), delete);
}

static const sqlite3_io_methods methods = {.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_lock,
	.xFileControl = file_control,
	.xSectorSize = file_sector_size,
	.xDeviceCharacteristics = file_characteristics,
	.xShmMap = file_shm_map,
	.xShmLock = file_shm_lock,
	.xShmBarrier = file_shm_barrier,
	.xShmUnmap = file_shm_unmap};

static int vfs_open(
	sqlite3_vfs *unused, const char *name, sqlite3_file *opened, int flags, int *result_flags)
{
	struct file *file = (struct file *)(void *)opened;

	(void)unused;
	file->real = (sqlite3_file *)(void *)(file + 1);
	file->real->pMethods = NULL;
	int code = system_vfs->xOpen(system_vfs, name, file->real, flags, result_flags);
	opened->pMethods = file->real->pMethods != NULL ? &methods : NULL;
	return code;
}

void failing_vfs_install(void)
{
	system_vfs = sqlite3_vfs_find(NULL);
	vfs = *system_vfs;
	vfs.zName = "failing";
	vfs.szOsFile = (int)sizeof(struct file) + system_vfs->szOsFile;
	vfs.xOpen = vfs_open;
	sqlite3_vfs_register(&vfs, 1);
}

void failing_vfs_set(int good, int code, int times)
{
	good_left = good;
	failing_code = code;
	failures_left = times;
	failed = false;
}

int failing_vfs_failed(void)
{
	return failed;
}
