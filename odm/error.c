#include "odm_private.h"

#include <pthread.h>

static _Thread_local int error_number;
static pthread_mutex_t library_mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static const char *const texts[] = {
	"the repository can't be opened, or another process keeps it busy",
	"there is not enough memory",
	"the class symbol is not valid",
	"no object has that identifier",
	"the criteria are not valid",
	"the library found itself in an impossible state",
	"too many classes are in use",
	"a linked class can't be opened",
	"the repository's file is damaged or not a repository",
	"the class exists already",
	"the class does not exist",
	"the class has another name than was asked for",
	"the class could not be removed",
	"the class's collection could not be removed",
	"the class's collection is not valid",
	"the class's collection is not a collection",
	"the class's collection has another name than was asked for",
	"the repository's permissions do not allow it",
	"the time-out is neither a number of seconds nor a constant",
	"the lock file can't be made or opened",
	"another process holds the lock",
	"the environment variable of held locks can't be set",
	"the lock could not be given back",
	"the lock could not be set",
	"there is no lock with that identifier",
	"a parameter is not valid",
	"a pipe to the method could not be opened",
	"the method's output could not be read",
	"no process could be made",
	"the repository directory does not exist",
	"the class was opened for reading only",
	"the file system is full",
	"the repository was written by another version",
};

LIBODM_API int *odm_errno_location(void)
{
	return &error_number;
}

LIBODM_API const char *odm_error_text(int code)
{
	if (code < ODMI_ERROR_BASE || code > ODMI_LAST_ERROR)
		return "unknown error";
	return texts[code - ODMI_ERROR_BASE];
}

LIBODM_API int odm_err_msg(long code, char **message)
{
	if (code < ODMI_ERROR_BASE || code > ODMI_LAST_ERROR) {
		*message = NULL;
		return -1;
	}
	/* The manual's type; callers do not write to it. */
	*message = (char *)(uintptr_t)texts[code - ODMI_ERROR_BASE];
	return 0;
}

int odm_fail(int code)
{
	error_number = code;
	return -1;
}

int odm_fail_sqlite(sqlite3 *database)
{
	switch (sqlite3_errcode(database)) {
	case SQLITE_NOMEM:
		return odm_fail(ODMI_MALLOC_ERR);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return odm_fail(ODMI_CLASS_PERMS);
	case SQLITE_FULL:
		return odm_fail(ODMI_NO_SPACE);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return odm_fail(ODMI_INVALID_CLASS);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		return odm_fail(ODMI_OPEN_ERR);
	default:
		return odm_fail(ODMI_INTERNAL_ERR);
	}
}

void library_lock(void)
{
	pthread_mutex_lock(&library_mutex);
}

void library_unlock(void)
{
	pthread_mutex_unlock(&library_mutex);
}
