"""usage: dump.py odm.db >build.sql: a repository as SQL that makes it again."""
import sqlite3
import sys

database = sqlite3.connect(sys.argv[1])
for pragma in "application_id", "user_version":
    print(f"PRAGMA {pragma} = {database.execute(f'PRAGMA {pragma}').fetchone()[0]};")
for line in database.iterdump():
    print(line)
