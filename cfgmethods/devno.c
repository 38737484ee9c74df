/* Device numbers: CuDvDr objects "ddins" for majors and "devno" for minors. */
#include <dirent.h>
#include <sys/sysmacros.h>

#include "base/paths.h"
#include "cfg_private.h"
#include "driver_host.h"

#define FIRST_MAJOR 10
#define MAJORS 256

/* Marks the numbers in use: value2 of what matches. Returns 0 or -1. */
static int mark_used(char *crit, bool *used, int room)
{
	AUTO_FREE char *criteria = crit;
	struct CuDvDr object;
	if (criteria == NULL)
		return -1;

	void *found = odm_get_first(CuDvDr_CLASS, criteria, &object);
	for (; found != NULL && found != ODM_FAILED; found = odm_get_next(CuDvDr_CLASS, &object)) {
		long number = strtol(object.value2, NULL, 10);
		if (number >= 0 && number < room)
			used[number] = true;
	}
	return found == ODM_FAILED ? -1 : 0;
}

static int add_resource(
	const char *resource, const char *value1, const char *value2, const char *value3)
{
	struct CuDvDr object = {0};

	if (!copy_text(object.resource, sizeof(object.resource), resource) ||
		!copy_text(object.value1, sizeof(object.value1), value1) ||
		!copy_text(object.value2, sizeof(object.value2), value2) ||
		!copy_text(object.value3, sizeof(object.value3), value3))
		return -1;
	return odm_add_obj(CuDvDr_CLASS, &object) < 0 ? -1 : 0;
}

LIBCFG_API int genmajor(const char *driver_instance)
{
	struct CuDvDr object;
	AUTO(transaction_release) struct transaction transaction = {0};
	bool used[MAJORS] = {false};
	char number[16];

	if (transaction_begin(&transaction) < 0)
		return -1;
	int found = find_object(
		CuDvDr_CLASS, &object, "resource = 'ddins' AND value1 = %s", driver_instance);
	if (found == 1)
		return atoi(object.value2);
	if (found < 0 || mark_used(odm_criteria("resource = 'ddins'"), used, MAJORS) < 0)
		return -1;
	int major_number = FIRST_MAJOR;
	while (major_number < MAJORS && used[major_number])
		major_number++;
	if (major_number == MAJORS)
		return -1;
	snprintf(number, sizeof(number), "%d", major_number);
	if (add_resource("ddins", driver_instance, number, "") < 0 ||
		transaction_commit(&transaction) < 0)
		return -1;
	return major_number;
}

static int compare_numbers(const void *one, const void *other)
{
	int a = *(const int *)one, b = *(const int *)other;

	return (a > b) - (a < b);
}

LIBCFG_API int *getminor(int major_number, int *how_many, const char *device)
{
	AUTO_FREE int *minors = NULL;
	struct CuDvDr object;
	char number[16];
	int count = 0;

	*how_many = 0;
	snprintf(number, sizeof(number), "%d", major_number);
	AUTO_FREE char *crit = odm_criteria("resource = 'devno' AND value1 = %s", number);
	if (crit == NULL)
		return NULL;
	void *found = odm_get_first(CuDvDr_CLASS, crit, &object);
	for (; found != NULL && found != ODM_FAILED; found = odm_get_next(CuDvDr_CLASS, &object)) {
		if (device != NULL && strcmp(object.value3, device) != 0)
			continue;
		int *longer = realloc(minors, (size_t)(count + 1) * sizeof(*minors));
		if (longer == NULL)
			return NULL;
		minors = longer;
		minors[count++] = atoi(object.value2);
	}
	if (found == ODM_FAILED || count == 0)
		return NULL;
	qsort(minors, (size_t)count, sizeof(*minors), compare_numbers);
	*how_many = count;
	return TAKE(minors);
}

#define MINORS 65536

/* Whether the block that begins at `first` is free. */
static bool block_free(const bool *used, int first, int count, int within)
{
	if (first < 0 || within < 1 || first + (count - 1L) * within >= MINORS)
		return false;
	for (int i = 0; i < count; i++)
		if (used[first + i * within])
			return false;
	return true;
}

static int add_minors(const char *device, int major_number, const int *minors, int count)
{
	char major_text[16], minor_text[16];

	snprintf(major_text, sizeof(major_text), "%d", major_number);
	for (int i = 0; i < count; i++) {
		snprintf(minor_text, sizeof(minor_text), "%d", minors[i]);
		if (add_resource("devno", major_text, minor_text, device) < 0)
			return -1;
	}
	return 0;
}

LIBCFG_API int *genminor(
	const char *device, int major_number, int preferred, int count, int within, int between)
{
	AUTO(transaction_release) struct transaction transaction = {0};
	char major_text[16];
	AUTO_FREE bool *used = calloc(MINORS, sizeof(*used));
	AUTO_FREE int *minors = count > 0 ? calloc((size_t)count, sizeof(*minors)) : NULL;

	snprintf(major_text, sizeof(major_text), "%d", major_number);
	if (used == NULL || minors == NULL || between < 1 || transaction_begin(&transaction) < 0 ||
		mark_used(odm_criteria("resource = 'devno' AND value1 = %s", major_text), used,
			MINORS) < 0)
		return NULL;
	int first = preferred >= 0 ? preferred : 0;
	while (preferred < 0 && first < MINORS && !block_free(used, first, count, within))
		first += between;
	if (!block_free(used, first, count, within))
		return NULL;
	for (int i = 0; i < count; i++)
		minors[i] = first + i * within;
	if (add_minors(device, major_number, minors, count) < 0 ||
		transaction_commit(&transaction) < 0)
		return NULL;
	return TAKE(minors);
}

int special_files_remove(const char *device)
{
	AUTO_FREE char *directory = root_path(ROOT_SPECIAL, NULL);
	struct CuDvDr object;
	char major_text[16], minor_text[16];
	dev_t devno;

	DIR *files = directory != NULL ? opendir(directory) : NULL;
	if (files == NULL)
		return 0;
	int result = 0;
	for (struct dirent *file = readdir(files); file != NULL; file = readdir(files)) {
		if (driver_host->special_file_read(file->d_name, 0, &devno) < 0)
			continue;
		snprintf(major_text, sizeof(major_text), "%u", major(devno));
		snprintf(minor_text, sizeof(minor_text), "%u", minor(devno));
		int found = find_object(CuDvDr_CLASS, &object,
			"resource = 'devno' AND value1 = %s AND value2 = %s AND value3 = %s",
			major_text, minor_text, device);
		if (found < 0 || (found == 1 && driver_host->special_file_remove(file->d_name) < 0))
			result = -1;
	}
	closedir(files);
	return result;
}

LIBCFG_API int reldevno(const char *device, int release)
{
	struct CuDvDr object, major_object, other;
	int found =
		find_object(CuDvDr_CLASS, &object, "resource = 'devno' AND value3 = %s", device);

	if (found != 1)
		return found;
	if (special_files_remove(device) < 0 ||
		remove_objects(CuDvDr_CLASS, "resource = 'devno' AND value3 = %s", device) < 0)
		return -1;
	if (!release)
		return 0;
	found = find_object(
		CuDvDr_CLASS, &other, "resource = 'devno' AND value1 = %s", object.value1);
	if (found != 0)
		return found < 0 ? -1 : 0;
	found = find_object(
		CuDvDr_CLASS, &major_object, "resource = 'ddins' AND value2 = %s", object.value1);
	return found == 1 ? relmajor(major_object.value1) : found;
}

LIBCFG_API int relmajor(const char *driver_instance)
{
	return remove_objects(CuDvDr_CLASS, "resource = 'ddins' AND value1 = %s", driver_instance) <
			       0
		       ? -1
		       : 0;
}

/*
 * The lowest number that was free when this thread asked last: the ones below it are taken as long
 * as the process removes no device, because whoever configures holds the configuration lock.
 */
static _Thread_local struct {
	char prefix[sizeof(((struct PdDv *)0)->prefix)];
	int next;
} sequence;

void genseq_forget(void)
{
	sequence.prefix[0] = '\0';
}

/* Marks the numbers of the names with a prefix. Returns 0 or -1. */
static int mark_named(const char *prefix, bool *used, int room)
{
	size_t length = strlen(prefix);
	char behind[sizeof(sequence.prefix) + 1];
	struct CuDv object;

	/* '~' comes after all digits. */
	snprintf(behind, sizeof(behind), "%s~", prefix);
	AUTO_FREE char *crit = odm_criteria("name >= %s AND name < %s", prefix, behind);
	if (crit == NULL)
		return -1;

	void *found = odm_get_first(CuDv_CLASS, crit, &object);
	for (; found != NULL && found != ODM_FAILED; found = odm_get_next(CuDv_CLASS, &object)) {
		char *end;
		long number = strtol(object.name + length, &end, 10);
		if (*end == '\0' && end > object.name + length && number >= 0 && number < room)
			used[number] = true;
	}
	return found == ODM_FAILED ? -1 : 0;
}

#define SEQUENCES 1000000

static int lowest_free(const char *prefix)
{
	AUTO_FREE bool *used = calloc(SEQUENCES, sizeof(*used));
	int number = 0;

	if (used == NULL || mark_named(prefix, used, SEQUENCES) < 0)
		return -1;
	while (number < SEQUENCES && used[number])
		number++;
	return number;
}

LIBCFG_API int genseq(const char *prefix)
{
	struct CuDv object;
	char name[32];

	if (strcmp(prefix, sequence.prefix) != 0) {
		sequence.next = lowest_free(prefix);
		if (sequence.next < 0 ||
			!copy_text(sequence.prefix, sizeof(sequence.prefix), prefix))
			return -1;
	}
	for (; sequence.next < SEQUENCES; sequence.next++) {
		snprintf(name, sizeof(name), "%s%d", prefix, sequence.next);
		int found = find_object(CuDv_CLASS, &object, "name = %s", name);
		if (found <= 0)
			return found == 0 ? sequence.next : -1;
	}
	return -1;
}
