/* Tables as JSON. For listings. */
#pragma once

#include "format.h"
#include "table.h"

/* Adds a cell for JSON only: an array of the texts. False without memory. */
bool table_add_list(struct table *table, const char *const *texts, int count);

/* Prints an array of objects: the columns' names and the cells as text. False without memory. */
bool table_print_json(const struct table *table, const struct format *format, FILE *file);
