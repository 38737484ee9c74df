/* Which known word was probably meant by one that is not known. For commands. */
#pragma once

/* Set `word`; the rest is 0. */
struct suggestion {
	const char *word; /* that is not known */
	const char *nearest; /* NULL: none is near enough */
	int distance;
};

/* Considers a known word, which has to stay where it is. */
void suggestion_consider(struct suggestion *suggestion, const char *known);
