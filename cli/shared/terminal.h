/* Listings on a terminal: cut to its width, with states in colour. For listings. */
#pragma once

#include "format.h"
#include "table.h"

/* Whether the file is a terminal that listings should fit. */
bool terminal_is(FILE *file);

/*
 * Prints an aligned listing as table_print does, but descriptions are cut where a row would be
 * wider than the terminal, and states that want attention are coloured unless NO_COLOR is set.
 * False without memory.
 */
bool terminal_print(struct table *table, const struct format *format, bool headed, FILE *file);
