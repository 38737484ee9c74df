/* What schema files say of the kernel's own attributes: class PdKern. For the schema loader. */
#pragma once

#include "schema_read.h"

/* The root's group `kernel`: the directory of the type's devices. False with mistakes. */
bool schema_kernel_type(struct schema *schema, config_setting_t *root);

/* An attribute's group `kernel`: where its value is. False with mistakes. */
bool schema_kernel_attribute(struct schema *schema, config_setting_t *attribute, const char *name);

/*
 * The attributes of the files that the root's list `tunables` names, in the folder tunables beside
 * the schema file. False with mistakes.
 */
bool schema_read_tunables(struct schema *schema, config_setting_t *root,
	bool (*add)(struct schema *schema, config_setting_t *group));
