/* machine.cfg, read once in a process. */
#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <libconfig.h>
#include <sys/stat.h>

#include "base/root_file.h"
#include "config_file.h"
#include "description.h"
#include "host_devices.h"

static void device_free(struct machine_device *device)
{
	for (int i = 0; i < device->device_count; i++)
		device_free(&device->devices[i]);
	free(device->devices);
	attribute_changes_release(&device->values);
	free(device->vpd);
	platform_free(device->platform);
}

static void adapter_free(struct machine_adapter *adapter)
{
	for (int i = 0; i < adapter->disk_count; i++)
		free(adapter->disks[i].file);
	free(adapter->disks);
}

void machine_release(struct machine *machine)
{
	free(machine->host);
	for (int b = 0; b < machine->bus_count; b++) {
		for (int a = 0; a < machine->buses[b].adapter_count; a++)
			adapter_free(&machine->buses[b].adapters[a]);
		free(machine->buses[b].adapters);
	}
	free(machine->buses);
	device_free(&machine->system);
	*machine = (struct machine){0};
}

/* An absolute path, as of /sys. */
static bool read_host(
	struct description *description, config_setting_t *root, struct machine *machine)
{
	char host[256] = "";

	if (config_setting_get_member(root, "host") == NULL)
		return true;
	if (!description_string(description, root, "host", host, sizeof(host)))
		return false;
	if (*host != '/')
		return description_mistaken(description, config_setting_get_member(root, "host"),
			"host = \"%s\": it is an absolute path, as of /sys", host);
	machine->host = strdup(host);
	return machine->host != NULL;
}

/* The buses come behind the other devices: real disks have the first numbers. */
static bool read_root(
	struct description *description, config_setting_t *root, struct machine *machine)
{
	static const char *const keys[] = {"host", "buses", "devices", "values", "vpd", "heading",
		"physloc", "platform", NULL};
	struct machine_device *system = &machine->system;

	return description_only_keys(description, root, keys) &&
	       read_host(description, root, machine) &&
	       description_values(description, root, &system->values) &&
	       description_product(description, root, system) &&
	       description_devices(description, root, &system->devices, &system->device_count) &&
	       description_buses(description, root, machine);
}

static char *read_description(config_t *config, const char *path, struct machine *machine)
{
	struct description description = {.path = path};

	if (!read_root(&description, config_root_setting(config), machine))
		machine_release(machine);
	return description.mistake;
}

char *machine_read_file(const char *path, struct machine *machine)
{
	AUTO(config_destroy) config_t config;

	config_init(&config);
	char *mistake = config_file_read(path, &config);
	return mistake != NULL ? mistake : read_description(&config, path, machine);
}

/* Who may write the description of the root's machine has files made for him by its disks. */
static char *read_machine(const char *path, struct machine *machine)
{
	AUTO(config_destroy) config_t config;
	AUTO_CLOSE int fd = root_file_open(ROOT_ETC, "machine.cfg", O_RDONLY, 0);
	char *mistake = NULL;

	config_init(&config);
	if (fd >= 0)
		mistake = config_file_read_open(fd, path, &config);
	else if (errno != ENOENT)
		mistake = strdup(root_file_reason());
	else if (asprintf(&mistake, "%s: can't be read: there is none; odmcfg init writes one",
			 path) < 0)
		mistake = NULL;
	return mistake != NULL || fd < 0 ? mistake : read_description(&config, path, machine);
}

/* Of the process: read from a file that looked like this. */
static struct machine machine;
static struct stat known;

const struct machine *machine_get(char **mistake)
{
	struct stat status;
	AUTO_FREE char *path = root_path(ROOT_ETC, "machine.cfg");

	*mistake = NULL;
	if (path == NULL) {
		*mistake = strdup("there is not enough memory");
		return NULL;
	}
	if (stat(path, &status) < 0)
		status = (struct stat){0};
	if (known.st_ino != 0 && status.st_ino == known.st_ino && status.st_dev == known.st_dev &&
		status.st_size == known.st_size && status.st_mtim.tv_sec == known.st_mtim.tv_sec &&
		status.st_mtim.tv_nsec == known.st_mtim.tv_nsec)
		return &machine;
	known = (struct stat){0};
	machine_forget_places();
	machine_release(&machine);
	*mistake = read_machine(path, &machine);
	if (*mistake != NULL)
		return NULL;
	known = status;
	return &machine;
}

const struct machine *machine_get_devices(char **mistake)
{
	const struct machine *described = machine_get(mistake);

	if (described == NULL || described->host == NULL || described->host_added)
		return described;
	machine.host_added = true;
	*mistake = host_devices_add(&machine);
	machine_forget_places();
	if (*mistake == NULL)
		return &machine;
	machine_forget_devices();
	return NULL;
}

void machine_forget_devices(void)
{
	if (machine.host_added)
		known = (struct stat){0};
}
