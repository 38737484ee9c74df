/*
 * Makes trees of kernel attributes as Linux has them, in files: buses, adapters, disks and
 * interfaces with the links between them. For tests and benchmarks; a mistake ends the program with
 * a message.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define MADE_PATH 512

/* A line of a plan: a kind of device, and values by name. */
struct made_values {
	const char *kind;
	struct {
		const char *name, *value;
	} list[32];
	int count;
};
/* The value of a name; `otherwise` when the line has none. NULL asks for one that is needed. */
const char *made_value(const struct made_values *values, const char *name, const char *otherwise);
bool made_has(const struct made_values *values, const char *name);

/* The directory that everything is made in. */
void made_open(const char *directory);

/* A file of a directory of the tree, with what it has; directories are made. */
void made_file(const char *directory, const char *name, const char *value);
void made_bytes(const char *directory, const char *name, const void *bytes, size_t length);
void made_format(const char *directory, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A link at a path of the tree to another path of it, relative as the kernel's are. */
void made_link(const char *path, const char *target);
/* The same at CLASS/NAME. */
void made_link_in(const char *class, const char *name, const char *target);

void made_directory(const char *path);

/* Writes into a room of MADE_PATH bytes. */
void made_path(char *room, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Where the device of a class is, links followed, in a room of MADE_PATH bytes. */
void made_find(const char *class, const char *name, char *room);

/* Away with a block device, the links to it, and its SCSI device. */
void made_remove_block(const char *name);

/* The devices of a kind. */
void made_dmi(const struct made_values *values);
void made_cpu(const struct made_values *values);
void made_node(const struct made_values *values);
void made_pci(const struct made_values *values);
void made_fc(const struct made_values *values);
void made_disk(const struct made_values *values);
void made_virtio(const struct made_values *values);
void made_nvme(const struct made_values *values);
void made_namespace(const struct made_values *values);
void made_map(const struct made_values *values);
void made_net(const struct made_values *values);

/* A block device's own directory, with its queue, and the links to it. */
void made_block(const char *directory, const char *name, const struct made_values *values);

/* A line of a plan. */
void made_line(char *line);
