/* The loop over options that device commands share, with files of options. */
#include "arguments.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "base/words.h"
#include "command.h"

/* Files may name files, but not for ever. */
#define MOST_FILES 16

static char *read_all(const char *path)
{
	AUTO_CLOSE int fd =
		strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	AUTO(text_release) struct text text = {0};

	return fd >= 0 && text_append_file(&text, fd) == 0 ? text_take(&text) : NULL;
}

/* The arguments with those of a file behind the ones that were read. */
struct line {
	int argc;
	char **argv;
	int files;
};

static char **kept[MOST_FILES][2];

/* Puts the words of a file behind what was read. False with a message. */
static bool insert_words(struct line *line, const char *path)
{
	int count = 0;

	if (++line->files > MOST_FILES) {
		message("%s: more than %d files of options", path, MOST_FILES);
		return false;
	}
	AUTO_FREE char *text = read_all(path);
	if (text == NULL) {
		message("%s: %s", path, strerror(errno));
		return false;
	}
	char **words = words_split(text, &count);
	char **longer = calloc((size_t)(line->argc + count) + 1, sizeof(*longer));
	if (words == NULL || longer == NULL) {
		message("%s: %s", path, errno != 0 ? strerror(errno) : "a quote is not closed");
		free(words);
		free(longer);
		return false;
	}
	size_t read = (size_t)optind, rest = (size_t)line->argc - read;
	memcpy(longer, line->argv, read * sizeof(*longer));
	memcpy(longer + read, words, (size_t)count * sizeof(*longer));
	memcpy(longer + read + count, line->argv + read, rest * sizeof(*longer));
	/* The request points into them until the process ends. */
	kept[line->files - 1][0] = words;
	kept[line->files - 1][1] = longer;
	line->argv = longer;
	line->argc += count;
	return true;
}

/* Whether the option is one that is only stored; then it is. */
static bool store(const struct syntax *syntax, void *request, int option, const char *value)
{
	const struct argument *argument = syntax->stored;

	while (argument != NULL && argument->letter != '\0' && argument->letter != option)
		argument++;
	if (argument == NULL || argument->letter == '\0')
		return false;
	char *member = (char *)request + argument->offset;
	if (argument->is_text)
		*(const char **)(void *)member = option_value(value);
	else
		*(bool *)(void *)member = true;
	return true;
}

static int read_options(
	int argc, char **argv, const struct syntax *syntax, void *request, bool operands)
{
	static const struct option none[] = {{0}};
	const struct option *options = syntax->options != NULL ? syntax->options : none;
	bool takes_files = strstr(syntax->letters, "f:") != NULL;
	struct line line = {argc, argv, 0};
	int option;

	while ((option = getopt_long(line.argc, line.argv, syntax->letters, options, NULL)) != -1) {
		if (option == 'h') {
			printf("usage: %s\n", syntax->usage);
			return 0;
		}
		if (option == 'f' && takes_files) {
			if (!insert_words(&line, option_value(optarg)))
				return EXIT_USAGE;
		} else if (option == '?' ||
			   (!store(syntax, request, option, optarg) &&
				   (syntax->take == NULL ||
					   !syntax->take(request, option, optarg)))) {
			return usage_error(syntax->usage);
		}
	}
	return operands || no_operands(line.argc, line.argv) ? -1 : usage_error(syntax->usage);
}

int arguments_read(int argc, char **argv, const struct syntax *syntax, void *request)
{
	return read_options(argc, argv, syntax, request, false);
}

int arguments_read_some(int argc, char **argv, const struct syntax *syntax, void *request)
{
	return read_options(argc, argv, syntax, request, true);
}

void argument_append(struct text *values, const char *separator, const char *value)
{
	text_printf(values, "%s%s", values->length > 0 ? separator : "", option_value(value));
}
