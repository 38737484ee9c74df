/* Frees what the platform says of a device. */
#include "platform.h"

#include <stdlib.h>

static void part_free(struct platform_part *part)
{
	for (int i = 0; i < part->line_count; i++) {
		free(part->lines[i].label);
		free(part->lines[i].value);
	}
	free(part->lines);
	free(part->heading);
	free(part->physloc);
}

void platform_free(struct platform *platform)
{
	if (platform == NULL)
		return;
	for (int i = 0; i < platform->part_count; i++)
		part_free(&platform->parts[i]);
	free(platform->parts);
	free(platform->name);
	free(platform->node);
	free(platform->device_type);
	free(platform->model);
	free(platform);
}
