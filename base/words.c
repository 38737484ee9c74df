/* Text split into words as a shell does, and a word quoted for that. */
#include "base/words.h"

#include <errno.h>
#include <string.h>

/* Copies one word without its quotes; the place behind it, NULL when a quote is not closed. */
static const char *copy_word(const char *from, char **to)
{
	char quote = '\0';

	for (; *from != '\0' && (quote != '\0' || strchr(" \t\r\n", *from) == NULL); from++) {
		if (quote == '\0' && (*from == '\'' || *from == '"'))
			quote = *from;
		else if (*from == quote)
			quote = '\0';
		else if (*from == '\\' && quote != '\'' && from[1] != '\0')
			*(*to)++ = *++from;
		else
			*(*to)++ = *from;
	}
	*(*to)++ = '\0';
	return quote == '\0' ? from : NULL;
}

char **words_split(const char *text, int *count)
{
	size_t length = strlen(text), most = length / 2 + 2;
	/* The list and, behind it, the words: never longer than the text and its end. */
	AUTO_FREE char **words = malloc(most * sizeof(*words) + length + 2);
	if (words == NULL)
		return NULL;

	char *to = (char *)(words + most);
	*count = 0;
	for (text += strspn(text, " \t\r\n"); *text != '\0'; text += strspn(text, " \t\r\n")) {
		words[(*count)++] = to;
		text = copy_word(text, &to);
		errno = 0;
		if (text == NULL)
			return NULL;
	}
	words[*count] = NULL;
	return TAKE(words);
}

void words_append_quoted(struct text *words, const char *text)
{
	text_append_char(words, '\'');
	for (; *text != '\0'; text++)
		if (*text == '\'')
			text_append(words, "'\\''");
		else
			text_append_char(words, *text);
	text_append_char(words, '\'');
}
