#include "initial_disk.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/foreign.h"
#include "base/paths.h"
#include "cfgmethods/kernel.h"
#include "root_devices.h"

/* Whether the machine has a program, which need not be on the PATH of who changes a device. */
static bool has_program(const char *name)
{
	const char *path = getenv("PATH");
	AUTO(text_release) struct text directories = {0};

	text_printf(&directories, "%s:/usr/sbin:/sbin", path != NULL ? path : "");
	char *rest = directories.data;
	for (char *directory = strsep(&rest, ":"); directory != NULL;
		directory = strsep(&rest, ":")) {
		AUTO(text_release) struct text program = {0};
		text_printf(&program, "%s/%s", directory, name);
		if (*directory == '/' && !program.failed && access(program.data, X_OK) == 0)
			return true;
	}
	return false;
}

/* The command that makes the initial RAM disk anew with our values; NULL for none. */
static const char *making_command(void)
{
	static const struct {
		const char *hook, *program, *command;
	} tools[] = {
		{"../share/initramfs-tools/hooks/odmcfg", "update-initramfs",
			"update-initramfs -u"},
		{"../lib/dracut/modules.d/95odmcfg/module-setup.sh", "dracut", "dracut -f"},
	};

	for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
		AUTO_FREE char *hook = install_path(INSTALL_BIN, tools[i].hook);
		if (hook != NULL && access(hook, F_OK) == 0 && has_program(tools[i].program))
			return tools[i].command;
	}
	return NULL;
}

static bool is_block_device(const char *name, struct CuDv *cudv)
{
	const struct kernel_type *type = find_object(CuDv_CLASS, cudv, "name = %s", name) == 1
						 ? kernel_type_read(cudv->PdDvLn_Lvalue)
						 : NULL;

	return type != NULL && strcmp(type->directory, "block") == 0;
}

static bool carries_root(const struct CuDv *cudv)
{
	AUTO(method_output_release) struct method_output output = {0};
	struct kernel_device device;

	return kernel_device_find(cudv, &device, &output) == E_OK &&
	       root_devices_have(device.tree, device.os_name);
}

void initial_disk_remind(const struct names *names)
{
	const char *command = NULL;
	struct CuDv cudv;

	for (int i = 0; i < names->count; i++) {
		if (!is_block_device(names->list[i], &cudv))
			continue;
		if (command == NULL)
			command = making_command();
		if (command == NULL)
			return;
		if (carries_root(&cudv))
			foreign_printf(stdout,
				"%s carries the root file system: %s takes its values into the "
				"initial RAM disk\n",
				names->list[i], command);
	}
}
