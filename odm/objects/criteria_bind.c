/* Compiled criteria: their values given to a statement, and freed. */
#include <stdlib.h>

#include "objects/objects.h"

static int bind_value(const struct criterion_value *value, sqlite3_stmt *statement, int parameter)
{
	switch (value->type) {
	case SQLITE_INTEGER:
		return sqlite3_bind_int64(statement, parameter, value->integer);
	case SQLITE_FLOAT:
		return sqlite3_bind_double(statement, parameter, value->real);
	case SQLITE_BLOB:
		return sqlite3_bind_blob(
			statement, parameter, value->string, (int)value->length, SQLITE_TRANSIENT);
	default:
		return sqlite3_bind_text(
			statement, parameter, value->string, (int)value->length, SQLITE_TRANSIENT);
	}
}

int criteria_bind(const struct criteria *criteria, sqlite3_stmt *statement)
{
	for (int i = 0; i < criteria->count; i++)
		if (bind_value(&criteria->values[i], statement, i + 1) != SQLITE_OK)
			return -1;
	return 0;
}

void criteria_release(struct criteria *criteria)
{
	for (int i = 0; i < criteria->count; i++)
		free(criteria->values[i].string);
	free(criteria->values);
	text_release(&criteria->where);
}
