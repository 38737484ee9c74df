/* What is found in made trees, and in recorded ones when they are there. */
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "made_tree.h"
#include "sysfs/scan.h"

/* A tree in a directory that is removed with it. */
struct made {
	char directory[32];
	struct sysfs_tree tree;
	struct scan scan;
};

static void start(struct made *made)
{
	*made = (struct made){.directory = "/tmp/odmcfg-scan-XXXXXX"};
	ck_assert_ptr_nonnull(mkdtemp(made->directory));
	made_open(made->directory);
	ck_assert_int_eq(sysfs_open(&made->tree, made->directory), 0);
}

static void add(const char *line)
{
	char copy[1024];

	snprintf(copy, sizeof(copy), "%s", line);
	made_line(copy);
}

static void add_file(const char *plan)
{
	char line[2048];
	AUTO_FCLOSE FILE *file = fopen(plan, "r");

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file) != NULL)
		made_line(line);
}

static void scan(struct made *made)
{
	scan_release(&made->scan);
	ck_assert_int_eq(scan_machine(&made->tree, &made->scan), 0);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static void finish(struct made *made)
{
	scan_release(&made->scan);
	sysfs_close(&made->tree);
	ck_assert_int_eq(nftw(made->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static const struct scan_device *find(const struct made *made, const char *os_name)
{
	for (int i = 0; i < made->scan.count; i++)
		if (strcmp(made->scan.devices[i].os_name, os_name) == 0)
			return &made->scan.devices[i];
	return NULL;
}

static const char *identity(const struct made *made, const char *os_name)
{
	const struct scan_device *device = find(made, os_name);

	ck_assert_msg(device != NULL, "no %s", os_name);
	return scan_value(&device->attributes, "unique_id");
}

#define SATA "devices/pci0000:00/0000:00:1f.2"
#define ADD_SATA "pci at=" SATA " class=0x010601"
#define DISK "disk transport=sata at=" SATA " "

START_TEST(everything_of_a_machine_is_found)
{
	struct made made;
	AUTO(text_release) struct text found = {0}, expected = {0};

	start(&made);
	add_file(PLANS "/machine.plan");
	scan(&made);
	for (int i = 0; i < made.scan.count; i++) {
		const struct scan_device *device = &made.scan.devices[i];
		const char *id = scan_value(&device->attributes, "unique_id");
		text_printf(&found, "%s %s %s %s %s %s\n", device->type, device->os_name,
			device->parent >= 0 ? made.scan.devices[device->parent].os_name : "-",
			device->where, device->location[0] != '\0' ? device->location : "-",
			id != NULL ? id : "-");
	}
	AUTO_CLOSE int file = open(PLANS "/machine.devices", O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(text_append_file(&expected, file), 0);
	ck_assert_str_eq(found.data, expected.data);
	ck_assert_str_eq(scan_value(&made.scan.system, "modelname"), "Tree One");
	ck_assert_str_eq(scan_value(&made.scan.system, "realmem"), "8388608");
	finish(&made);
}
END_TEST

START_TEST(identity_is_the_best_that_the_device_says)
{
	static const struct {
		const char *says, *identity;
	} disks[] = {
		{"t10=ATA\\x20\\x20\\x20MODEL\\x20\\x20SERIAL\\x20\\x20 eui=0011223344556677 "
		 "naa=5000c50000000001 serial=S",
			"naa.5000c50000000001"},
		{"t10=ATA\\x20\\x20\\x20MODEL\\x20\\x20SERIAL\\x20\\x20 eui=0011223344556677 "
		 "serial=S",
			"eui.0011223344556677"},
		{"t10=ATA\\x20\\x20\\x20MODEL\\x20\\x20SERIAL\\x20\\x20 serial=S",
			"t10.ATA_MODEL_SERIAL"},
		{"wwid=t10.ATA\\x20\\x20\\x20MODEL\\x20\\x20SERIAL\\x20\\x20 serial=S",
			"t10.ATA_MODEL_SERIAL"},
		{"wwid=naa.5000c50000000002 naa=5000c50000000002", "naa.5000c50000000002"},
		{"naa=5000c50000000003", "naa.5000c50000000003"},
		{"model=FAST\\x20DISK serial=\\x20\\x20S\\x201\\x20", "serial.FAST_DISK.S_1"},
		{"model=FAST\\x20DISK", "path.pci-0000:00:1f.2-sata-7,0,0"},
		{"serial=\\x20\\x20", "path.pci-0000:00:1f.2-sata-7,0,0"},
		{"serial=%s%n\\x1b[2J\\x80\\x0a model=%d\\x07", "serial.%d?.%s%n?[2J??"},
		{"wwid=naa.\\x1b]0;x\\x07", "naa.?]0;x?"},
	};

	for (size_t i = 0; i < sizeof(disks) / sizeof(*disks); i++) {
		struct made made;
		char line[512];
		start(&made);
		add(ADD_SATA);
		snprintf(line, sizeof(line), DISK "host=6 ata=9 port=7 name=sda %s", disks[i].says);
		add(line);
		scan(&made);
		ck_assert_str_eq(identity(&made, "sda"), disks[i].identity);
		finish(&made);
	}
}
END_TEST

START_TEST(identity_does_not_depend_on_names_and_order)
{
	static const char *const plans[][2] = {
		{DISK "host=0 ata=1 port=1 name=sda naa=5000c50000000001",
			DISK "host=1 ata=2 port=2 name=sdb model=M serial=S2"},
		{DISK "host=7 ata=5 port=2 name=sdx naa=5000c50000000001",
			DISK "host=6 ata=4 port=1 name=sda model=M serial=S2"},
	};
	static const char *const names[][2] = {{"sda", "sdb"}, {"sdx", "sda"}};

	for (size_t i = 0; i < 2; i++) {
		struct made made;
		start(&made);
		add(ADD_SATA);
		add(plans[i][0]);
		add(plans[i][1]);
		scan(&made);
		ck_assert_str_eq(identity(&made, names[i][0]), "naa.5000c50000000001");
		ck_assert_str_eq(identity(&made, names[i][1]), "serial.M.S2");
		finish(&made);
	}
}
END_TEST

START_TEST(several_of_one_identity_are_told_apart_by_their_places)
{
	static const char *const orders[][3] = {{"sda", "sdb", "sdc"}, {"sdc", "sda", "sdb"}};

	for (size_t i = 0; i < 2; i++) {
		struct made made;
		char line[256], expected[96];
		start(&made);
		add(ADD_SATA);
		for (int disk = 0; disk < 3; disk++) {
			snprintf(line, sizeof(line),
				DISK "host=%d ata=%d port=%d name=%s naa=5000c50000000001", disk,
				disk + 1, disk + 1, orders[i][disk]);
			add(line);
		}
		scan(&made);
		for (int disk = 0; disk < 3; disk++) {
			snprintf(expected, sizeof(expected),
				"naa.5000c50000000001" SCAN_DUPLICATE
				"pci-0000:00:1f.2-sata-%d,0,0",
				disk + 1);
			ck_assert_str_eq(identity(&made, orders[i][disk]), expected);
		}
		finish(&made);
	}
}
END_TEST

START_TEST(places_are_words_and_no_two_are_one)
{
	struct made made;

	start(&made);
	add("net name=eth'0\\x1b address=52:54:00:00:00:01 at=devices/pci0000:00/0000:00:03.0");
	/* The same place by what they say. */
	add("disk transport=scsi at=devices/platform host=1 name=sda serial=A");
	add("disk transport=scsi at=devices/platform host=2 name=sdb serial=B");
	scan(&made);
	ck_assert_str_eq(find(&made, "eth'0\x1b")->where, "eth_0_");
	ck_assert_str_eq(find(&made, "sda")->where, "0,0,0");
	ck_assert_str_eq(find(&made, "sdb")->where, "0,0,0#2");
	finish(&made);
}
END_TEST

START_TEST(links_out_of_the_tree_are_not_followed)
{
	struct made made;
	char outside[] = "/tmp/odmcfg-outside-XXXXXX", path[256], value[32] = "";
	AUTO_CLOSE int file = mkstemp(outside);

	start(&made);
	add(ADD_SATA);
	add(DISK "host=0 ata=1 port=1 name=sda naa=5000c50000000001");
	const char *const links[] = {"queue/nr_requests", "queue/read_ahead_kb"};
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/block/sda/%s", made.directory, links[i]);
		ck_assert_int_eq(unlink(path), 0);
		/* One that leads to the tree is none that the kernel has, either. */
		ck_assert_int_eq(symlink(i == 0 ? outside : "nomerges", path), 0);
	}
	ck_assert_int_eq(sysfs_write(&made.tree, "block/sda/queue/nr_requests", "1"), -1);
	ck_assert_int_eq(sysfs_write(&made.tree, "block/sda/queue/read_ahead_kb", "7"), -1);
	ck_assert_int_eq(errno, ELOOP);
	ck_assert_int_eq(
		(int)sysfs_read(&made.tree, "block/sda/queue/nr_requests", value, sizeof(value)),
		-1);
	ck_assert_int_eq(pread(file, value, sizeof(value), 0), 0);
	ck_assert_int_gt(
		(int)sysfs_read(&made.tree, "block/sda/queue/nomerges", value, sizeof(value)), 0);
	ck_assert_str_eq(value, "0");
	/* A device that is elsewhere is none. */
	snprintf(path, sizeof(path), "%s/block/sdb", made.directory);
	ck_assert_int_eq(symlink("/sys", path), 0);
	scan(&made);
	ck_assert_ptr_nonnull(find(&made, "sda"));
	ck_assert_ptr_null(find(&made, "sdb"));
	unlink(outside);
	finish(&made);
}
END_TEST

/* One of many reads finds that the device has gone. */
struct plan {
	unsigned reads, fails;
};

static ssize_t read_failing(
	const struct sysfs_tree *tree, const char *path, void *room, size_t size)
{
	struct plan *plan = tree->closure;

	if (plan->reads++ != plan->fails)
		return sysfs_files.read(tree, path, room, size);
	errno = ENODEV;
	return -1;
}

START_TEST(a_scan_goes_on_when_devices_vanish)
{
	static struct sysfs_access failing;
	struct made made;
	struct plan plan = {0};

	failing = sysfs_files;
	failing.read = read_failing;
	start(&made);
	add_file(PLANS "/machine.plan");
	made.tree.access = &failing;
	made.tree.closure = &plan;
	do {
		plan.reads = 0;
		scan(&made);
		ck_assert_int_gt(made.scan.count, 20);
	} while (plan.fails++ < plan.reads);
	ck_assert_uint_gt(plan.reads, 100);
	finish(&made);
}
END_TEST

/* Whatever a machine has, each device has a place of its own and an identity that may be shown. */
static void check_scan(const char *root)
{
	struct made made = {0};

	ck_assert_int_eq(sysfs_open(&made.tree, root), 0);
	scan(&made);
	for (int i = 0; i < made.scan.count; i++) {
		const struct scan_device *device = &made.scan.devices[i];
		ck_assert_int_lt(device->parent, i);
		ck_assert_int_gt((int)strlen(device->where), 0);
		for (int other = 0; other < i; other++)
			ck_assert_msg(
				made.scan.devices[other].parent != device->parent ||
					strcmp(made.scan.devices[other].where, device->where) !=
						0 ||
					strcmp(made.scan.devices[other].type, device->type) != 0,
				"%s: two %s at %s", root, device->type, device->where);
	}
	printf("%s: %d devices\n", root, made.scan.count);
	scan_release(&made.scan);
	sysfs_close(&made.tree);
}

static int scan_recorded(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	if (type != FTW_D || strcmp(path + walk->base, "sys") != 0)
		return FTW_CONTINUE;
	check_scan(path);
	return FTW_SKIP_SUBTREE;
}

START_TEST(recorded_trees_are_scanned)
{
	const char *folder = getenv("ODMCFG_RECORDED_SYSFS");

	if (folder == NULL || access(folder, R_OK) < 0) {
		printf("no recorded trees: ODMCFG_RECORDED_SYSFS names no folder; left out\n");
		return;
	}
	ck_assert_int_eq(nftw(folder, scan_recorded, 16, FTW_PHYS | FTW_ACTIONRETVAL), 0);
}
END_TEST

START_TEST(this_machine_is_scanned)
{
	check_scan("/sys");
}
END_TEST

/* By each name of a directory that is open; by links that lead out of it, but not of the tree. */
START_TEST(files_are_read_from_an_open_directory_as_from_the_root)
{
	static const char *const paths[][2] = {{"block/sda/queue/x", "1"},
		{"devices/a/block/sda/queue/x", "1"}, {"block/sda/device/state", "running"},
		{"block/sda/up", "running"}, {"devices/a/state", "running"}};
	struct sysfs_place place;
	struct made made;
	char value[64];

	start(&made);
	made_file("devices/a/block/sda/queue", "x", "1");
	made_file("devices/a", "state", "running");
	made_link("devices/a/block/sda/device", "devices/a");
	made_link("devices/a/block/sda/up", "devices/a/state");
	made_link("block/sda", "devices/a/block/sda");
	ck_assert_int_eq(symlinkat("/etc/hostname", made.tree.root, "devices/a/block/sda/out"), 0);
	ck_assert_int_eq(sysfs_enter(&made.tree, "block/sda", &place), 0);
	ck_assert_int_eq(sysfs_find_place(&place), 0);
	ck_assert_str_eq(place.canonical, "devices/a/block/sda");
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		ck_assert_int_gt(sysfs_read(&place.tree, paths[i][0], value, sizeof(value)), 0);
		ck_assert_str_eq(value, paths[i][1]);
	}
	ck_assert_int_lt(sysfs_read(&place.tree, "block/sda/out", value, sizeof(value)), 0);
	ck_assert_int_lt(sysfs_read(&place.tree, "block/sda/../../../etc", value, 64), 0);
	sysfs_leave(&place);
	ck_assert_int_lt(sysfs_enter(&made.tree, "block/sdb", &place), 0);
	finish(&made);
}
END_TEST

SUITE_MAIN("scan", files_are_read_from_an_open_directory_as_from_the_root,
	everything_of_a_machine_is_found, identity_is_the_best_that_the_device_says,
	identity_does_not_depend_on_names_and_order,
	several_of_one_identity_are_told_apart_by_their_places, places_are_words_and_no_two_are_one,
	links_out_of_the_tree_are_not_followed, a_scan_goes_on_when_devices_vanish,
	recorded_trees_are_scanned, this_machine_is_scanned)
