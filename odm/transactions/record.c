/* Changes of any tables, recorded by a session of SQLite's: of classes as a whole, for example. */
#include "transactions/changes.h"
#include "transactions/transaction.h"

static int run_recorded(struct repository *repository, sqlite3_session *session,
	recorded_change *change, void *closure)
{
	void *bytes = NULL;
	int count;

	if (sqlite3session_attach(session, NULL) != SQLITE_OK)
		return odm_fail_sqlite(repository->database);
	if (change(repository, closure) < 0)
		return -1;
	if (sqlite3session_changeset(session, &count, &bytes) != SQLITE_OK)
		return odm_fail_sqlite(repository->database);
	changes_note_bytes(repository->changes, bytes, count);
	sqlite3_free(bytes);
	return 0;
}

int changes_record(struct repository *repository, recorded_change *change, void *closure)
{
	sqlite3_session *session = NULL;

	if (transaction_enter(repository) < 0)
		return -1;
	int result = sqlite3session_create(repository->database, "main", &session) == SQLITE_OK
			     ? run_recorded(repository, session, change, closure)
			     : odm_fail_sqlite(repository->database);
	if (session != NULL)
		sqlite3session_delete(session);
	return transaction_leave(repository, result == 0) < 0 ? -1 : result;
}
