/* A profile of tuned with those that it includes, and with its variables worked out. */
#include "tuned_profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "base/text.h"

#define VARIABLES "variables"

/* How many may include each other, and how deep variables may be in variables. */
#define MAXIMUM_DEPTH 16

/* The profile that is put together. */
struct reading {
	struct ini_file *profile;
	struct wishes *wishes;
};

static bool no_memory(void)
{
	message("there is not enough memory");
	return false;
}

/* The last of a name, NULL for none. */
static const struct ini_setting *find_variable(
	const struct ini_file *profile, const char *name, size_t length)
{
	const struct ini_setting *found = NULL;

	for (int i = 0; i < profile->count; i++) {
		const struct ini_setting *setting = &profile->settings[i];
		if (strcmp(setting->section, VARIABLES) == 0 &&
			strncmp(setting->key, name, length) == 0 && setting->key[length] == '\0')
			found = setting;
	}
	return found;
}

/* NULL, or why it can't be worked out. */
static const char *expand(
	const struct ini_file *profile, const char *value, struct text *text, int depth)
{
	while (*value != '\0') {
		size_t plain = strcspn(value, "$");
		text_append_bytes(text, value, plain);
		value += plain;
		if (*value == '\0')
			break;
		const char *end = value[1] == '{' ? strchr(value, '}') : NULL;
		if (end == NULL) {
			text_append_char(text, *value++);
			continue;
		}
		const char *name = value + 2;
		if (memchr(name, ':', (size_t)(end - name)) != NULL)
			return "a function is tuned's own to work out";
		const struct ini_setting *variable =
			find_variable(profile, name, (size_t)(end - name));
		if (variable == NULL)
			return "it has a variable that the profile does not set";
		if (depth == MAXIMUM_DEPTH)
			return "its variables are made of each other";
		const char *why = expand(profile, variable->value, text, depth + 1);
		if (why != NULL)
			return why;
		value = end + 1;
	}
	return NULL;
}

char *tuned_value(const struct ini_file *profile, const char *value, const char **why)
{
	AUTO(text_release) struct text text = {0};

	*why = expand(profile, value, &text, 0);
	if (*why != NULL)
		return NULL;
	char *taken = text_take(&text);
	if (taken == NULL)
		no_memory();
	return taken;
}

bool tuned_is_overridden(const struct ini_file *profile, int place)
{
	const struct ini_setting *setting = &profile->settings[place];

	for (int i = place + 1; i < profile->count; i++)
		if (strcmp(profile->settings[i].section, setting->section) == 0 &&
			strcmp(profile->settings[i].key, setting->key) == 0)
			return true;
	return false;
}

static void leave(const struct reading *reading, const struct ini_setting *setting, const char *why)
{
	wishes_leave(reading->wishes, "%s:%d: [%s] %s: %s: %s", setting->path, setting->line,
		setting->section, setting->key, setting->value, why);
}

/* Whether settings of a file are there or being read: one may include its namesake elsewhere. */
struct chain {
	const struct chain *outer;
	const char *path; /* for messages */
	const char *file; /* with links and .. followed */
};

static bool is_in_chain(const struct chain *chain, const char *file)
{
	for (; chain != NULL; chain = chain->outer)
		if (strcmp(chain->file, file) == 0)
			return true;
	return false;
}

/* The file of a profile that is included, to be freed; NULL for none. */
static char *find_profile(const struct chain *chain, const char *name)
{
	static const char *const folders[] = {"/etc/tuned", "/etc/tuned/profiles", NULL,
		"/usr/lib/tuned", "/usr/lib/tuned/profiles"};
	const char *slash = strrchr(chain->path, '/');
	int length = slash != NULL ? (int)(slash - chain->path) : 0;
	AUTO_FREE char *beside = NULL;

	if (asprintf(&beside, "%.*s/..", slash != NULL ? length : 1,
		    slash != NULL ? chain->path : ".") < 0)
		return NULL;
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		AUTO_FREE char *path = NULL;
		if (asprintf(&path, "%s/%s/tuned.conf", folders[i] != NULL ? folders[i] : beside,
			    name) < 0) {
			path = NULL;
			return NULL;
		}
		AUTO_FREE char *file = realpath(path, NULL);
		if (file != NULL && !is_in_chain(chain, file))
			return TAKE(file);
	}
	return NULL;
}

static bool read_profile(struct reading *reading, const struct chain *chain);

/* The profiles of a list, as "include=one,other", one after the other. */
static bool read_included(struct reading *reading, const struct chain *chain,
	const struct ini_setting *setting, const char *list)
{
	AUTO_FREE char *copy = strdup(list);
	char *rest = copy;
	int depth = 0;

	for (const struct chain *link = chain; link != NULL; link = link->outer)
		depth++;
	for (char *name = strsep(&rest, ", \t"); name != NULL; name = strsep(&rest, ", \t")) {
		if (*name == '\0')
			continue;
		AUTO_FREE char *path = depth < MAXIMUM_DEPTH && strchr(name, '/') == NULL
					       ? find_profile(chain, name)
					       : NULL;
		const struct chain inner = {chain, path, path};
		if (path == NULL)
			leave(reading, setting, "there is no such profile where tuned has them");
		else if (!read_profile(reading, &inner))
			return false;
	}
	return copy != NULL || no_memory();
}

/* Variables of other files come before those of the profile itself. */
static bool read_variables(struct reading *reading, const struct ini_setting *setting,
	const char *list, struct ini_file *variables)
{
	AUTO_FREE char *copy = strdup(list);
	char *rest = copy;

	for (char *path = strsep(&rest, ",;"); path != NULL; path = strsep(&rest, ",;")) {
		path += strspn(path, " \t");
		if (access(path, R_OK) < 0)
			leave(reading, setting, "the file can't be read");
		else if (!ini_file_read(path, VARIABLES, variables))
			return false;
	}
	return copy != NULL || no_memory();
}

/* What the file includes, in front of what it has itself. */
static bool follow_includes(struct reading *reading, const struct chain *chain,
	const struct ini_file *own, struct ini_file *variables)
{
	for (int i = 0; i < own->count; i++) {
		const struct ini_setting *setting = &own->settings[i];
		bool of_variables = strcmp(setting->section, VARIABLES) == 0;
		const char *why;
		if (strcmp(setting->key, "include") != 0 ||
			(!of_variables && strcmp(setting->section, "main") != 0))
			continue;
		AUTO_FREE char *value = tuned_value(own, setting->value, &why);
		if (value == NULL && why == NULL)
			return false;
		if (value == NULL)
			leave(reading, setting, why);
		else if (of_variables ? !read_variables(reading, setting, value, variables)
				      : !read_included(reading, chain, setting, value))
			return false;
	}
	return true;
}

/* A section that replaces leaves nothing of what those before it had in theirs. */
static void drop_replaced(struct reading *reading, const struct ini_file *own)
{
	for (int i = 0; i < own->count; i++)
		if (strcmp(own->settings[i].key, "replace") == 0 &&
			strpbrk(own->settings[i].value, "1tTyY") == own->settings[i].value)
			ini_file_drop(reading->profile, own->settings[i].section);
}

static bool read_profile(struct reading *reading, const struct chain *chain)
{
	AUTO(ini_file_release) struct ini_file own = {0};
	AUTO(ini_file_release) struct ini_file variables = {0};

	if (!ini_file_read(chain->path, NULL, &own) ||
		!follow_includes(reading, chain, &own, &variables))
		return false;
	drop_replaced(reading, &own);
	return ini_file_append(reading->profile, &variables) &&
	       ini_file_append(reading->profile, &own);
}

bool tuned_profile_read(const char *path, struct ini_file *profile, struct wishes *wishes)
{
	struct reading reading = {profile, wishes};
	AUTO_FREE char *file = realpath(path, NULL);
	const struct chain chain = {NULL, path, file != NULL ? file : path};

	return read_profile(&reading, &chain);
}
