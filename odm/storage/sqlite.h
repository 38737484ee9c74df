/* SQLite's interface as all of libodm has it, with the session extension's declarations; any floor.
 */
#pragma once

#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1

#include <sqlite3.h>

#include "base/cleanup.h"

void auto_finalize(sqlite3_stmt **statement);
#define AUTO_FINALIZE AUTO(auto_finalize)
void auto_database(sqlite3 **database);
#define AUTO_DATABASE AUTO(auto_database)
