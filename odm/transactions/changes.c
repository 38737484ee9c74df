/*
 * What a transaction changes, noted for the history as change sets of SQLite's session extension.
 * The library writes the records itself, because it has both values at hand when it writes an
 * object: a recording session reads every row a second time, and costs as much as the insertion.
 */
#include "transactions/changes.h"

#include <odmx.h>
#include <stdlib.h>
#include <string.h>

#include "objects/objects.h"

/* The format: "Changeset Format" in sqlite3session.h's documentation. */
static void append_varint(struct text *text, size_t number)
{
	unsigned char bytes[10];
	int first = sizeof(bytes);

	bytes[--first] = number & 0x7f;
	while ((number >>= 7) != 0)
		bytes[--first] = (unsigned char)(0x80 | (number & 0x7f));
	text_append_bytes(text, bytes + first, sizeof(bytes) - (size_t)first);
}

static void append_integer(struct text *text, long long number)
{
	unsigned char bytes[9] = {SQLITE_INTEGER};

	for (int i = 0; i < 8; i++)
		bytes[8 - i] = (unsigned char)((unsigned long long)number >> (8 * i));
	text_append_bytes(text, bytes, sizeof(bytes));
}

static void append_bytes(struct text *text, int type, const void *bytes, int length)
{
	text_append_char(text, (char)type);
	append_varint(text, (size_t)length);
	text_append_bytes(text, bytes, (size_t)length);
}

static void append_member(struct text *text, const struct ClassElem *elem, const void *object)
{
	struct member_value value = member_value(elem, object);

	if (value.type == SQLITE_INTEGER)
		append_integer(text, value.integer);
	else
		append_bytes(text, value.type, value.bytes, value.length);
}

static void append_column(struct text *text, sqlite3_stmt *row, int column)
{
	int type = sqlite3_column_type(row, column);

	if (type == SQLITE_INTEGER) {
		append_integer(text, sqlite3_column_int64(row, column));
		return;
	}
	const void *bytes = sqlite3_column_blob(row, column);
	append_bytes(text, type, bytes, sqlite3_column_bytes(row, column));
}

/* odm_pause_history. */
static _Thread_local bool paused;

LIBODM_API int odm_pause_history(int pause)
{
	bool before = paused;

	paused = pause != 0;
	return before;
}

/* The next record begins with its table's header. */
static void forget_table(struct changes *changes)
{
	free(changes->table);
	changes->table = NULL;
}

void changes_truncate(struct changes *changes, size_t length)
{
	forget_table(changes);
	if (changes->bytes.length > length)
		changes->bytes.length = length;
}

void changes_clear(struct changes *changes)
{
	forget_table(changes);
	text_clear(&changes->bytes);
	changes->kinds = 0;
	changes->count = 0;
}

/* The table's header, when the last record was another's, and the head of a record. */
static void append_head(struct changes *changes, CLASS_SYMBOL symbol, int operation)
{
	struct text *text = &changes->bytes;

	if (changes->table == NULL || strcmp(changes->table, symbol->classname) != 0) {
		text_append_char(text, 'T');
		append_varint(text, (size_t)symbol->nelem + 1);
		text_append_char(text, 1);
		for (int i = 0; i < symbol->nelem; i++)
			text_append_char(text, 0);
		text_append_bytes(text, symbol->classname, strlen(symbol->classname) + 1);
		forget_table(changes);
		changes->table = strdup(symbol->classname);
	}
	text_append_char(text, (char)operation);
	text_append_char(text, 0);
	changes->kinds |= 1U << operation;
	changes->count++;
}

void changes_note_add(
	struct changes *changes, CLASS_SYMBOL symbol, sqlite3_int64 id, const void *object)
{
	if (paused)
		return;
	append_head(changes, symbol, SQLITE_INSERT);
	append_integer(&changes->bytes, id);
	for (int i = 0; i < symbol->nelem; i++)
		append_member(&changes->bytes, &symbol->elem[i], object);
}

void changes_note_change(struct changes *changes, CLASS_SYMBOL symbol, sqlite3_stmt *row,
	const void *object, const char *columns)
{
	struct text *text = &changes->bytes;

	if (paused)
		return;
	append_head(changes, symbol, SQLITE_UPDATE);
	append_integer(text, sqlite3_column_int64(row, 0));
	for (int i = 0; i < symbol->nelem; i++)
		if (columns[i])
			append_column(text, row, i + 1);
		else
			text_append_char(text, 0);
	text_append_char(text, 0);
	for (int i = 0; i < symbol->nelem; i++)
		if (columns[i])
			append_member(text, &symbol->elem[i], object);
		else
			text_append_char(text, 0);
}

void changes_note_delete(struct changes *changes, CLASS_SYMBOL symbol, sqlite3_stmt *row)
{
	if (paused)
		return;
	append_head(changes, symbol, SQLITE_DELETE);
	for (int i = 0; i <= symbol->nelem; i++)
		append_column(&changes->bytes, row, i);
}

void changes_note_bytes(struct changes *changes, const void *bytes, int count)
{
	if (paused)
		return;
	forget_table(changes);
	text_append_bytes(&changes->bytes, bytes, (size_t)count);
	changes->kinds |= 1U << SQLITE_UPDATE;
	changes->count += 2;
}

void changes_mark(struct changes *changes, int level)
{
	changes->marks[level] = changes->bytes.length;
	forget_table(changes);
}

void changes_end_entry(struct changes *changes)
{
	changes_clear(changes);
	changes->chunks = 0;
	changes->entry = changes->undoes = changes->across = 0;
}

/* The outermost level is the transaction itself. */
void changes_forget(struct changes *changes, int level)
{
	if (level > 0) {
		changes_truncate(changes, changes->marks[level]);
		return;
	}
	changes_end_entry(changes);
	changes->bytes.failed = false;
}

bool changes_any(const struct repository *repository)
{
	const struct changes *changes = repository->changes;

	return changes != NULL && (changes->bytes.length > 0 || changes->chunks > 0);
}

int changes_prepare(struct repository *repository)
{
	if (repository->changes == NULL)
		repository->changes = calloc(1, sizeof(*repository->changes));
	return repository->changes != NULL ? 0 : odm_fail(ODMI_MALLOC_ERR);
}

void changes_release(struct repository *repository)
{
	struct changes *changes = repository->changes;

	if (changes == NULL)
		return;
	sqlite3_finalize(changes->insert);
	text_release(&changes->bytes);
	free(changes->table);
	free(changes);
	repository->changes = NULL;
}
