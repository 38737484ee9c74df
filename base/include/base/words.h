/* Text split into words, for lines that a user wrote or that a shell is to read. */
#pragma once

#include "base/text.h"

/*
 * Splits text at blanks and line ends into words, as a shell does with '', "" and \. Returns a
 * list ended by NULL, one block that the caller frees, and *count words; NULL when a quote is not
 * closed (errno 0) or without memory (errno ENOMEM).
 */
char **words_split(const char *text, int *count) MUST_CHECK;

/* Appends text as one word for words_split, in quotes. */
void words_append_quoted(struct text *words, const char *text);
