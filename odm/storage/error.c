/* odmerrno: a code for each thread, its words, and the codes of what SQLite and the system say.
 */
#include "storage/error.h"

#include <errno.h>
#include <odmx.h>
#include <stddef.h>
#include <stdint.h>

static _Thread_local int error_number;

/* Every code's words, in the codes' order: TEXT(number, words). */
#define TEXTS(TEXT)                                                                                \
	TEXT(000, "the repository can't be opened")                                                \
	TEXT(001, "there is not enough memory")                                                    \
	TEXT(002, "the class symbol is not valid")                                                 \
	TEXT(003, "no object has that identifier")                                                 \
	TEXT(004, "the criteria are not valid")                                                    \
	TEXT(005, "the library found itself in an impossible state")                               \
	TEXT(006, "too many classes are in use")                                                   \
	TEXT(007, "a linked class can't be opened")                                                \
	TEXT(008, "the repository's file is damaged or not a repository")                          \
	TEXT(009, "the class exists already")                                                      \
	TEXT(010, "the class does not exist")                                                      \
	TEXT(011, "the class has another name than was asked for")                                 \
	TEXT(012, "the class could not be removed")                                                \
	TEXT(013, "the class's collection could not be removed")                                   \
	TEXT(014, "the class's collection is not valid")                                           \
	TEXT(015, "the class's collection is not a collection")                                    \
	TEXT(016, "the class's collection has another name than was asked for")                    \
	TEXT(017, "the repository's permissions do not allow it")                                  \
	TEXT(018, "the time-out is neither a number of seconds nor a constant")                    \
	TEXT(019, "the lock file can't be made or opened")                                         \
	TEXT(020, "another process holds the lock")                                                \
	TEXT(021, "the environment variable of held locks can't be set")                           \
	TEXT(022, "the lock could not be given back")                                              \
	TEXT(023, "the lock could not be set")                                                     \
	TEXT(024, "there is no lock with that identifier")                                         \
	TEXT(025, "a parameter is not valid")                                                      \
	TEXT(026, "a pipe to the method could not be opened")                                      \
	TEXT(027, "the method's output could not be read")                                         \
	TEXT(028, "no process could be made")                                                      \
	TEXT(029, "the repository directory does not exist")                                       \
	TEXT(030, "the class was opened for reading only")                                         \
	TEXT(031, "the file system is full")                                                       \
	TEXT(032, "the repository was written by a newer version")                                 \
	TEXT(033, "another process keeps the repository busy")                                     \
	TEXT(034, "too many files are open")                                                       \
	TEXT(035, "the path is longer than a repository's can be")                                 \
	TEXT(036, "the disk or its file system fails")                                             \
	TEXT(037, "the repository is of an older version")

#define WORDS(number, words) words,
#define MESSAGE(number, words) "0519-" #number " libodm: " words ".\n",

static const char *const texts[] = {TEXTS(WORDS)};
static const char *const messages[] = {TEXTS(MESSAGE)};

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
	*message = (char *)(uintptr_t)messages[code - ODMI_ERROR_BASE];
	return 0;
}

int odm_fail(int code)
{
	error_number = code;
	return -1;
}

int odm_fail_errno(int error, int otherwise)
{
	switch (error) {
	case EACCES:
	case EPERM:
	case EROFS:
		return odm_fail(ODMI_CLASS_PERMS);
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return odm_fail(ODMI_NO_SPACE);
	case EMFILE:
	case ENFILE:
		return odm_fail(ODMI_NO_FILES);
	case ENOMEM:
		return odm_fail(ODMI_MALLOC_ERR);
	case ENAMETOOLONG:
		return odm_fail(ODMI_PATH_LENGTH);
	case EIO:
		return odm_fail(ODMI_IO_ERR);
	default:
		return odm_fail(otherwise);
	}
}

/* By the system's error behind it, which SQLite does not keep when there was no memory. */
static int fail_file(sqlite3 *database, int otherwise)
{
	if (sqlite3_extended_errcode(database) == SQLITE_IOERR_NOMEM)
		return odm_fail(ODMI_MALLOC_ERR);
	return odm_fail_errno(sqlite3_system_errno(database), otherwise);
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
	/* Protocol: somebody keeps the log's locks for longer than SQLite tries. */
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return odm_fail(ODMI_BUSY);
	case SQLITE_CANTOPEN:
		return fail_file(database, ODMI_OPEN_ERR);
	case SQLITE_IOERR:
		return fail_file(database, ODMI_IO_ERR);
	case SQLITE_TOOBIG:
	case SQLITE_CONSTRAINT:
		return odm_fail(ODMI_PARAMS);
	default:
		return odm_fail(ODMI_INTERNAL_ERR);
	}
}
