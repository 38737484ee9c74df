/* A repository for a fuzz target. Every input is tried in a transaction that is rolled back. */
#pragma once

#include <odmx.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/cfgodm.h>

#define FAILED ((void *)-1)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static char repository[] = "/tmp/odmcfg-fuzz-XXXXXX";

static inline void remove_repository(void)
{
	char command[64];

	odm_terminate();
	snprintf(command, sizeof(command), "rm -rf %s", repository);
	if (system(command) != 0)
		abort();
}

/* Made at the first input, with the device classes and one that has every type. */
static inline void begin(void)
{
	static FILE *quiet;

	if (quiet == NULL) {
		quiet = fopen("/dev/null", "w");
		if (quiet == NULL || mkdtemp(repository) == NULL ||
			setenv("ODMDIR", repository, 1) < 0 ||
			odm_compile_file(CLASSES, 0, ODM_MAKE_CLASSES, ".", stderr) < 0 ||
			odm_compile_file(EVERY_TYPE, 0, ODM_MAKE_CLASSES, ".", stderr) < 0)
			abort();
		atexit(remove_repository);
	}
	if (odm_begin() < 0)
		abort();
}

static inline FILE *discarded(void)
{
	static FILE *file;

	if (file == NULL)
		file = fopen("/dev/null", "w");
	return file;
}

/* A form that objects are written in and read from. */
struct form {
	int (*write)(CLASS_SYMBOL, const void *, FILE *);
	const char *between;
	int (*add)(const char *text, size_t length); /* what was written */
};

/* All objects of the classes that inputs are about, as text; to be freed. */
static inline char *dump(const struct form *form, size_t *length)
{
	static const char *const classes[] = {"CuDv", "CuAt", "Every"};
	char *text = NULL;
	FILE *file = open_memstream(&text, length);
	int count = 0;

	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		CLASS_SYMBOL symbol = odm_mount_class((char *)(uintptr_t)classes[i]);
		void *object = odm_get_first(symbol, NULL, NULL);
		for (; object != NULL && object != FAILED; object = odm_get_next(symbol, NULL)) {
			if (count++ > 0)
				fputs(form->between, file);
			if (form->write(symbol, object, file) < 0)
				abort();
			odm_free_members(symbol, object);
			free(object);
		}
		if (object == FAILED || odm_rm_obj(symbol, NULL) < 0)
			abort();
	}
	fclose(file);
	return text;
}

/* What there is comes back the same from its own text. */
static inline void check_round_trip(const struct form *form)
{
	size_t length, again;
	char *first = dump(form, &length);

	if (length > 0 && form->add(first, length) < 0)
		abort();
	char *second = dump(form, &again);
	if (again != length || memcmp(first, second, length) != 0)
		abort();
	free(first);
	free(second);
}
