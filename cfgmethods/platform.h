/* What the platform says of a device beside its product data: lscfg -p's PLATFORM SPECIFIC. */
#pragma once

/* A line, "Record Name" and "VSYS". */
struct platform_line {
	char *label, *value;
};

/* A part of the machine: its heading, its lines, and where it is. */
struct platform_part {
	char *heading;
	struct platform_line *lines;
	int line_count;
	char *physloc;
};

struct platform {
	char *name, *node, *device_type;
	char *model; /* NULL for none */
	struct platform_part *parts;
	int part_count;
};

/* NULL is nothing. */
void platform_free(struct platform *platform);
