/* Who uses a block device: mounts, swap space, and what is made of it, followed up. */
#include "sysfs/holders.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "sysfs/proc.h"

/* How many devices may be made of each other. */
#define MAXIMUM_DEPTH 16

struct search {
	const struct sysfs_tree *tree;
	struct holders *holders;
	struct text mounts, swaps; /* the kernel's lists */
	struct text seen; /* directories that were looked at, between blanks */
	int depth;
};

/* A device on the way. */
struct node {
	const char *directory;
	char number[32]; /* MAJOR:MINOR */
	char file[300]; /* /dev/sda1, /dev/mapper/root */
};

void holders_release(struct holders *holders)
{
	text_release(&holders->uses);
}

static void search_release(struct search *search)
{
	text_release(&search->mounts);
	text_release(&search->swaps);
	text_release(&search->seen);
}

static void start_sentence(struct search *search)
{
	struct text *uses = &search->holders->uses;

	text_append(uses, uses->length > 0 ? "; " : "");
}

/* In the kernel's lists a blank in a name is \040. */
static void unescape(char *name)
{
	unsigned code;
	char *to = name;

	for (const char *from = name; *from != '\0'; to++) {
		bool escaped = *from == '\\' && strspn(from + 1, "01234567") >= 3 &&
			       sscanf(from + 1, "%3o", &code) == 1;
		*to = escaped ? (char)code : *from;
		from += escaped ? 4 : 1;
	}
	*to = '\0';
}

/* Whether a name of a file means the device. */
static bool names_node(const struct node *node, const char *name)
{
	struct stat status;
	char number[32];

	if (strcmp(name, node->file) == 0)
		return true;
	const char *last = strrchr(node->directory, '/');
	if (strncmp(name, "/dev/", 5) == 0 && last != NULL && strcmp(name + 5, last + 1) == 0)
		return true;
	if (stat(name, &status) < 0 || !S_ISBLK(status.st_mode))
		return false;
	snprintf(number, sizeof(number), "%u:%u", major(status.st_rdev), minor(status.st_rdev));
	return strcmp(number, node->number) == 0;
}

/*
 * A line of mountinfo: the directory when it is a mount of the device. File systems of several
 * devices have a number of their own, and the device's name behind the dash.
 */
static char *mounted_on(const struct node *node, char *line)
{
	char *number = NULL, *directory = NULL, *field = line;

	for (int i = 0; i < 5 && field != NULL; i++) {
		char *word = strsep(&field, " ");
		if (i == 2)
			number = word;
		if (i == 4)
			directory = word;
	}
	if (directory == NULL)
		return NULL;
	unescape(directory);
	if (strcmp(number, node->number) == 0)
		return directory;
	char *source = field != NULL && strncmp(number, "0:", 2) == 0 ? strstr(field, " - ") : NULL;
	source = source != NULL ? strchr(source + 3, ' ') : NULL;
	if (source == NULL || strncmp(source + 1, "/dev/", 5) != 0)
		return NULL;
	source++;
	source[strcspn(source, " ")] = '\0';
	unescape(source);
	return names_node(node, source) ? directory : NULL;
}

/* 0, or -1 without memory. */
static int add_mounts(struct search *search, const struct node *node)
{
	AUTO_FREE char *lines = strdup(search->mounts.data);
	struct text *uses = &search->holders->uses;
	char *rest = lines;
	bool first = true;

	if (lines == NULL)
		return -1;
	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
		const char *directory = mounted_on(node, line);
		if (directory == NULL)
			continue;
		if (first) {
			start_sentence(search);
			text_printf(uses, "%s is mounted on ", node->file);
		}
		text_printf(uses, "%s%s", first ? "" : ", ", directory);
		first = false;
		if (strcmp(directory, "/") == 0)
			search->holders->root = true;
	}
	return 0;
}

static int add_swap(struct search *search, const struct node *node)
{
	AUTO_FREE char *lines = strdup(search->swaps.data);
	char *rest = lines;

	if (lines == NULL)
		return -1;
	/* The first line has the columns' names, of which none is a path. */
	for (char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
		line[strcspn(line, " \t")] = '\0';
		unescape(line);
		if (line[0] != '/' || !names_node(node, line))
			continue;
		start_sentence(search);
		text_printf(&search->holders->uses, "%s is swap space", node->file);
	}
	return 0;
}

/* What the kernel calls a device, as users know it. */
static void node_fill(const struct search *search, const char *directory, struct node *node)
{
	const char *last = strrchr(directory, '/');
	char name[256];

	*node = (struct node){.directory = directory};
	if (sysfs_read_at(search->tree, directory, "dev", node->number, sizeof(node->number)) < 0)
		node->number[0] = '\0';
	if (sysfs_read_at(search->tree, directory, "dm/name", name, sizeof(name)) > 0) {
		snprintf(node->file, sizeof(node->file), "/dev/mapper/%s", name);
		return;
	}
	snprintf(
		node->file, sizeof(node->file), "/dev/%.255s", last != NULL ? last + 1 : directory);
	/* A slash in a device's name is an exclamation mark there. */
	for (char *mark = strchr(node->file, '!'); mark != NULL; mark = strchr(mark, '!'))
		*mark = '/';
}

/* What a device is that another is a part of. */
static const char *kind(const struct search *search, const struct node *node)
{
	static const struct {
		const char *start, *kind;
	} kinds[] = {{"LVM-", "the logical volume"}, {"mpath-", "the multipath map"},
		{"CRYPT-", "the encrypted volume"}, {"part", "the partition"}};
	const char *last = strrchr(node->directory, '/');
	char uuid[256];

	if (last != NULL && strncmp(last + 1, "md", 2) == 0)
		return "the array";
	if (sysfs_read_at(search->tree, node->directory, "dm/uuid", uuid, sizeof(uuid)) < 0)
		return "the device";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strncmp(uuid, kinds[i].start, strlen(kinds[i].start)) == 0)
			return kinds[i].kind;
	return "the device";
}

static int follow(struct search *search, const char *directory);

static int add_maker(
	struct search *search, const struct node *node, const char *name, const char *is_what)
{
	char path[SYSFS_PATH], directory[SYSFS_PATH];
	struct node made;

	if (snprintf(path, sizeof(path), "block/%s", name) >= (int)sizeof(path) ||
		sysfs_resolve(search->tree, path, directory) < 0) {
		start_sentence(search);
		text_printf(&search->holders->uses, "%s is %s %s", node->file, is_what, name);
		return 0;
	}
	node_fill(search, directory, &made);
	start_sentence(search);
	text_printf(&search->holders->uses, "%s is %s %s %s", node->file, is_what,
		kind(search, &made), made.file);
	return follow(search, directory);
}

static int add_holders(struct search *search, const struct node *node)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char path[SYSFS_PATH];
	int result = 0;

	if (snprintf(path, sizeof(path), "%s/holders", node->directory) >= (int)sizeof(path) ||
		sysfs_list(search->tree, path, &names) < 0)
		return -1;
	for (size_t i = 0; i < names.count && result == 0; i++)
		result = add_maker(search, node, names.names[i], "part of");
	return result;
}

/* A loop device may have a block device behind it in the place of a file. */
static int add_loops(struct search *search, const struct node *node)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char path[SYSFS_PATH], backing[SYSFS_PATH];
	int result = 0;

	if (sysfs_list(search->tree, "block", &names) < 0)
		return -1;
	for (size_t i = 0; i < names.count && result == 0; i++) {
		if (strncmp(names.names[i], "loop", 4) != 0)
			continue;
		snprintf(path, sizeof(path), "block/%.64s/loop", names.names[i]);
		if (sysfs_read_at(search->tree, path, "backing_file", backing, sizeof(backing)) >
				0 &&
			strncmp(backing, "/dev/", 5) == 0 && names_node(node, backing))
			result = add_maker(search, node, names.names[i], "behind");
	}
	return result;
}

static int follow_partitions(struct search *search, const char *directory)
{
	AUTO(sysfs_names_release) struct sysfs_names names = {0};
	char path[SYSFS_PATH], number[32];
	int result = 0;

	if (sysfs_list(search->tree, directory, &names) < 0)
		return -1;
	for (size_t i = 0; i < names.count && result == 0; i++)
		if (snprintf(path, sizeof(path), "%s/%s", directory, names.names[i]) <
				(int)sizeof(path) &&
			sysfs_read_at(search->tree, path, "partition", number, sizeof(number)) > 0)
			result = follow(search, path);
	return result;
}

/* What is made of two partitions of a disk is looked at once. */
static bool is_new(struct search *search, const char *directory)
{
	char word[SYSFS_PATH + 2];

	snprintf(word, sizeof(word), " %s ", directory);
	if (search->seen.data != NULL && strstr(search->seen.data, word) != NULL)
		return false;
	text_append(&search->seen, word);
	return true;
}

static int follow(struct search *search, const char *directory)
{
	struct node node;

	if (!is_new(search, directory))
		return 0;
	if (search->depth == MAXIMUM_DEPTH) {
		errno = ELOOP;
		return -1;
	}
	search->depth++;
	node_fill(search, directory, &node);
	int result = add_mounts(search, &node) < 0 || add_swap(search, &node) < 0 ||
				     add_holders(search, &node) < 0 ||
				     add_loops(search, &node) < 0 ||
				     follow_partitions(search, directory) < 0
			     ? -1
			     : 0;
	search->depth--;
	return result;
}

int holders_find(const struct sysfs_tree *tree, const char *directory, struct holders *holders)
{
	AUTO(search_release) struct search search = {.tree = tree, .holders = holders};
	char canonical[SYSFS_PATH];

	*holders = (struct holders){0};
	if (sysfs_resolve(tree, directory, canonical) < 0 ||
		proc_read(tree, "self/mountinfo", &search.mounts) < 0 ||
		proc_read(tree, "swaps", &search.swaps) < 0)
		return -1;
	int result = follow(&search, canonical);
	if (result == 0 && (holders->uses.failed || search.seen.failed)) {
		errno = ENOMEM;
		result = -1;
	}
	return result;
}
