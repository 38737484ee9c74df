/*
 * Saves what can be read of a damaged repository in a new one. Debian's SQLite has neither its
 * recover extension nor sqlite_dbpage, which that stands on: tables are read around the damage.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <odmx.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/foreign.h"
#include "catalogue/catalogue.h"
#include "copies.h"
#include "history.h"
#include "salvage.h"
#include "storage/thread.h"
#include "transactions/changes.h"

struct salvage {
	FILE *report;
	char *directory;
	char *input; /* a copy of what is damaged: SQLite would write to the file itself */
	char *output;
	sqlite3 *from, *to;
	sqlite3 *copy; /* the newest good one, if there is any: what it had */
	char *copy_file;
	long long saved;
	long lost;
};

/* The tables beside those of classes, each with its key first. */
static const struct {
	const char *name, *columns;
} own_tables[] = {
	{"odm_contents", "version, time, history"},
	{"odm_history", "id, time, uid, pid, command, undoes, changes, across"},
	{"odm_changeset", "rowid, history, chunk, changes"},
	{"odm_pending", "rowid, across, directory, chunk, changes"},
};

static void remove_with_logs(const char *file)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};

	for (size_t i = 0; file != NULL && i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		AUTO_FREE char *path = NULL;
		if (asprintf(&path, "%s%s", file, suffixes[i]) >= 0)
			unlink(path);
	}
}

static void salvage_release(struct salvage *salvage)
{
	sqlite3_close(salvage->from);
	sqlite3_close(salvage->to);
	sqlite3_close(salvage->copy);
	free(salvage->copy_file);
	remove_with_logs(salvage->input);
	remove_with_logs(salvage->output);
	free(salvage->input);
	free(salvage->output);
	free(salvage->directory);
}

static int fail_copy(void)
{
	return odm_fail_errno(errno, ODMI_IO_ERR);
}

/* One of the damaged files: the log need not be there. */
static int copy_file_aside(const char *directory, const char *to, const char *suffix)
{
	AUTO_FREE char *source = NULL, *target = NULL;

	if (asprintf(&source, "%s/odm.db%s", directory, suffix) < 0 ||
		asprintf(&target, "%s%s", to, suffix) < 0)
		return odm_fail(ODMI_MALLOC_ERR);
	AUTO_CLOSE int in = open(source, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return *suffix != '\0' && errno == ENOENT ? 0 : fail_copy();
	AUTO_CLOSE int out =
		open(target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (out < 0)
		return fail_copy();
	ssize_t count;
	while ((count = sendfile(out, in, NULL, 1 << 20)) > 0)
		;
	return count < 0 ? fail_copy() : 0;
}

/* SQLite fills the rest of a page that is cut off with zeros, and reads half of a row. */
static int drop_half_page(const char *file)
{
	unsigned char size[2] = {0};
	struct stat status;
	AUTO_CLOSE int fd = open(file, O_RDWR | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &status) < 0 || pread(fd, size, sizeof(size), 16) < 0)
		return fail_copy();
	/* The header's bytes for 65536 are those of 1. */
	off_t page = size[0] * 256 + size[1];
	page = page == 1 ? 65536 : page;
	if (page < 512)
		return 0;
	return ftruncate(fd, status.st_size / page * page) < 0 ? fail_copy() : 0;
}

/* With a schema that may be written SQLite reads on where a file is too short, or the schema odd.
 */
static int open_damaged(struct salvage *salvage)
{
	if (copy_file_aside(salvage->directory, salvage->input, "") < 0 ||
		drop_half_page(salvage->input) < 0 ||
		copy_file_aside(salvage->directory, salvage->input, "-wal") < 0)
		return -1;
	if (sqlite3_open_v2(salvage->input, &salvage->from, SQLITE_OPEN_READWRITE, NULL) ==
			SQLITE_OK &&
		sqlite3_exec(salvage->from,
			"PRAGMA writable_schema = ON; PRAGMA trusted_schema = OFF;"
			"PRAGMA cell_size_check = ON; SELECT count(*) FROM sqlite_master",
			NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return odm_fail_sqlite(salvage->from);
}

static int open_new(struct salvage *salvage)
{
	if (repository_make_file(salvage->output, 0600) < 0 ||
		backup_give_mode(salvage->output, salvage->directory) < 0)
		return -1;
	if (sqlite3_open_v2(salvage->output, &salvage->to, SQLITE_OPEN_READWRITE, NULL) ==
			SQLITE_OK &&
		sqlite3_exec(salvage->to, "PRAGMA synchronous = FULL", NULL, NULL, NULL) ==
			SQLITE_OK)
		return 0;
	return odm_fail_sqlite(salvage->to);
}

/* What goes into SQL as a name. */
static bool is_name(const char *name)
{
	size_t length = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789_");

	return length > 0 && name[length] == '\0' && !isdigit((unsigned char)*name);
}

static bool is_form(CLASS_SYMBOL symbol)
{
	for (int i = 0; i < symbol->nelem; i++)
		if (!is_name(symbol->elem[i].elemname))
			return false;
	return symbol->nelem > 0 && is_name(symbol->classname);
}

static void release_symbol(CLASS_SYMBOL *symbol)
{
	if (*symbol != NULL)
		symbol_free(*symbol);
}

static int make_class(sqlite3 *to, struct repository *catalogue, const char *name)
{
	struct repository made = {.database = to};
	AUTO(text_release) struct text sql = {0};
	AUTO(release_symbol) CLASS_SYMBOL symbol = class_read(catalogue, name);

	if (symbol == NULL)
		return -1;
	if (!is_form(symbol))
		return odm_fail(ODMI_INVALID_CLASS);
	text_printf(&sql, "INSERT INTO odm_class VALUES ('%s');", name);
	class_append_create(&sql, symbol);
	return repository_execute_text(&made, &sql) < 0 ? -1 : class_enter_form(&made, symbol);
}

static int make_classes(sqlite3 *to, sqlite3 *from)
{
	AUTO_FINALIZE sqlite3_stmt *names = NULL;
	struct repository catalogue = {.database = from};
	int step, count = 0;

	if (repository_prepare(&catalogue, "SELECT name FROM odm_class", &names) < 0)
		return -1;
	for (; (step = sqlite3_step(names)) == SQLITE_ROW; count++) {
		const char *name = (const char *)sqlite3_column_text(names, 0);
		if (name == NULL || make_class(to, &catalogue, name) < 0)
			return name == NULL ? odm_fail(ODMI_INVALID_CLASS) : -1;
	}
	if (step != SQLITE_DONE)
		return odm_fail_sqlite(from);
	return count > 0 ? 0 : odm_fail(ODMI_INVALID_CLASS);
}

static int open_copy(struct salvage *salvage)
{
	AUTO(copies_release) struct copies copies = {0};

	if (copies_find(&copies, salvage->directory) < 0)
		return -1;
	const struct copy *newest = copies_newest(&copies);
	if (newest == NULL)
		return 0;
	salvage->copy_file = copy_file(salvage->directory, newest->number);
	if (salvage->copy_file == NULL)
		return odm_fail(ODMI_MALLOC_ERR);
	if (sqlite3_open_v2(salvage->copy_file, &salvage->copy, SQLITE_OPEN_READONLY, NULL) ==
		SQLITE_OK)
		return 0;
	return odm_fail_sqlite(salvage->copy);
}

static int make_classes_of_copy(struct salvage *salvage)
{
	if (salvage->copy == NULL)
		return odm_fail(ODMI_INVALID_CLASS);
	if (make_classes(salvage->to, salvage->copy) < 0)
		return -1;
	foreign_printf(salvage->report,
		"the classes' definitions were lost; those of %s are used\n", salvage->copy_file);
	return 0;
}

/* Of the damaged file or, where those can't be read, of the newest copy. */
static int make_all_classes(struct salvage *salvage)
{
	struct repository made = {.database = salvage->to};

	if (repository_execute(&made, "SAVEPOINT classes") < 0)
		return -1;
	if (make_classes(salvage->to, salvage->from) == 0)
		return 0;
	if (odmerrno == ODMI_MALLOC_ERR || odmerrno == ODMI_NO_SPACE ||
		repository_execute(&made, "ROLLBACK TO classes") < 0)
		return -1;
	return make_classes_of_copy(salvage);
}

/* What the newest copy had says how many they were about. */
static void tell_unknown(const struct salvage *salvage, const char *table)
{
	AUTO(text_release) struct text sql = {0};
	AUTO_FINALIZE sqlite3_stmt *row = NULL;

	fprintf(salvage->report, "how many are lost is not known");
	text_printf(&sql, "SELECT count(*) FROM \"%s\"", table);
	if (salvage->copy != NULL && !sql.failed &&
		sqlite3_prepare_v2(salvage->copy, sql.data, -1, &row, NULL) == SQLITE_OK &&
		sqlite3_step(row) == SQLITE_ROW)
		foreign_printf(salvage->report, "; %s has %lld", salvage->copy_file,
			(long long)sqlite3_column_int64(row, 0));
	fputc('\n', salvage->report);
}

static int save_table(
	struct salvage *salvage, const char *table, const char *columns, const char *what)
{
	struct walk walk = {
		.from = salvage->from, .to = salvage->to, .table = table, .columns = columns};

	if (walk_table(&walk) < 0)
		return -1;
	salvage->saved += walk.saved;
	if (!walk.damaged)
		return 0;
	foreign_printf(salvage->report, "%s: %lld %s saved, ", table, walk.saved, what);
	if (walk.lost >= 0)
		fprintf(salvage->report, "%lld lost\n", walk.lost);
	else
		tell_unknown(salvage, table);
	salvage->lost += walk.lost >= 0 ? (long)walk.lost : 1;
	return 0;
}

static int save_class(struct salvage *salvage, const char *name)
{
	struct repository made = {.database = salvage->to};
	AUTO(text_release) struct text columns = {0};
	AUTO(release_symbol) CLASS_SYMBOL symbol = class_read(&made, name);

	if (symbol == NULL)
		return -1;
	text_append(&columns, "_id, ");
	class_append_columns(&columns, symbol);
	return columns.failed ? odm_fail(ODMI_MALLOC_ERR)
			      : save_table(salvage, name, columns.data, "objects");
}

static int save_classes(struct salvage *salvage)
{
	AUTO_FINALIZE sqlite3_stmt *names = NULL;
	struct repository made = {.database = salvage->to};
	int step;

	if (repository_prepare(&made, "SELECT name FROM odm_class ORDER BY name", &names) < 0)
		return -1;
	while ((step = sqlite3_step(names)) == SQLITE_ROW)
		if (save_class(salvage, (const char *)sqlite3_column_text(names, 0)) < 0)
			return -1;
	return step == SQLITE_DONE ? 0 : odm_fail_sqlite(salvage->to);
}

static int save_all(struct salvage *salvage)
{
	struct repository made = {.database = salvage->to};

	if (repository_execute(&made, "BEGIN") < 0 || make_all_classes(salvage) < 0 ||
		save_classes(salvage) < 0)
		return -1;
	/* That is nothing to begin with. */
	if (salvage->saved == 0)
		return odm_fail(ODMI_INVALID_CLASS);
	for (size_t i = 0; i < sizeof(own_tables) / sizeof(*own_tables); i++)
		if (save_table(salvage, own_tables[i].name, own_tables[i].columns, "entries") < 0)
			return -1;
	return repository_execute(&made, "COMMIT") < 0 ? -1 : format_check_file(salvage->to);
}

/* The new file is whole before the old one goes aside. */
static int put_in_place(struct salvage *salvage)
{
	AUTO_FREE char *file = NULL;

	if (asprintf(&file, "%s/odm.db", salvage->directory) < 0)
		return odm_fail(ODMI_MALLOC_ERR);
	if (sqlite3_close(salvage->to) != SQLITE_OK)
		return odm_fail_sqlite(salvage->to);
	salvage->to = NULL;
	if (backup_sync_file(salvage->output) < 0 ||
		backup_put_aside(salvage->directory, salvage->report) < 0)
		return -1;
	if (rename(salvage->output, file) < 0)
		return odm_fail_errno(errno, ODMI_CLASS_PERMS);
	return backup_sync_directory(file);
}

/* Nobody has the old file open here afterwards. */
static void forget_repository(const char *directory)
{
	for (struct repository *open = repository_list(); open != NULL; open = open->next)
		if (strcmp(open->directory, directory) == 0)
			changes_release(open);
	class_forget_all();
	repository_close(directory);
}

static int salvage_run(struct salvage *salvage)
{
	salvage->directory = repository_directory();
	if (salvage->directory == NULL ||
		asprintf(&salvage->input, "%s/salvage-odm.db", salvage->directory) < 0 ||
		asprintf(&salvage->output, "%s/salvaged-odm.db", salvage->directory) < 0)
		return odm_fail(ODMI_MALLOC_ERR);
	/* What was left here by a process that was killed. */
	remove_with_logs(salvage->input);
	remove_with_logs(salvage->output);
	forget_repository(salvage->directory);
	if (open_copy(salvage) < 0 || open_damaged(salvage) < 0 || open_new(salvage) < 0 ||
		save_all(salvage) < 0)
		return -1;
	return put_in_place(salvage);
}

LIBODM_API long odm_salvage(FILE *report)
{
	LIBRARY_LOCKED;
	if (report == NULL || nesting_level() > 0)
		return odm_fail(ODMI_PARAMS);
	AUTO(salvage_release) struct salvage salvage = {.report = report};

	if (salvage_run(&salvage) < 0) {
		int error = odmerrno;
		foreign_printf(report, "%s: nothing was saved: %s\n",
			salvage.directory != NULL ? salvage.directory : "", odm_error_text(error));
		return odm_fail(error);
	}
	fprintf(report, "%lld objects and entries of the history were saved\n", salvage.saved);
	return salvage.lost;
}
