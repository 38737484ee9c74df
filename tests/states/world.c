/* What the system is: database, extension host and special files, read each in its own way. */
#include <dirent.h>
#include <kex.h>
#include <stdio.h>
#include <string.h>

#include "base/paths.h"
#include "cfgmethods/device.h"
#include "cfgmethods/running.h"
#include "states.h"

static char complaint[512];

static const struct {
	const char *type;
	struct watched watched[WATCHED];
} watched_types[] = {
	{"tmscsi/scsi/tmscsi", {{"num_bufs", {"16", "32", "64", "128"}, true},
				       {"low_water", {"0", "1", "2", "3"}, true}}},
	{"adapter/vbus/vscsi", {{"intr_priority", {"0", "1", "2", "3"}, false}}},
	{"disk/sas/scsd", {{"queue_depth", {"8", "16", "32", "64"}, true},
				  {"rw_timeout", {"30", "40", "50", "60"}, true},
				  {"q_type", {"none", "simple", "ordered", "simple"}, false}}},
	{"adapter/pciex/14106703", {{"jumbo_frames", {"yes", "no", "yes", "no"}, false},
					   {"large_send", {"yes", "no", "yes", "no"}, true}}},
	{"tape/sas/ost", {{"block_size", {"512", "1024", "0", "4096"}, false}}},
	{"sys/node/odmcfg", {{"maxuproc", {"128", "256", "512", "1024"}, false}}},
	{"if/EN/en", {{"mtu", {"1500", "9000", "1400", "1500"}, false}}},
};

const struct watched *watched_of(const char *type)
{
	for (size_t i = 0; i < sizeof(watched_types) / sizeof(*watched_types); i++)
		if (strcmp(watched_types[i].type, type) == 0)
			return watched_types[i].watched;
	return NULL;
}

static int find_path(const struct world *world, const char *path)
{
	for (int i = 0; i < world->count; i++)
		if (strcmp(world->nodes[i].path, path) == 0)
			return i;
	return -1;
}

static bool append_path(
	const struct CuDv *list, int count, const struct CuDv *device, char *path, size_t size)
{
	size_t length = strlen(path);

	snprintf(path + length, size - length, "/%s@%s", device->PdDvLn_Lvalue,
		device->parent[0] != '\0' ? device->connwhere : "");
	if (device->parent[0] == '\0')
		return true;
	for (int i = 0; i < count; i++)
		if (strcmp(list[i].name, device->parent) == 0)
			return append_path(list, count, &list[i], path, size);
	return false;
}

static const char *read_values(struct node *node)
{
	AUTO(attribute_changes_release) struct attribute_changes running = {0};
	const struct watched *watched = watched_of(node->type);

	struct CuRun object;
	int found = find_object(CuRun_CLASS, &object, "name = %s", node->name);
	if (found < 0 || running_read(node->name, &running) < 0)
		return "CuRun can't be read";
	if (found == 1)
		odm_free_members(CuRun_CLASS, &object);
	node->configured_once = found == 1;
	for (int i = 0; watched != NULL && i < WATCHED && watched[i].attribute != NULL; i++) {
		int count;
		const char *last = attribute_changes_find(&running, watched[i].attribute);
		struct CuAt *value = getattr(node->name, watched[i].attribute, FALSE, &count);
		if (value == NULL)
			return "a watched attribute is missing";
		snprintf(node->database[i], sizeof(node->database[i]), "%s", value->value);
		snprintf(
			node->running[i], sizeof(node->running[i]), "%s", last != NULL ? last : "");
		freeattr(value, count);
	}
	return NULL;
}

static const char *enter(
	struct world *world, const struct CuDv *list, int count, int which, bool learn)
{
	const struct CuDv *device = &list[which];
	AUTO(device_release) struct device found = {0};
	AUTO(method_output_release) struct method_output output = {0};
	char path[256] = "";

	if (!append_path(list, count, device, path, sizeof(path))) {
		snprintf(complaint, sizeof(complaint), "%s has no parent", device->name);
		return complaint;
	}
	int place = find_path(world, path);
	if (place < 0 && (!learn || world->count == MOST_NODES)) {
		snprintf(complaint, sizeof(complaint), "%s is at %s, where nothing is",
			device->name, path);
		return complaint;
	}
	struct node *node = &world->nodes[place < 0 ? world->count++ : place];
	if (node->exists) {
		snprintf(complaint, sizeof(complaint), "%s and %s are one device", device->name,
			node->name);
		return complaint;
	}
	if (device_find(device->name, &found, &output) != E_OK)
		return "a device has no type";
	snprintf(node->path, sizeof(node->path), "%s", path);
	memcpy(node->name, device->name, sizeof(node->name));
	memcpy(node->type, device->PdDvLn_Lvalue, sizeof(node->type));
	memcpy(node->parent_name, device->parent, sizeof(node->parent_name));
	memcpy(node->connection, device->connwhere, sizeof(node->connection));
	node->driver = found.pddv.DvDr[0] != '\0';
	node->exists = true;
	node->status = device->status;
	return read_values(node);
}

/* Behind the connection begins the parent's path. */
static void link_parents(struct world *world)
{
	for (int i = 0; i < world->count; i++) {
		const char *above = strchr(strchr(world->nodes[i].path, '@'), '/');
		world->nodes[i].parent = above != NULL ? find_path(world, above) : -1;
	}
}

const char *world_read(struct world *world, bool learn)
{
	struct listinfo info = {0};
	struct CuDv *list = list_by(CuDv_CLASS, &info, strdup(""));
	const char *wrong = list == ODM_FAILED ? "CuDv can't be read" : NULL;

	for (int i = 0; i < world->count; i++)
		world->nodes[i].exists = false, world->nodes[i].status = DEFINED;
	for (int i = 0; wrong == NULL && i < info.num; i++)
		wrong = enter(world, list, info.num, i, learn);
	if (list != NULL && list != ODM_FAILED)
		odm_free_list(list, &info);
	if (learn)
		link_parents(world);
	return wrong;
}

static const struct node *find_name(const struct world *world, const char *name)
{
	size_t length = strcspn(name, ".");

	for (int i = 0; i < world->count; i++)
		if (world->nodes[i].exists && strlen(world->nodes[i].name) == length &&
			strncmp(world->nodes[i].name, name, length) == 0)
			return &world->nodes[i];
	return NULL;
}

/* A driver has no device that the database does not have, and runs with what CuRun says. */
static const char *check_published(const struct world *world, const struct kex_device *device)
{
	const struct node *node = find_name(world, device->name);
	const struct watched *watched = node != NULL ? watched_of(node->type) : NULL;
	char value[32] = "";

	if (node == NULL || node->status == DEFINED) {
		snprintf(complaint, sizeof(complaint), "the driver has %s, the database not",
			device->name);
		return complaint;
	}
	if (watched != NULL && strcmp(watched[0].attribute, "num_bufs") == 0 &&
		device->num_bufs != 0)
		snprintf(value, sizeof(value), "%u", device->num_bufs);
	else if (watched != NULL && strcmp(watched[0].attribute, "intr_priority") == 0)
		snprintf(value, sizeof(value), "%d", device->interrupt_class);
	if (value[0] == '\0' || strcmp(value, node->running[0]) == 0)
		return NULL;
	snprintf(complaint, sizeof(complaint), "%s runs with %s %s, CuRun says %s", device->name,
		watched[0].attribute, value, node->running[0]);
	return complaint;
}

static const char *check_drivers(const struct world *world)
{
	AUTO_FREE struct kex_device *list = NULL;
	ssize_t count = kex_devices(&list);
	const char *wrong = count < 0 ? "the extension host does not answer" : NULL;

	for (ssize_t i = 0; i < count && wrong == NULL; i++)
		wrong = check_published(world, &list[i]);
	for (int n = 0; n < world->count && wrong == NULL; n++) {
		const struct node *node = &world->nodes[n];
		bool found = !node->exists || !node->driver || node->status == DEFINED;
		for (ssize_t i = 0; i < count && !found; i++)
			found = find_name(world, list[i].name) == node;
		if (found)
			continue;
		snprintf(complaint, sizeof(complaint), "%s is configured, its driver has it not",
			node->name);
		wrong = complaint;
	}
	return wrong;
}

static const char *check_file(const struct world *world, const char *name)
{
	struct CuDvDr number;
	char major_text[16], minor_text[16];
	const struct node *node = find_name(world, name);
	dev_t devno;

	if (node == NULL || special_file_read(name, 0, &devno) < 0) {
		snprintf(complaint, sizeof(complaint), "special file %s is nobody's", name);
		return complaint;
	}
	snprintf(major_text, sizeof(major_text), "%u", (unsigned)(devno >> 8 & 0xfff));
	snprintf(minor_text, sizeof(minor_text), "%u",
		(unsigned)((devno & 0xff) | (devno >> 12 & 0xfff00)));
	if (find_object(CuDvDr_CLASS, &number,
		    "resource = 'devno' AND value1 = %s AND value2 = %s AND value3 = %s",
		    major_text, minor_text, node->name) == 1)
		return NULL;
	snprintf(complaint, sizeof(complaint), "special file %s has another's number", name);
	return complaint;
}

static const char *check_files(const struct world *world)
{
	AUTO_FREE char *directory = root_path(ROOT_SPECIAL, NULL);
	DIR *files = directory != NULL ? opendir(directory) : NULL;
	const char *wrong = NULL;
	int target_files = 0, targets = 0;

	if (files == NULL)
		return "the directory of special files can't be read";
	for (struct dirent *file = readdir(files); file != NULL && wrong == NULL;
		file = readdir(files)) {
		if (file->d_name[0] == '.')
			continue;
		wrong = check_file(world, file->d_name);
		target_files += strstr(file->d_name, ".tm") != NULL;
	}
	closedir(files);
	for (int i = 0; i < world->count; i++)
		targets += world->nodes[i].exists && world->nodes[i].status != DEFINED &&
			   strcmp(world->nodes[i].type, "tmscsi/scsi/tmscsi") == 0;
	if (wrong == NULL && target_files < targets)
		wrong = "a configured target-mode device has no special file";
	return wrong;
}

const char *world_disagreement(const struct world *world)
{
	const char *wrong = check_drivers(world);

	for (int i = 0; i < world->count && wrong == NULL; i++)
		if (world->nodes[i].exists && world->nodes[i].status != DEFINED &&
			!world->nodes[i].configured_once)
			wrong = "a configured device has no values in CuRun";
	return wrong != NULL ? wrong : check_files(world);
}

static bool values_differ(const struct node *expected, const struct node *found, int which)
{
	return strcmp(expected->database[which], found->database[which]) != 0 ||
	       (found->configured_once &&
		       strcmp(expected->running[which], found->running[which]) != 0);
}

const char *world_difference(const struct world *expected, const struct world *found)
{
	for (int i = 0; i < expected->count; i++) {
		const struct node *one = &expected->nodes[i], *other = &found->nodes[i];
		if (one->exists != other->exists ||
			(one->exists && (one->status != other->status ||
						one->configured_once != other->configured_once))) {
			snprintf(complaint, sizeof(complaint),
				"%s (%s): exists %d status %d configured %d, should be %d %d %d",
				other->name, one->path, other->exists, other->status,
				other->configured_once, one->exists, one->status,
				one->configured_once);
			return complaint;
		}
		for (int w = 0; one->exists && w < WATCHED; w++)
			if (values_differ(one, other, w)) {
				snprintf(complaint, sizeof(complaint),
					"%s value %d: %s/%s, should be %s/%s", other->name, w,
					other->database[w], other->running[w], one->database[w],
					one->running[w]);
				return complaint;
			}
	}
	return NULL;
}
