/*
 * The one cleanup idiom of the tree: a variable that owns something is declared with an AUTO_
 * attribute and releases it when its scope ends, in reverse order of declaration. A function that
 * hands the thing to its caller returns TAKE(variable).
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void auto_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void auto_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void auto_fclose(FILE **stream)
{
	if (*stream != NULL)
		fclose(*stream);
}

/* For a malloc'ed pointer of any type. */
#define AUTO_FREE __attribute__((cleanup(auto_free)))
/* For a file descriptor; -1 owns nothing. */
#define AUTO_CLOSE __attribute__((cleanup(auto_close)))
/* For a FILE *; NULL owns nothing. */
#define AUTO_FCLOSE __attribute__((cleanup(auto_fclose)))
/* For any other owner: AUTO(release_function), which gets the variable's address. */
#define AUTO(release) __attribute__((cleanup(release)))

/* The pointer's value; the variable owns nothing afterwards. */
#define TAKE(pointer)                                                                              \
	__extension__({                                                                            \
		__typeof__(pointer) taken = (pointer);                                             \
		(pointer) = NULL;                                                                  \
		taken;                                                                             \
	})

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(template, first) __attribute__((format(printf, template, first)))
