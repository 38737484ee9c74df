/* Prints what the platform says of a device: names of its node, and the parts of the machine. */
#include "platform_print.h"

#include <string.h>

#include "base/foreign.h"
#include "cli/shared/vpd_print.h"

static void print_part(const struct platform_part *part)
{
	foreign_printf(stdout, "      %s:\n", part->heading);
	for (int i = 0; i < part->line_count; i++)
		vpd_print_line(
			part->lines[i].label, part->lines[i].value, strlen(part->lines[i].value));
	foreign_printf(stdout, "      Physical Location: %s\n\n", part->physloc);
}

static void print_node(const struct platform *platform)
{
	foreign_printf(stdout, "\n  PLATFORM SPECIFIC\n\n  Name:  %s\n", platform->name);
	if (platform->model != NULL)
		foreign_printf(stdout, "    Model:  %s\n", platform->model);
	foreign_printf(stdout, "    Node:  %s\n    Device Type:  %s\n\n", platform->node,
		platform->device_type);
}

void platform_print(const struct machine *machine, const struct CuDv *device)
{
	/* The node of any disk, whatever it is reached by. */
	static char disk[] = "disk", block[] = "block";
	static const struct platform usual = {.name = disk, .node = disk, .device_type = block};
	const struct machine_device *described = machine_find_device(machine, device);

	if (described == NULL)
		return;
	if (described->platform == NULL && strncmp(device->PdDvLn_Lvalue, "disk/", 5) != 0)
		return;
	const struct platform *platform =
		described->platform != NULL ? described->platform : &usual;
	print_node(platform);
	for (int i = 0; i < platform->part_count; i++)
		print_part(&platform->parts[i]);
}
