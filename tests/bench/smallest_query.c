/* The smallest program that prints a device by name: usage: smallest_query FILE NAME */
#include <sqlite3.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	sqlite3 *database;
	sqlite3_stmt *row;

	if (argc != 3 ||
		sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
		sqlite3_prepare_v2(database, "SELECT * FROM CuDv WHERE name = ?1", -1, &row,
			NULL) != SQLITE_OK)
		return 1;
	sqlite3_bind_text(row, 1, argv[2], -1, SQLITE_STATIC);
	while (sqlite3_step(row) == SQLITE_ROW)
		for (int i = 1; i < sqlite3_column_count(row); i++)
			printf("\t%s = %s\n", sqlite3_column_name(row, i),
				(const char *)sqlite3_column_text(row, i));
	sqlite3_finalize(row);
	return sqlite3_close(database) != SQLITE_OK;
}
