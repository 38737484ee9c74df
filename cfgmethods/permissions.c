/* file_owner and file_mode, read and checked. */
#include "permissions.h"

#include <ctype.h>
#include <grp.h>
#include <pwd.h>

#define USUAL_MODE 0660
#define NAME_ROOM 64

static bool refuse(
	struct dds_source *source, const char *attribute, const char *value, const char *why)
{
	source->code = method_fail(source->output, E_BADATTR, "%s=%s of %s: %s.", attribute, value,
		source->device->cudv.name, why);
	return false;
}

/* The number that a text is, or -1. */
static long number_of(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);

	return isdigit((unsigned char)*text) && *end == '\0' ? number : -1;
}

/* From the files themselves: the commands are linked statically, without the name services. */
static bool find_user(const char *name, uid_t *uid)
{
	long number = number_of(name);
	AUTO_FCLOSE FILE *file = fopen("/etc/passwd", "re");

	for (const struct passwd *user = file != NULL ? fgetpwent(file) : NULL;
		user != NULL && number < 0; user = fgetpwent(file))
		if (strcmp(user->pw_name, name) == 0)
			number = user->pw_uid;
	*uid = (uid_t)number;
	return number >= 0;
}

static bool find_group(const char *name, gid_t *gid)
{
	long number = number_of(name);
	AUTO_FCLOSE FILE *file = fopen("/etc/group", "re");

	for (const struct group *group = file != NULL ? fgetgrent(file) : NULL;
		group != NULL && number < 0; group = fgetgrent(file))
		if (strcmp(group->gr_name, name) == 0)
			number = group->gr_gid;
	*gid = (gid_t)number;
	return number >= 0;
}

static bool read_owner(struct dds_source *source, struct permissions *permissions)
{
	char value[NAME_ROOM] = "", user[NAME_ROOM];

	source_copy(source, DDS_OWN, "file_owner", value, sizeof(value));
	if (source->code != E_OK)
		return false;
	strcpy(user, value);
	char *group = strchr(user, ':');
	if (group != NULL)
		*group++ = '\0';
	if (*user != '\0' && !find_user(user, &permissions->owner))
		return refuse(source, "file_owner", value, "there is no such user");
	if (group != NULL && !find_group(group, &permissions->group))
		return refuse(source, "file_owner", value, "there is no such group");
	return true;
}

static bool read_mode(struct dds_source *source, struct permissions *permissions)
{
	char value[NAME_ROOM] = "", *end;

	source_copy(source, DDS_OWN, "file_mode", value, sizeof(value));
	if (source->code != E_OK)
		return false;
	unsigned long mode = strtoul(value, &end, 8);
	if (!isdigit((unsigned char)value[0]) || *end != '\0' || mode > 0777)
		return refuse(source, "file_mode", value, "not an octal mode from 0 to 0777");
	permissions->mode = (mode_t)mode;
	return true;
}

bool permissions_read(struct dds_source *source, struct permissions *permissions)
{
	const struct attribute_set *attributes = source_attributes(source, DDS_OWN);

	*permissions =
		(struct permissions){.mode = USUAL_MODE, .owner = (uid_t)-1, .group = (gid_t)-1};
	if (attributes == NULL)
		return false;
	if (attribute_set_predefined(attributes, "file_mode") == NULL)
		return true;
	return read_owner(source, permissions) && read_mode(source, permissions);
}
