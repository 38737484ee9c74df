/* Kernel extensions: loading, counting, unloading. */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/dds.h>
#include <sys/errids.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "processor/owner.h"
#include "processor/thread.h"
#include "services/device.h"
#include "services/devsw.h"
#include "services/trace.h"

/* In kmid order; under configuration_mutex. */
static struct module *modules;
static mid_t last_kmid;

/* What it guards: module.h. */
pthread_mutex_t configuration_mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

struct module *module_first(void)
{
	return modules;
}

struct module *module_find(mid_t kmid)
{
	struct module *module = modules;

	while (module != NULL && module->kmid != kmid)
		module = module->next;
	return module;
}

static struct module *find_by_path(const char *path)
{
	struct module *found = NULL;

	for (struct module *module = modules; module != NULL; module = module->next)
		if (strcmp(module->path, path) == 0)
			found = module;
	return found;
}

mid_t module_query(const char *path)
{
	const struct module *module = find_by_path(path);

	return module != NULL ? module->kmid : 0;
}

/* What the host loads runs with its rights: nobody else may have been able to write it. */
static int check_file(const char *path, char *reason)
{
	struct stat status;

	if (path[0] != '/' || stat(path, &status) < 0) {
		int error = path[0] != '/' ? EINVAL : errno;
		snprintf(reason, DDS_REASON, "%.100s: %s", path, strerror(error));
		return error;
	}
	if ((status.st_uid != 0 && status.st_uid != geteuid()) || (status.st_mode & S_IWOTH)) {
		snprintf(reason, DDS_REASON, "%.80s: others can write it; chown and chmod it first",
			path);
		return EPERM;
	}
	return 0;
}

static void release(struct module **module)
{
	if (*module == NULL)
		return;
	int64_t left = owner_remove((uintptr_t)(*module)->address);
	if (left > 0)
		error_log("KEX_LEAK", (*module)->name, "%lld bytes of xmalloc were not freed",
			(long long)left);
	if ((*module)->handle != NULL)
		dlclose((*module)->handle);
	free((*module)->path);
	free(*module);
}

/* One loaded object: is it the module's? */
static int match_object(struct dl_phdr_info *object, size_t size, void *closure)
{
	struct module *module = closure;
	uint64_t end = 0;

	(void)size;
	if (object->dlpi_addr != module->address)
		return 0;
	for (int i = 0; i < object->dlpi_phnum; i++)
		if (object->dlpi_phdr[i].p_type == PT_LOAD)
			end = object->dlpi_phdr[i].p_vaddr + object->dlpi_phdr[i].p_memsz;
	module->size = end;
	return 1;
}

static void find_address(struct module *module)
{
	struct link_map *map = NULL;

	if (dlinfo(module->handle, RTLD_DI_LINKMAP, &map) != 0)
		return;
	module->address = map->l_addr;
	dl_iterate_phdr(match_object, module);
}

static int open_module(struct module *module, const char *path, char *reason)
{
	module->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (module->handle == NULL) {
		snprintf(reason, DDS_REASON, "%.150s", dlerror());
		return ENOEXEC;
	}
	void *entry = dlsym(module->handle, "kmod_entry");
	if (entry == NULL) {
		snprintf(reason, DDS_REASON, "%.100s: no kmod_entry: not an extension", path);
		return ENOEXEC;
	}
	memcpy(&module->entry, &entry, sizeof(entry));
	find_address(module);
	const char *base = strrchr(path, '/') + 1;
	snprintf(module->name, sizeof(module->name), "%.*s", (int)strcspn(base, "."), base);
	return 0;
}

int module_load(const char *path, bool another_copy, mid_t *kmid, char *reason)
{
	struct module *loaded = another_copy ? NULL : find_by_path(path);
	if (loaded != NULL) {
		loaded->loads++;
		*kmid = loaded->kmid;
		return 0;
	}

	int error = check_file(path, reason);
	if (error != 0)
		return error;
	AUTO(release) struct module *module = calloc(1, sizeof(*module));
	if (module == NULL || (module->path = strdup(path)) == NULL)
		return ENOMEM;
	error = open_module(module, path, reason);
	if (error != 0)
		return error;
	module->kmid = ++last_kmid;
	module->loads = 1;
	*kmid = module->kmid;

	struct module **end = &modules;
	while (*end != NULL)
		end = &(*end)->next;
	owner_add(module->name, (uintptr_t)module->address, (uintptr_t)module->size);
	*end = TAKE(module);
	return 0;
}

bool module_in_use(const struct module *module)
{
	for (unsigned major_number = 0; major_number < 256; major_number++)
		if (devsw_module(major_number) == module)
			return true;
	return device_of_module(module);
}

int module_unload(mid_t kmid, char *reason)
{
	struct module **link = &modules;

	while (*link != NULL && (*link)->kmid != kmid)
		link = &(*link)->next;
	if (*link == NULL) {
		snprintf(reason, DDS_REASON, "kmid %llu is not loaded", (unsigned long long)kmid);
		return ENODEV;
	}
	if ((*link)->loads == 1 && module_in_use(*link)) {
		snprintf(reason, DDS_REASON, "extension %s still has configured devices",
			(*link)->name);
		return EBUSY;
	}
	if (--(*link)->loads > 0)
		return 0;
	AUTO(release) struct module *module = *link;
	*link = module->next;
	return 0;
}

int module_call(
	struct module *module, dev_t devno, int cmd, void *data, size_t length, char *reason)
{
	struct kern_thread *thread = kern_thread_current();
	struct iovec part = {.iov_base = data, .iov_len = length};
	struct uio uio = {.uio_iov = &part, .uio_iovcnt = 1, .uio_resid = length};

	thread->device = devno;
	thread->module = module;
	memcpy(&thread->entry, &module->entry, sizeof(thread->entry));
	thread->reason[0] = '\0';
	int error = module->entry(devno, cmd, &uio);
	thread->device = 0;
	thread->module = NULL;
	thread->entry = 0;
	trace_numbers(HOOK_CONFIG, (uint32_t)error, devno, (uint64_t)cmd);
	snprintf(reason, DDS_REASON, "%s", error != 0 ? thread->reason : "");
	return error;
}
