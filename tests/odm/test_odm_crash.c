/*
 * A writer killed at a thousand random points: what it had been told was done is there, and of what
 * it was doing all or nothing. The same operations, done in peace in a second repository, tell what
 * has to be there.
 */
#include "suite.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cfgmethods/check.h"
#include "repository_fixture.h"

#define POINTS 1000

static char reference[] = "/tmp/odmcfg-ref-XXXXXX";

static void use(const char *directory)
{
	odm_terminate();
	ck_assert_int_eq(setenv("ODMDIR", directory, 1), 0);
}

/* The same for the same operation and salt, in either repository. */
static unsigned chance(unsigned operation, unsigned salt, unsigned below)
{
	unsigned long long state =
		operation * 2862933555777941757ULL + salt * 3202034522624059733ULL;

	state ^= state >> 29;
	state *= 0xbf58476d1ce4e5b9ULL;
	return (unsigned)(state >> 33) % below;
}

static int add_attribute(const char *device, const char *attribute, const char *value)
{
	char text[32];
	struct CuAt object = {.value = text, .type = "R", .rep = "s"};

	snprintf(text, sizeof(text), "%s", value);
	snprintf(object.name, sizeof(object.name), "%s", device);
	snprintf(object.attribute, sizeof(object.attribute), "%s", attribute);
	return odm_add_obj(CuAt_CLASS, &object);
}

/* A device with its attributes, as one transaction. */
static void add_with_attributes(unsigned operation)
{
	char name[16];

	snprintf(name, sizeof(name), "d%u", operation);
	bool done = odm_begin() == 0 && add_device(name, "", 0) >= 0;
	for (unsigned i = 0; done && i <= chance(operation, 1, 4); i++) {
		char attribute[16];
		snprintf(attribute, sizeof(attribute), "a%u", i);
		done = add_attribute(name, attribute, name) >= 0;
	}
	if (!done || odm_commit() < 0)
		_exit(3);
}

static void change_some(unsigned operation)
{
	struct CuDv device;
	char crit[64];

	snprintf(crit, sizeof(crit), "name LIKE *%u", chance(operation, 2, 10));
	void *found = odm_get_first(CuDv_CLASS, crit, &device);
	if (found != &device)
		return;
	device.chgstatus = (short)(operation % 100);
	if (odm_change_obj(CuDv_CLASS, &device) < 0)
		_exit(3);
}

static void delete_some(unsigned operation)
{
	char crit[64];

	snprintf(crit, sizeof(crit), "name LIKE *%u", chance(operation, 3, 10));
	if (odm_begin() < 0 || odm_rm_obj(CuAt_CLASS, crit) < 0 ||
		odm_rm_obj(CuDv_CLASS, crit) < 0 || odm_commit() < 0)
		_exit(3);
}

static void add_stanzas(unsigned operation)
{
	char text[4096];
	int length = 0;

	for (unsigned i = 0; i < 20; i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length,
			"CuDv:\n\tname = s%u.%u\n\tPdDvLn = disk/scsi/vdisk\n", operation, i);
	FILE *file = fmemopen(text, (size_t)length, "r");
	if (odm_add_stanzas(file, "stanzas", stderr) != 20)
		_exit(3);
	fclose(file);
}

static int take_newest(const struct odm_history_entry *entry, void *id)
{
	*(long long *)id = entry->id;
	return 1;
}

/* May be refused: an entry that is undone already. */
static void undo_newest(void)
{
	long long id = 0;
	FILE *quiet = fopen("/dev/null", "w");

	if (odm_history(0, take_newest, &id) == 1 && odm_undo(id, quiet) < 0)
		fputs("refused\n", quiet);
	fclose(quiet);
}

static char *backup_of(const char *directory)
{
	static char file[64];

	snprintf(file, sizeof(file), "%s/backup", directory);
	return file;
}

static bool is_backup(unsigned operation)
{
	return chance(operation, 0, 16) == 14;
}

static void perform(unsigned operation, const char *directory)
{
	char *file = backup_of(directory);

	switch (chance(operation, 0, 16)) {
	case 0:
	case 1:
		delete_some(operation);
		break;
	case 2:
	case 3:
	case 4:
		undo_newest();
		break;
	case 5:
		add_stanzas(operation);
		break;
	case 13:
		if (access(file, F_OK) == 0 && odm_restore_classes(file, stderr) < 0)
			_exit(3);
		break;
	case 14:
		if (odm_backup(file, stderr) < 0)
			_exit(3);
		break;
	case 15:
		if (access(file, F_OK) == 0 && odm_restore(file, stderr) < 0)
			_exit(3);
		break;
	case 6:
	case 7:
	case 8:
		change_some(operation);
		break;
	default:
		add_with_attributes(operation);
	}
}

static void report_done(int report, unsigned operation)
{
	if (write(report, &operation, sizeof(operation)) != sizeof(operation))
		_exit(1);
}

/* Performs operations and reports each that was done, until it is killed; 0 when it begins. */
static void write_until_killed(unsigned operation, int report)
{
	odm_open_class(CuDv_CLASS);
	report_done(report, 0);
	for (;; operation++) {
		perform(operation, repository);
		report_done(report, operation);
	}
}

/* Returns the first operation that was not reported. */
static unsigned kill_writer(unsigned operation)
{
	int pipe_fds[2];
	unsigned done, next = operation;

	ck_assert_int_eq(pipe(pipe_fds), 0);
	pid_t child = fork();
	if (child == 0)
		write_until_killed(operation, pipe_fds[1]);
	close(pipe_fds[1]);
	ck_assert_int_eq(read(pipe_fds[0], &done, sizeof(done)), sizeof(done));
	/* Mostly in the first operation or two, now and then in a longer one or a later one. */
	usleep((unsigned)random() % (random() % 4 == 0 ? 40000 : 6000));
	kill(child, SIGKILL);
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFSIGNALED(status), "an operation failed: %d", WEXITSTATUS(status));
	while (read(pipe_fds[0], &done, sizeof(done)) == sizeof(done))
		next = done + 1;
	close(pipe_fds[0]);
	return next;
}

static int entries_dumped;

/* The newest ones, and so how many there are. */
static int dump_entry(const struct odm_history_entry *entry, void *file)
{
	fprintf(file, "entry %lld undoes %lld undone %lld\n", entry->id, entry->undoes,
		entry->undone_by);
	return ++entries_dumped == 20;
}

/* The repository that the kill left is sound and in order. */
static void check_killed(void)
{
	use(repository);
	ck_assert_int_eq(odm_check_integrity(0, stderr), 0);
	ck_assert_int_eq(database_check(false, stderr), 0);
}

/* Objects and history as text, to be freed. */
static char *dump(const char *directory)
{
	CLASS_SYMBOL classes[] = {CuDv_CLASS, CuAt_CLASS};
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	use(directory);
	for (int i = 0; i < 2; i++) {
		void *object = odm_get_first(classes[i], NULL, NULL);
		for (; object != NULL; object = odm_get_next(classes[i], NULL)) {
			ck_assert_ptr_ne(object, FAILED);
			odm_write_stanza(classes[i], object, file);
			odm_free_members(classes[i], object);
			free(object);
		}
	}
	entries_dumped = 0;
	ck_assert_int_ge(odm_history(0, dump_entry, file), 0);
	fclose(file);
	return text;
}

/* A backup that was being written is the old or the new one, whole; both have none from here on. */
static void settle_backup(void)
{
	struct stat status;

	if (stat(backup_of(repository), &status) == 0) {
		use(repository);
		ck_assert_int_eq(odm_restore_classes(backup_of(repository), stderr), 0);
		use(reference);
		ck_assert_int_eq(odm_restore_classes(backup_of(repository), stderr), 0);
	}
	unlink(backup_of(repository));
	unlink(backup_of(reference));
}

/* Brings the reference to where the killed writer got; returns the next operation. */
static unsigned compare(unsigned operation, unsigned next)
{
	check_killed();
	char *found = dump(repository);

	use(reference);
	for (; operation < next; operation++)
		perform(operation, reference);
	char *expected = dump(reference);
	if (strcmp(found, expected) != 0) {
		free(expected);
		perform(operation++, reference);
		expected = dump(reference);
	}
	ck_assert_msg(strcmp(found, expected) == 0, "operation %u (%u): found\n%s\nexpected\n%s",
		operation, chance(operation - 1, 0, 16), found, expected);
	free(found);
	free(expected);
	if (is_backup(next))
		settle_backup();
	return operation;
}

START_TEST(a_killed_writer_leaves_what_was_done_and_no_half)
{
	struct PdDv type = {.uniquetype = "disk/scsi/vdisk"};
	unsigned operation = 1, survived = 0;

	ck_assert_ptr_nonnull(mkdtemp(reference));
	make_repository();
	ck_assert_int_gt(odm_add_obj(PdDv_CLASS, &type), 0);
	use(reference);
	ck_assert_int_eq(odm_compile_file(CLASSES, 0, ODM_MAKE_CLASSES, ".", stderr), 0);
	ck_assert_int_gt(odm_add_obj(PdDv_CLASS, &type), 0);
	srandom((unsigned)getpid());
	for (int point = 0; point < POINTS; point++) {
		use(repository);
		unsigned next = kill_writer(operation);
		unsigned reached = compare(operation, next);
		survived += reached > next;
		operation = reached;
	}
	printf("%d kills, %u operations, %u of them done and not yet reported\n", POINTS, operation,
		survived);
	remove_repository();
	char command[64];
	snprintf(command, sizeof(command), "rm -rf %s", reference);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

SUITE_MAIN("odm_crash", a_killed_writer_leaves_what_was_done_and_no_half)
