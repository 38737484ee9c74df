#include "root.h"

#include <check.h>
#include <ftw.h>
#include <glob.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "cfgmethods/machine.h"
#include "cfgmethods/schema.h"
#include "fake_host.h"

static char root[64];

static void load_types(void)
{
	glob_t files;

	ck_assert_int_eq(glob(SCHEMAS "/*.cfg", 0, NULL, &files), 0);
	char *mistake = schema_load(files.gl_pathv, files.gl_pathc);
	ck_assert_msg(mistake == NULL, "%s", mistake);
	globfree(&files);
}

static void copy_machine(void)
{
	AUTO_FCLOSE FILE *small = fopen(SCHEMAS "/machines/small.cfg", "r");
	char content[4096] = "";

	ck_assert_ptr_nonnull(small);
	ck_assert_uint_gt(fread(content, 1, sizeof(content) - 1, small), 0);
	root_write("etc/machine.cfg", content);
}

void root_make(void)
{
	static const enum root_directory directories[] = {
		ROOT_OBJREPOS, ROOT_ETC, ROOT_RUN, ROOT_SPECIAL, ROOT_DEV};

	strcpy(root, "/tmp/odmcfg-methods-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	setenv("ODMCFG_ROOT", root, 1);
	unsetenv("ODMDIR");
	unsetenv("ODMPATH");
	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++) {
		AUTO_FREE char *path = root_path(directories[i], NULL);
		ck_assert_int_eq(make_directories(path), 0);
	}
	ck_assert_int_eq(odm_initialize(), 0);
	ck_assert_int_eq(
		odm_compile_file(SCHEMAS "/cfgodm.cre", 0, ODM_MAKE_CLASSES, ".", stderr), 0);
	load_types();
	copy_machine();
	fake_host_install();
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

void root_remove(void)
{
	odm_terminate();
	ck_assert_int_eq(nftw(root, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static char *below_root(const char *name)
{
	char *path = NULL;

	ck_assert_int_gt(asprintf(&path, "%s/%s", root, name), 0);
	return path;
}

void root_write(const char *name, const char *content)
{
	AUTO_FREE char *path = below_root(name);
	AUTO_FCLOSE FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(content, file), 0);
}

bool root_has(const char *name)
{
	AUTO_FREE char *path = below_root(name);

	return access(path, F_OK) == 0;
}

int run(struct method_output *output, const char *method, const char *arguments)
{
	AUTO_FREE char *copy = strdup(arguments);
	AUTO_FREE char *path = NULL;
	const char *words[32];
	int count = 0;

	ck_assert_int_gt(asprintf(&path, "/usr/lib/methods/%s", method), 0);
	char *rest = copy;
	for (char *word = strsep(&rest, " "); word != NULL && count < 31; word = strsep(&rest, " "))
		words[count++] = word;
	words[*arguments != '\0' ? count : 0] = NULL;
	return method_run(path, words, output);
}

void run_well(const char *method, const char *arguments)
{
	AUTO(method_output_release) struct method_output output = {0};
	int code = run(&output, method, arguments);

	ck_assert_msg(code == E_OK, "%s %s: %s %s", method, arguments, cf_error_name(code),
		output.reason.data != NULL ? output.reason.data : "");
}

void run_refused(int code, const char *text, const char *method, const char *arguments)
{
	AUTO(method_output_release) struct method_output output = {0};
	int got = run(&output, method, arguments);
	const char *reason = output.reason.data != NULL ? output.reason.data : "";

	ck_assert_msg(got == code, "%s %s: %s, not %s: %s", method, arguments, cf_error_name(got),
		cf_error_name(code), reason);
	ck_assert_msg(strstr(reason, text) != NULL, "no \"%s\" in \"%s\"", text, reason);
}

void configure_machine(void)
{
	run_well("defsys", "");
	run_well("cfgsys", "-l sys0");
	run_well("cfgvbus", "-l vbus0");
	run_well("cfgvscsi", "-l scsi0");
	run_well("cfgvscsi", "-l scsi1");
	run_well("cfgtmscsi", "-l tmscsi0");
	run_well("cfgtmscsi", "-l tmscsi1");
	run_well("cfgscdisk", "-l hdisk0");
}

int status_of(const char *device)
{
	struct CuDv object;
	int found = find_object(CuDv_CLASS, &object, "name = %s", device);

	ck_assert_int_ge(found, 0);
	return found == 1 ? object.status : -1;
}

const char *value_of(const char *device, const char *attribute)
{
	static char value[256];
	int count;
	struct CuAt *object = getattr(device, attribute, FALSE, &count);

	ck_assert_msg(object != NULL, "%s has no %s", device, attribute);
	ck_assert(copy_text(value, sizeof(value), object->value));
	freeattr(object, count);
	return value;
}

int count_objects(CLASS_SYMBOL symbol, const char *criteria)
{
	struct listinfo info = {0};
	void *list = odm_get_list(symbol, (char *)(uintptr_t)criteria, &info, 8, 1);

	ck_assert(list != ODM_FAILED);
	int count = info.num;
	odm_free_list(list, &info);
	return count;
}

void add_stanza(const char *stanza)
{
	AUTO_FCLOSE FILE *file = fmemopen((void *)(uintptr_t)stanza, strlen(stanza), "r");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(odm_add_stanzas(file, "test", stderr), 0);
}
