/*
 * The smallest programs that do what a command does with a device that the kernel drives: one query
 * or commit, and the files below /sys. Nothing but the commit is written: the log is left as it is.
 * usage: smallest_kernel FILE DEVICE IDENTITY              prints what lsattr -El prints, and
 *                                                          reads what identifies the device
 *        smallest_kernel FILE DEVICE ATTRIBUTE VALUE PATH  writes one to the kernel and commits
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char listing[] = "SELECT p.attribute, coalesce(c.value, p.deflt), m.text,"
			      " CASE WHEN p.generic LIKE '%U%' THEN 'True' ELSE 'False' END,"
			      " '/sys/' || place.path || '/' || name.value || '/' || k.path, k.form"
			      " FROM CuDv d JOIN PdDv t ON t.uniquetype = d.PdDvLn"
			      " JOIN PdAt p ON p.uniquetype = d.PdDvLn"
			      " LEFT JOIN CuAt c ON c.name = d.name AND c.attribute = p.attribute"
			      " LEFT JOIN PdMsg m ON m.catalog = t.catalog AND m.setno = t.setno "
			      "AND m.msgno = p.nls_index"
			      " LEFT JOIN PdKern k ON k.uniquetype = d.PdDvLn"
			      " AND k.attribute = p.attribute"
			      " LEFT JOIN PdKern place ON place.uniquetype = d.PdDvLn"
			      " AND place.attribute = ''"
			      " LEFT JOIN CuAt name ON name.name = d.name"
			      " AND name.attribute = 'os_name'"
			      " WHERE d.name = ?1 AND p.generic LIKE '%D%' ORDER BY p.attribute";
static const char change[] = "UPDATE CuAt SET value = ?3 WHERE name = ?1 AND attribute = ?2";

/* What the kernel has: false when it has no such file. */
static int read_file(const char *path, const char *form, char *room, size_t size)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = file >= 0 ? read(file, room, size - 1) : -1;

	if (file >= 0)
		close(file);
	if (length < 0)
		return 0;
	room[length] = '\0';
	room[strcspn(room, "\n")] = '\0';
	char *open_bracket = strcmp(form, "choice") == 0 ? strchr(room, '[') : NULL;
	if (open_bracket != NULL) {
		open_bracket[strcspn(open_bracket, "]")] = '\0';
		memmove(room, open_bracket + 1, strlen(open_bracket));
	}
	return 1;
}

static int write_file(const char *path, const char *value)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);

	return file >= 0 && write(file, value, strlen(value)) == (ssize_t)strlen(value) &&
	       close(file) == 0;
}

static void print_row(sqlite3_stmt *row)
{
	const char *path = (const char *)sqlite3_column_text(row, 4);
	const char *value = (const char *)sqlite3_column_text(row, 1);
	char now[4096];

	if (path != NULL) {
		if (!read_file(path, (const char *)sqlite3_column_text(row, 5), now, sizeof(now)))
			return;
		value = now;
	}
	printf("%-16s %-24s %-40s %s\n", (const char *)sqlite3_column_text(row, 0), value,
		(const char *)sqlite3_column_text(row, 2),
		(const char *)sqlite3_column_text(row, 3));
}

int main(int argc, char **argv)
{
	sqlite3 *database;
	sqlite3_stmt *row;
	char identity[4096];

	if ((argc != 4 && argc != 6) || (argc == 6 && !write_file(argv[5], argv[4])) ||
		sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
		sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) !=
			SQLITE_OK ||
		sqlite3_exec(database, "PRAGMA synchronous = FULL", NULL, NULL, NULL) !=
			SQLITE_OK ||
		sqlite3_prepare_v2(database, argc == 4 ? listing : change, -1, &row, NULL) !=
			SQLITE_OK)
		return 1;
	if (argc == 4)
		read_file(argv[3], "text", identity, sizeof(identity));
	for (int i = 2; i < (argc == 4 ? 3 : 5); i++)
		sqlite3_bind_text(row, i - 1, argv[i], -1, SQLITE_STATIC);
	while (sqlite3_step(row) == SQLITE_ROW)
		print_row(row);
	sqlite3_finalize(row);
	if (argc == 6 && sqlite3_changes(database) != 1)
		return 1;
	return sqlite3_close(database) != SQLITE_OK;
}
