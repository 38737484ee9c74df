/*
 * The smallest programs that do what a device command does with the file alone.
 * usage: smallest_listing FILE DEVICE             prints the attributes that lsattr -El prints
 *        smallest_listing FILE DEVICE ATTRIBUTE VALUE   changes one in a commit
 */
#include <sqlite3.h>
#include <stdio.h>

static const char listing[] = "SELECT p.attribute, coalesce(c.value, p.deflt), m.text,"
			      " CASE WHEN p.generic LIKE '%U%' THEN 'True' ELSE 'False' END"
			      " FROM CuDv d JOIN PdDv t ON t.uniquetype = d.PdDvLn"
			      " JOIN PdAt p ON p.uniquetype = d.PdDvLn"
			      " LEFT JOIN CuAt c ON c.name = d.name AND c.attribute = p.attribute"
			      " LEFT JOIN PdMsg m ON m.catalog = t.catalog AND m.setno = t.setno "
			      "AND m.msgno = p.nls_index"
			      " WHERE d.name = ?1 ORDER BY p.attribute";
static const char change[] = "UPDATE CuAt SET value = ?3 WHERE name = ?1 AND attribute = ?2";

int main(int argc, char **argv)
{
	sqlite3 *database;
	sqlite3_stmt *row;

	if ((argc != 3 && argc != 5) ||
		sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
		sqlite3_exec(database, "PRAGMA synchronous = FULL", NULL, NULL, NULL) !=
			SQLITE_OK ||
		sqlite3_prepare_v2(database, argc == 3 ? listing : change, -1, &row, NULL) !=
			SQLITE_OK)
		return 1;
	for (int i = 2; i < argc; i++)
		sqlite3_bind_text(row, i - 1, argv[i], -1, SQLITE_STATIC);
	while (sqlite3_step(row) == SQLITE_ROW)
		printf("%-16s %-24s %-40s %s\n", (const char *)sqlite3_column_text(row, 0),
			(const char *)sqlite3_column_text(row, 1),
			(const char *)sqlite3_column_text(row, 2),
			(const char *)sqlite3_column_text(row, 3));
	sqlite3_finalize(row);
	return sqlite3_close(database) != SQLITE_OK;
}
