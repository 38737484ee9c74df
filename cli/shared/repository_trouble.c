/* Sentences on a repository that can't be used, by odmerrno, and who may lock it. */
#include "repository_trouble.h"

#include <glob.h>
#include <odmx.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "base/paths.h"
#include "base/process.h"
#include "cfgmethods/contents.h"
#include "cfgmethods/method.h"

/* The first directory of the path, to be freed. */
static char *first_directory(void)
{
	const char *named = getenv("ODMDIR");

	return named != NULL && *named != '\0' ? strdup(named) : root_path(ROOT_OBJREPOS, NULL);
}

/* Who may is a matter of the file's owner and mode, or of the directories above it. */
static char *who_may(const char *directory)
{
	char user[64], owner[64] = "";
	struct stat status;
	AUTO_FREE char *file = NULL;
	char *sentence = NULL;

	user_name(geteuid(), user, sizeof(user));
	if (asprintf(&file, "%s/odm.db", directory) < 0)
		return NULL;
	bool seen = stat(file, &status) == 0;
	if (seen)
		user_name(status.st_uid, owner, sizeof(owner));
	int length =
		seen ? asprintf(&sentence,
			       "user %s may not read %s, which belongs to %s and has mode %04o",
			       user, file, owner, status.st_mode & 07777u)
		     : asprintf(&sentence, "user %s may not read %s", user, file);
	return length < 0 ? NULL : sentence;
}

/* The number of a file that this library can't read is not known. */
static char *newer_trouble(const char *directory)
{
	char *sentence = NULL;
	int version;
	int length =
		contents_look(&version) == CONTENTS_NEWER
			? asprintf(&sentence,
				  "%s/odm.db was written by a newer version than this one, with "
				  "number %d where this one's is %d; it is left as it is: use the "
				  "newer one",
				  directory, version, CONTENTS_VERSION)
			: asprintf(&sentence,
				  "%s/odm.db was written by a newer version than this one, which "
				  "leaves it as it is; use the newer one",
				  directory);

	return length < 0 ? NULL : sentence;
}

static char *older_trouble(const char *directory)
{
	char *sentence = NULL;
	int version = 0;

	contents_look(&version);
	int length = asprintf(&sentence,
		"%s/odm.db was written by an older version, with number %d where this one's is %d; "
		"odmcfg init upgrades it and keeps what is customized",
		directory, version, CONTENTS_VERSION);
	return length < 0 ? NULL : sentence;
}

struct newest {
	char *file;
	long long time;
};

static int take_good(const struct odm_copy *copy, void *closure)
{
	struct newest *newest = closure;

	if (!copy->good)
		return 0;
	newest->file = strdup(copy->file);
	newest->time = copy->time;
	return newest->file != NULL ? 1 : -1;
}

char *repository_newest_copy(long long *time)
{
	struct newest newest = {0};
	int error = odmerrno, found = odm_copies(take_good, &newest);

	odmerrno = error;
	*time = newest.time;
	return found == 1 ? newest.file : NULL;
}

void copy_date(long long time, char date[COPY_DATE])
{
	time_t seconds = (time_t)time;
	struct tm parts;

	if (localtime_r(&seconds, &parts) == NULL ||
		strftime(date, COPY_DATE, "%Y-%m-%d %H:%M:%S", &parts) == 0)
		strcpy(date, "?");
}

/* What was put aside as damaged, to be freed; NULL when nothing was. */
static char *put_aside(const char *directory)
{
	AUTO_FREE char *pattern = NULL;
	AUTO(globfree) glob_t files = {0};

	if (asprintf(&pattern, "%s/damaged-odm*.db", directory) < 0 ||
		glob(pattern, 0, NULL, &files) != 0)
		return NULL;
	return strdup(files.gl_pathv[0]);
}

/* Nobody is told to begin anew who has a copy, or what is damaged. */
static char *missing_trouble(const char *directory)
{
	AUTO_FREE char *damaged = put_aside(directory);
	char *sentence = NULL, date[COPY_DATE];
	int length;
	long long time;
	AUTO_FREE char *copy = repository_newest_copy(&time);

	copy_date(time, date);
	if (copy != NULL)
		length = asprintf(&sentence,
			"there is no device database in %s; its newest good copy is of %s, %s; "
			"odmcfg restore --newest puts it there",
			directory, date, copy);
	else if (damaged != NULL)
		length = asprintf(&sentence,
			"there is no device database in %s, only what was damaged, %s; odmcfg "
			"restore FILE puts a backup there",
			directory, damaged);
	else
		length = asprintf(&sentence,
			"there is no device database in %s; odmcfg init makes one", directory);
	return length < 0 ? NULL : sentence;
}

char *repository_damage(void)
{
	AUTO_FREE char *directory = first_directory();
	char *sentence = NULL, date[COPY_DATE];
	long long time;
	AUTO_FREE char *copy = repository_newest_copy(&time);

	if (directory == NULL)
		return NULL;
	copy_date(time, date);
	int length =
		copy != NULL
			? asprintf(&sentence,
				  "%s/odm.db is damaged or no repository; the newest good copy is "
				  "of %s, %s; odmcfg restore --newest puts it in its place and "
				  "keeps what is there",
				  directory, date, copy)
			: asprintf(&sentence,
				  "%s/odm.db is damaged or no repository, and there is no good "
				  "copy beside it; odmcfg restore FILE puts a backup in its place "
				  "and keeps what is there",
				  directory);
	return length < 0 ? NULL : sentence;
}

char *repository_trouble(void)
{
	int code = odmerrno, length;
	char *sentence = NULL;
	AUTO_FREE char *directory = first_directory();

	if (directory == NULL)
		return NULL;
	switch (code) {
	case ODMI_CLASS_DNE:
	case ODMI_INVALID_PATH:
		return missing_trouble(directory);
	case ODMI_INVALID_CLASS:
		return repository_damage();
	case ODMI_VERSION_ERROR:
		return newer_trouble(directory);
	case ODMI_OLD_VERSION:
		return older_trouble(directory);
	case ODMI_CLASS_PERMS:
		return who_may(directory);
	default:
		length = asprintf(&sentence, "the repository can't be used: %s: %s",
			odm_error_text(code), directory);
	}
	return length < 0 ? NULL : sentence;
}

void repository_trouble_message(void)
{
	AUTO_FREE char *sentence = repository_trouble();

	message("%s", sentence != NULL ? sentence : odm_error_text(ODMI_MALLOC_ERR));
}

bool repository_version_fits(bool changes)
{
	int version;
	enum contents_age age = contents_look(&version);

	if (age != CONTENTS_OLDER && age != CONTENTS_NEWER)
		return true;
	odmerrno = age == CONTENTS_OLDER ? ODMI_OLD_VERSION : ODMI_VERSION_ERROR;
	repository_trouble_message();
	return age == CONTENTS_OLDER && !changes;
}

/* The directory's owner may, whom the lock's file belongs to. */
static void tell_who_configures(void)
{
	AUTO_FREE char *directory = root_path(ROOT_OBJREPOS, NULL);
	char user[64], owner[64];
	struct stat status;

	user_name(geteuid(), user, sizeof(user));
	if (directory == NULL || stat(directory, &status) < 0) {
		message("user %s may not configure devices", user);
		return;
	}
	user_name(status.st_uid, owner, sizeof(owner));
	message("user %s may not configure devices: only %s, whom %s belongs to, may", user, owner,
		directory);
}

bool lock_configuration(void)
{
	if (configuration_lock() >= 0)
		return true;
	if (odmerrno == ODMI_CLASS_PERMS)
		tell_who_configures();
	else
		message("the configuration lock can't be taken: %s", odm_error_text(odmerrno));
	return false;
}
