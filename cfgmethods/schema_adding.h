/* Whether the attributes of a schema file that add and those that take away go together. */
#pragma once

#include "schema_read.h"

/*
 * Looks at the file's attributes once they are known to be right each by itself: one that adds has
 * no default and exactly one that takes its values away, which names one that adds, and path
 * attributes are of neither kind. False with mistakes.
 */
bool schema_adding(struct schema *schema, config_setting_t *root);
