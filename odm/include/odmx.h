/* What this Object Data Manager adds to AIX's. */
#ifndef ODMX_H
#define ODMX_H

#include <odmi.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Transactions over the repositories of the path: what happens between odm_begin and odm_commit
 * happens wholly or not at all. They nest, up to 32 deep. Other threads' calls wait until it ends.
 * Each returns 0 or -1; after a failed odm_commit nothing is stored. Outside a transaction every
 * add, change and removal is durable by itself.
 */
int odm_begin(void) ODMI_MUST_CHECK;
int odm_commit(void) ODMI_MUST_CHECK;
int odm_rollback(void);

/*
 * Builds a criteria string: %s becomes a quoted literal, %d a number, all else stays. Returns
 * malloc'ed text for the caller to free, NULL when there is no memory.
 */
char *odm_criteria(const char *format, ...) __attribute__((format(printf, 1, 2))) ODMI_MUST_CHECK
	ODMI_NONNULL(1);

/* What was wrong with the last bad criteria of this thread, and at which byte of it. */
const char *odm_criteria_error(size_t *position) ODMI_NONNULL(1);

/* The words for an error code, never null. */
const char *odm_error_text(int code);

/* What odmcreate makes of a class-definition file. */
#define ODM_MAKE_CLASSES 1 /* the classes, in the first repository */
#define ODM_MAKE_SOURCE 2 /* NAME.h and NAME.c in the directory */
#define ODM_KEEP_CLASSES 4 /* with the first: a class that exists is left as it is */
/*
 * With the first: a class that exists in another form gets this one and keeps its objects. A new
 * descriptor is empty or 0; one that is no more goes with its values; a narrower one is refused
 * with ODMI_CLASS_EXISTS. The history has nothing of it.
 */
#define ODM_UPGRADE_CLASSES 8

/*
 * Compiles a class-definition file. preprocess: run it through the C preprocessor first. directory:
 * where the source goes. Mistakes are reported on `errors` with file and line. Returns 0, or -1
 * with nothing created.
 */
int odm_compile_file(const char *path, int preprocess, int make, const char *directory,
	FILE *errors) ODMI_MUST_CHECK;

/*
 * Adds every stanza of a file in one transaction. name: the file's, for messages on `errors`, which
 * have line and reason. Returns the number of objects, or -1 with nothing added.
 */
int odm_add_stanzas(FILE *file, const char *name, FILE *errors) ODMI_MUST_CHECK;

/*
 * Changes what matches to the descriptors present in the file's only stanza. Returns the number
 * of objects, or -1 with nothing changed.
 */
int odm_change_stanza(CLASS_SYMBOL class_symbol, char *crit, FILE *file, const char *name,
	FILE *errors) ODMI_MUST_CHECK;

/* Writes an object as a stanza. Returns 0, or -1 and errno. */
int odm_write_stanza(CLASS_SYMBOL class_symbol, const void *object, FILE *file);

/* Frees what an object's vchar members point to, and empties them. */
void odm_free_members(CLASS_SYMBOL class_symbol, void *object) ODMI_NONNULL(1) ODMI_NONNULL(2);

/*
 * Visits the objects that match by one query: for listings of many. descriptors: names ended by
 * NULL, the others' members are empty; NULL for all. `visit` returns 0 to go on, any other value
 * ends the visit and is returned; the object is the library's and must not be kept; the class must
 * not be changed meanwhile. -1 on failure.
 */
typedef int odm_object_visitor(void *object, void *closure);
int odm_visit(CLASS_SYMBOL class_symbol, char *crit, const char *const *descriptors,
	odm_object_visitor *visit, void *closure) ODMI_MUST_CHECK;

/*
 * The version of what an application keeps in a repository: its classes, and the objects that it
 * puts there. Of the repository that the class is in; 0 where none was ever set. -1 on failure.
 */
int odm_contents_version(CLASS_SYMBOL class_symbol) ODMI_MUST_CHECK;

/*
 * Sets that of the first repository of the path, which earlier libraries refuse from then on; in a
 * transaction it is a part of it. It only rises: ODMI_VERSION_ERROR when it is higher already.
 * Entries of the history from before can still be undone where only the upgrade changed their
 * objects since, without an entry (odm_pause_history). 0 or -1.
 */
int odm_set_contents_version(int version) ODMI_MUST_CHECK;

/* How many objects a class has and how many it had that are deleted. Returns 0 or -1. */
int odm_population(CLASS_SYMBOL class_symbol, long *active, long *deleted);

/* Writes one descriptor's value as a stanza has it. Returns 0, or -1 and errno. */
int odm_write_value(const struct ClassElem *elem, const void *object, FILE *file);

/*
 * JSON: an array of objects with one member each, {"CuDv": {"name": "hdisk0", "status": 1}}. Text
 * that is not UTF-8, and binary descriptors, are {"hex": "00ff"}.
 * odm_write_json writes one element without comma; odm_add_json reads an array as odm_add_stanzas
 * reads stanzas.
 */
int odm_write_json(CLASS_SYMBOL class_symbol, const void *object, FILE *file);
int odm_add_json(FILE *file, const char *name, FILE *errors) ODMI_MUST_CHECK;

/*
 * The history of the first repository of the path: every transaction is an entry, the newest
 * 10,000 are kept.
 */
struct odm_history_entry {
	long long id; /* 1, 2, ... */
	long long time; /* milliseconds since 1970 */
	unsigned uid; /* who logged in, or else the real user */
	int pid;
	const char *command;
	long long undoes; /* the entry that it undid, or 0 */
	long long undone_by; /* the entry that undid it, or 0 */
};
enum odm_change_kind { ODM_ADDED, ODM_CHANGED, ODM_DELETED, ODM_CLASS_ADDED, ODM_CLASS_DELETED };
struct odm_change {
	enum odm_change_kind kind;
	const char *class_name;
	/* NULL for a class as a whole, and when the class is gone or another since */
	CLASS_SYMBOL class_symbol;
	const void *old_object; /* NULL when added */
	const void *new_object; /* NULL when deleted */
	/* A byte each: of a changed object, the descriptors that differ. In the others it has
	 * today's values. */
	const char *differs;
};

/*
 * Visits entries, the newest first. `visit` returns 0 to go on; any other value ends the visit and
 * is returned. -1: an error, or ODMI_NO_OBJECT for a single entry (id not 0) that does not exist.
 */
typedef int odm_entry_visitor(const struct odm_history_entry *entry, void *closure);
int odm_history(long long id, odm_entry_visitor *visit, void *closure) ODMI_MUST_CHECK;

/*
 * Visits what changed between two states: after the entry `from` (0: before the first) and after
 * the entry `to`. One entry is shown as it was stored, several as their sum. Return as above;
 * ODMI_NO_OBJECT when the history does not have all entries between them.
 */
typedef int odm_change_visitor(const struct odm_change *change, void *closure);
int odm_history_changes(
	long long from, long long to, odm_change_visitor *visit, void *closure) ODMI_MUST_CHECK;

/*
 * Undoes one entry of the history, which makes a new entry. Refuses with ODMI_PARAMS, and words on
 * `errors` that say which later entry it depends on, when an object of it changed since. Returns 0
 * or -1 with nothing changed.
 */
int odm_undo(long long id, FILE *errors) ODMI_MUST_CHECK;

/*
 * For objects that describe what is, not what somebody wanted: while pause is not 0, what this
 * thread writes is in the transaction but not in its entry of the history, so that undo leaves it
 * alone. A transaction of nothing else makes no entry. Returns what it was before.
 */
int odm_pause_history(int pause);

/*
 * From now on the transactions of this process, and of those that it starts, are one entry of the
 * first repository's history, with this process's command: a command that needs several is undone
 * as one. When others write in between, what follows is another entry. 0 or -1.
 */
int odm_one_entry(void) ODMI_MUST_CHECK;

/* Names an object by the descriptors of its class's first index: "CuAt name=x attribute=y". */
int odm_write_label(CLASS_SYMBOL class_symbol, const void *object, FILE *file);

/*
 * Copies the first repository into a file, in one piece and while others use it; puts such a file
 * in the repository's place, checked first, with what was there saved as before-restore.db beside
 * it. Return 0, or -1, odmerrno and words on `errors`, with nothing changed.
 */
int odm_backup(const char *file, FILE *errors) ODMI_MUST_CHECK;
int odm_restore(const char *file, FILE *errors) ODMI_MUST_CHECK;

/*
 * Who is told when a lock, or a repository that another process writes, has been waited for a
 * second: what is waited for, and the process that has it, 0 when that is not known. It may be
 * called by a thread of the library's, and calls no routine of it. NULL, as at first: nobody.
 * Returns who was told before.
 */
typedef void odm_wait_notice(const char *path, int holder);
odm_wait_notice *odm_on_wait(odm_wait_notice *notice);

/*
 * Writes what is still in the write-ahead logs of the open repositories back to their files, which
 * are whole by themselves then. It waits a second for readers. 0, or -1 and odmerrno, when a log
 * stays as it is: nothing is lost, but odm.db alone is not all.
 */
int odm_checkpoint(void);

/*
 * The same for the classes whose names match a shell pattern; odm_restore_classes puts their
 * objects back in one transaction that the history has.
 */
int odm_backup_classes(const char *file, const char *pattern, FILE *errors) ODMI_MUST_CHECK;
int odm_restore_classes(const char *file, FILE *errors) ODMI_MUST_CHECK;

/*
 * Keeps a copy of the first repository beside it, saved-odm-NUMBER.db, when something was written
 * since the newest: a file as odm_backup writes it, with a checksum behind it. The newest three
 * good ones are kept. 1 when there is a new one, 0 when nothing changed, -1 with odmerrno and words
 * on `errors`.
 */
int odm_keep_copy(FILE *errors) ODMI_MUST_CHECK;

/* A kept copy. `file` is the library's, until the routine returns. */
struct odm_copy {
	const char *file; /* for odm_restore */
	int good; /* not 0: it is as it was written */
	long long time; /* of a good one: when the repository was in that state */
};

/*
 * Calls a routine for each kept copy of the first repository's directory, the newest first, until
 * it returns other than 0, which is returned then. The repository itself may be damaged or missing.
 * -1 and odmerrno when the directory can't be read.
 */
typedef int odm_copy_visitor(const struct odm_copy *copy, void *closure);
int odm_copies(odm_copy_visitor *visit, void *closure) ODMI_MUST_CHECK;

/*
 * Compares the first repository with its newest good copy page by page, when nothing was written
 * since that was made: what differs is damage that SQLite's check need not see. It is told on
 * `report`. Returns the number of such pages, 0 also when they can't be compared, -1 and odmerrno,
 * ODMI_CLASS_DNE where there is a copy and no repository.
 */
int odm_compare_copy(FILE *report) ODMI_MUST_CHECK;

/*
 * Saves what can be read of the first repository, which is damaged, in a new file that takes its
 * place; the old one is kept as damaged-odm.db. `report` says for each class how many objects were
 * saved and lost. Returns the number of objects and entries of the history that are known to be
 * lost, -1 with odmerrno and words on `report` when nothing was done. No other thread or process
 * may use the repository meanwhile.
 */
long odm_salvage(FILE *report) ODMI_MUST_CHECK;

/*
 * SQLite's check of every open repository's file; repair: makes damaged indexes anew. Problems are
 * written on `report`. Returns how many are left, -1 when it could not check.
 */
int odm_check_integrity(int repair, FILE *report) ODMI_MUST_CHECK;

#ifdef __cplusplus
}
#endif

#endif
