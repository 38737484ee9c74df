/* cfgmgr -i: device types that a folder has and the predefined database has not are loaded. */
#include "missing_types.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "cfgmethods/schema.h"

/* Paths of a folder's files. */
struct files {
	char **paths;
	int count;
};

static void files_release(struct files *files)
{
	for (int i = 0; i < files->count; i++)
		free(files->paths[i]);
	free(files->paths);
}

static int is_schema_file(const struct dirent *entry)
{
	const char *end = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && end != NULL && strcmp(end, ".cfg") == 0;
}

/* The schema files of a folder, sorted. False with a message. */
static bool list_files(const char *directory, struct files *files)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, is_schema_file, alphasort);
	bool ok = true;

	if (count < 0) {
		message("-i %s: the folder can't be read: %s", directory, strerror(errno));
		return false;
	}
	files->paths = calloc((size_t)count + 1, sizeof(*files->paths));
	for (int i = 0; i < count; i++) {
		char *path = NULL;
		ok = ok && files->paths != NULL &&
		     asprintf(&path, "%s/%s", directory, entries[i]->d_name) >= 0;
		if (ok)
			files->paths[files->count++] = path;
		free(entries[i]);
	}
	free(entries);
	if (!ok || files->paths == NULL)
		message("there is not enough memory");
	return ok && files->paths != NULL;
}

bool missing_types_load(const char *directory, bool tells)
{
	AUTO(files_release) struct files files = {0};
	int loaded;

	if (!list_files(directory, &files))
		return false;
	AUTO_FREE char *mistakes = schema_load_missing(files.paths, (size_t)files.count, &loaded);
	char *rest = mistakes;
	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n"))
		message("%s", line);
	if (mistakes == NULL && tells)
		printf("%d device types loaded from %s\n", loaded, directory);
	return mistakes == NULL;
}
