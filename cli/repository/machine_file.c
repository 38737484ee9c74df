/* Compares, keeps and replaces etc/machine.cfg. */
#include "machine_file.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <libconfig.h>
#include <string.h>
#include <sys/stat.h>

#include "base/foreign.h"
#include "base/message.h"
#include "base/root_file.h"
#include "base/text.h"

#define NAME "machine.cfg"
#define NEW_NAME "machine.cfg.new"

bool machine_file_find(bool *exists)
{
	AUTO_CLOSE int fd = root_file_open(ROOT_ETC, NAME, O_RDONLY, 0);

	*exists = fd >= 0;
	if (fd >= 0 || errno == ENOENT)
		return true;
	message("%s", root_file_reason());
	return false;
}

static bool read_file(const char *path, struct text *content)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd >= 0 && text_append_file(content, fd) == 0;
}

static bool same(const struct text *one, const struct text *other)
{
	return one->length == other->length &&
	       (one->length == 0 || memcmp(one->data, other->data, one->length) == 0);
}

/* What the installation has can be had again. */
static bool is_shipped(const struct text *content)
{
	AUTO_FREE char *pattern = install_path(INSTALL_SCHEMAS, "machines/*.cfg");
	AUTO(globfree) glob_t files = {0};

	if (pattern == NULL || glob(pattern, 0, NULL, &files) != 0)
		return false;
	for (size_t i = 0; i < files.gl_pathc; i++) {
		AUTO(text_release) struct text shipped = {0};
		if (read_file(files.gl_pathv[i], &shipped) && same(&shipped, content))
			return true;
	}
	return false;
}

/* Gives the old file the first name that is free; it has both until it is replaced. */
static bool keep(int directory)
{
	AUTO_FREE char *path = root_path(ROOT_ETC, NAME);
	char name[64];
	int number = 0, result;

	do {
		snprintf(name, sizeof(name), NAME ".before-%d", ++number);
		result = linkat(directory, NAME, directory, name, 0);
	} while (result < 0 && errno == EEXIST);
	if (result == 0)
		foreign_printf(stdout, "%s was edited: it is kept as %s\n",
			path != NULL ? path : NAME, name);
	else
		message("%s can't be kept as %s, and is not replaced: %s",
			path != NULL ? path : NAME, name, strerror(errno));
	return result == 0;
}

/* Writes the new file completely, under another name in the same directory. */
static bool write_new(int directory, const struct text *content, mode_t mode)
{
	AUTO_CLOSE int fd = root_file_open(ROOT_ETC, NEW_NAME, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0) {
		message("%s", root_file_reason());
		return false;
	}
	ssize_t written = write(fd, content->data, content->length);
	if (written == (ssize_t)content->length && fchmod(fd, mode) == 0 && fsync(fd) == 0)
		return true;
	message(NAME " can't be written: %s", strerror(written < 0 ? errno : ENOSPC));
	unlinkat(directory, NEW_NAME, 0);
	return false;
}

static bool replace(const struct text *content, mode_t mode, bool edited)
{
	AUTO_CLOSE int directory = root_directory_open(ROOT_ETC, true);
	if (directory < 0) {
		message("%s", root_file_reason());
		return false;
	}
	if (!write_new(directory, content, mode))
		return false;
	if (!edited || keep(directory)) {
		if (renameat(directory, NEW_NAME, directory, NAME) == 0)
			return true;
		message(NAME " can't be replaced: %s", strerror(errno));
	}
	unlinkat(directory, NEW_NAME, 0);
	return false;
}

/* The machine's own devices, unless the description has them. */
static void add_host(struct text *content)
{
	static const char host[] = "host = \"/sys\"; # this machine's own devices, too\n";
	AUTO(text_release) struct text before = *content;
	AUTO(config_destroy) config_t config;

	config_init(&config);
	*content = (struct text){0};
	bool has = config_read_string(&config, before.data) == CONFIG_TRUE &&
		   config_lookup(&config, "host") != NULL;
	if (!has)
		text_append(content, host);
	text_append_bytes(content, before.data, before.length);
}

bool machine_file_replace(const char *file, bool host)
{
	AUTO(text_release) struct text content = {0}, old = {0};
	AUTO_CLOSE int fd = root_file_open(ROOT_ETC, NAME, O_RDONLY, 0);
	struct stat status = {.st_mode = 0644};

	if (fd < 0 && errno != ENOENT) {
		message("%s", root_file_reason());
		return false;
	}
	if (!read_file(file, &content)) {
		message("%s can't be read: %s", file, strerror(errno));
		return false;
	}
	if (host)
		add_host(&content);
	if (content.failed) {
		message("there is not enough memory");
		return false;
	}
	if (fd >= 0 && (text_append_file(&old, fd) < 0 || fstat(fd, &status) < 0)) {
		message(NAME " can't be read: %s", strerror(errno));
		return false;
	}
	if (fd >= 0 && same(&content, &old))
		return true;
	return replace(&content, status.st_mode & 07777, fd >= 0 && !is_shipped(&old));
}
