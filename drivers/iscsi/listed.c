/*
 * Targets that are listed by an administrator, and their CHAP secrets: the targets file, as AIX has
 * it, the attribute `target`, and the secret file. Secrets are read when a login needs one, by
 * files that nobody else may read, and kept nowhere.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "base/trust.h"
#include "iscsi/initiator.h"

#define LINE 1024 /* bytes */

/* A line of the targets file: address, port, name and, in quotes, a secret. */
struct listed {
	char portal[ISCSI_PORTAL];
	char name[ISCSI_NAME];
	char secret[ISCSI_SECRET];
};

/* A relative name is one below the root's directory of machine.cfg. */
static char *path_of(const char *file)
{
	return file[0] == '/' ? strdup(file) : root_path(ROOT_ETC, file);
}

/* Nobody else may write such a file; one with a secret nobody else may read. NULL with the reason,
 * which is empty when there is no file. */
static FILE *open_trusted(const char *file, bool secret, char reason[ISCSI_REASON])
{
	AUTO_FREE char *path = path_of(file);
	char why[TRUST_WHY] = "";
	struct stat status;

	reason[0] = '\0';
	if (path == NULL) {
		snprintf(reason, ISCSI_REASON, "there is not enough memory");
		return NULL;
	}
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return NULL;
	if (fd < 0 || fstat(fd, &status) < 0) {
		snprintf(reason, ISCSI_REASON, "%.90s: %s", path, strerror(errno));
		return NULL;
	}
	if (!S_ISREG(status.st_mode))
		snprintf(why, sizeof(why), "is no file");
	else if (file_trusted(&status, why) && secret && (status.st_mode & 077) != 0)
		snprintf(why, sizeof(why), "may be read by others: chmod 600");
	if (why[0] != '\0') {
		snprintf(reason, ISCSI_REASON, "%.90s %.60s", path, why);
		return NULL;
	}
	FILE *stream = fdopen(fd, "r");
	if (stream == NULL)
		snprintf(reason, ISCSI_REASON, "%.90s: %s", path, strerror(errno));
	else
		fd = -1;
	return stream;
}

/* The text between quotes at the end of a line; nothing without them. */
static bool take_quoted(const char *text, char *room, size_t size)
{
	const char *begin = strchr(text, '"');
	const char *end = begin != NULL ? strchr(begin + 1, '"') : NULL;

	room[0] = '\0';
	if (begin == NULL)
		return true;
	if (end == NULL || (size_t)(end - begin) > size)
		return false;
	memcpy(room, begin + 1, (size_t)(end - begin - 1));
	room[end - begin - 1] = '\0';
	return true;
}

static bool parse_line(const char *line, struct listed *listed)
{
	char address[ISCSI_PORTAL - 8], rest[LINE];
	unsigned port;
	int used = 0;

	if (sscanf(line, " %119s %u %223s %n", address, &port, listed->name, &used) != 3 ||
		port == 0 || port > 65535)
		return false;
	/* Of IPv6 the brackets tell where the port begins. */
	bool bare = strchr(address, ':') != NULL && address[0] != '[';
	snprintf(listed->portal, sizeof(listed->portal), "%s%s%s:%u", bare ? "[" : "", address,
		bare ? "]" : "", port);
	snprintf(rest, sizeof(rest), "%s", line + used);
	bool good = take_quoted(rest, listed->secret, sizeof(listed->secret));
	explicit_bzero(rest, sizeof(rest));
	return good;
}

/* A line with those that it goes on in, by a backslash at its end; false at the file's end. */
static bool read_line(FILE *stream, char line[LINE], unsigned *number)
{
	size_t used = 0;

	line[0] = '\0';
	while (used < LINE - 1 && fgets(line + used, (int)(LINE - used), stream) != NULL) {
		(*number)++;
		used = strcspn(line, "\r\n");
		line[used] = '\0';
		if (used == 0 || line[used - 1] != '\\')
			return true;
		line[--used] = ' ';
		used++;
	}
	return used > 0;
}

static bool is_blank(const char *line)
{
	while (isspace((unsigned char)*line))
		line++;
	return *line == '\0' || *line == '#';
}

/* Visits the lines of the targets file until `visit` is false. False with the reason. */
static bool visit_file(const struct settings *settings, bool secrets,
	bool (*visit)(const struct listed *listed, void *closure), void *closure,
	char reason[ISCSI_REASON])
{
	AUTO_FCLOSE FILE *stream = open_trusted(settings->file, secrets, reason);
	struct listed listed;
	char line[LINE];
	unsigned number = 0;
	bool good = true, more = true;

	if (stream == NULL)
		return reason[0] == '\0';
	while (good && more && read_line(stream, line, &number)) {
		if (is_blank(line))
			continue;
		good = parse_line(line, &listed);
		if (good)
			more = visit(&listed, closure);
		else
			snprintf(reason, ISCSI_REASON,
				"%.80s, line %u: not ADDRESS PORT TARGET [\"SECRET\"]",
				settings->file, number);
	}
	explicit_bzero(line, sizeof(line));
	explicit_bzero(&listed, sizeof(listed));
	return good;
}

struct visitor {
	bool (*visit)(const char *name, const char *portal, void *closure);
	void *closure;
};

static bool show(const struct listed *listed, void *closure)
{
	const struct visitor *visitor = closure;

	return visitor->visit(listed->name, listed->portal, visitor->closure);
}

/* The values of the attribute: NAME@ADDRESS:PORT, one a line of the DDS. */
static bool visit_attribute(const struct settings *settings,
	bool (*visit)(const char *name, const char *portal, void *closure), void *closure,
	char reason[ISCSI_REASON])
{
	static const char key[] = "target=";
	char name[ISCSI_NAME], portal[ISCSI_PORTAL];

	for (const char *line = settings->dds->text; line != NULL && *line != '\0';
		line = (line = strchr(line, '\n')) != NULL ? line + 1 : NULL) {
		if (strncmp(line, key, strlen(key)) != 0 || line[strlen(key)] == '\n' ||
			line[strlen(key)] == '\0')
			continue;
		if (sscanf(line + strlen(key), "%223[^@\n]@%127[^\n]", name, portal) != 2) {
			snprintf(reason, ISCSI_REASON, "attribute target: not NAME@ADDRESS:PORT");
			return false;
		}
		if (!visit(name, portal, closure))
			return true;
	}
	return true;
}

bool listed_targets(const struct settings *settings,
	bool (*visit)(const char *name, const char *portal, void *closure), void *closure,
	char reason[ISCSI_REASON])
{
	struct visitor visitor = {visit, closure};

	reason[0] = '\0';
	return settings->file_policy ? visit_file(settings, false, show, &visitor, reason)
				     : visit_attribute(settings, visit, closure, reason);
}

struct search {
	const char *target;
	char *room;
};

static bool take_secret(const struct listed *listed, void *closure)
{
	struct search *search = closure;

	if (strcmp(listed->name, search->target) != 0 || listed->secret[0] == '\0')
		return true;
	memcpy(search->room, listed->secret, sizeof(listed->secret));
	return false;
}

/* The first line of the secret file. */
static int read_secret_file(
	const struct settings *settings, char room[ISCSI_SECRET], char reason[ISCSI_REASON])
{
	AUTO_FCLOSE FILE *stream = open_trusted(settings->secret_file, true, reason);

	if (stream == NULL) {
		if (reason[0] == '\0')
			snprintf(reason, ISCSI_REASON, "secret_file %.100s is not there",
				settings->secret_file);
		return -1;
	}
	setvbuf(stream, NULL, _IONBF, 0);
	if (fgets(room, ISCSI_SECRET, stream) == NULL)
		room[0] = '\0';
	room[strcspn(room, "\r\n")] = '\0';
	if (room[0] != '\0')
		return (int)strlen(room);
	snprintf(reason, ISCSI_REASON, "secret_file %.100s is empty", settings->secret_file);
	return -1;
}

int secret_read(const struct settings *settings, const char *target, char room[ISCSI_SECRET],
	char reason[ISCSI_REASON])
{
	struct search search = {target, room};

	room[0] = '\0';
	if (settings->file_policy && !visit_file(settings, false, take_secret, &search, reason))
		return -1;
	/* Once more, by a file that only its owner may read. */
	if (room[0] != '\0' && !visit_file(settings, true, take_secret, &search, reason))
		return -1;
	if (room[0] != '\0')
		return (int)strlen(room);
	return settings->secret_file[0] != '\0' ? read_secret_file(settings, room, reason) : 0;
}
