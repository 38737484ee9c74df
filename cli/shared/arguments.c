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
#include "suggestion.h"

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

/* Beside the command's own, which are letters or little more. */
enum { HELP_OPTION = 10000, VERSION_OPTION };

#define MOST_OPTIONS 30
#define MOST_LETTERS 62

/* What getopt reads: the command's options, and those that every command has. */
struct accepted {
	char letters[MOST_LETTERS + 2];
	struct option options[MOST_OPTIONS + 3];
};

static void accept(const struct syntax *syntax, struct accepted *accepted)
{
	static const struct option common[] = {{"help", no_argument, NULL, HELP_OPTION},
		{"version", no_argument, NULL, VERSION_OPTION}, {0}};
	size_t count = 0;

	/* The colon: a missing value is told apart from an unknown option. */
	snprintf(accepted->letters, sizeof(accepted->letters), ":%s", syntax->letters);
	while (syntax->options != NULL && syntax->options[count].name != NULL &&
		count < MOST_OPTIONS) {
		accepted->options[count] = syntax->options[count];
		count++;
	}
	memcpy(&accepted->options[count], common, sizeof(common));
}

/* Says what is wrong with a word that begins like a long option. */
static void tell_unknown_word(const struct accepted *accepted, const char *word)
{
	AUTO(text_release) struct text several = {0};
	AUTO_FREE char *name = strndup(word, strcspn(word, "="));
	struct suggestion suggestion = {.word = name != NULL ? name + 2 : ""};
	int meant = 0;

	for (const struct option *option = accepted->options; option->name != NULL; option++) {
		suggestion_consider(&suggestion, option->name);
		if (strncmp(option->name, suggestion.word, strlen(suggestion.word)) == 0)
			text_printf(&several, "%s--%s", meant++ > 0 ? ", " : "", option->name);
	}
	if (meant > 1 && several.data != NULL)
		message("'%s' is short for several options: %s", word, several.data);
	else if (suggestion.nearest != NULL)
		message("there is no option '%s'; did you mean --%s?", word, suggestion.nearest);
	else
		message("there is no option '%s'", word);
}

/* Says what is wrong with an option that getopt refused, in the word before optind or that there.
 */
static void tell_wrong_option(const struct accepted *accepted, int refusal, const char *word)
{
	const struct option *option = accepted->options;
	bool is_long = strncmp(word, "--", 2) == 0;

	if (optopt == 0) {
		tell_unknown_word(accepted, word);
		return;
	}
	while (option->name != NULL && option->val != optopt)
		option++;
	if (refusal == ':' && is_long)
		message("%s needs a value", word);
	else if (refusal == ':')
		message("-%c needs a value", optopt);
	else if (is_long && option->name != NULL && option->has_arg == no_argument)
		message("--%s takes no value", option->name);
	else
		message("there is no option '-%c'", optopt);
}

/* Takes one option: -1 to go on, or the exit status, with a message. */
static int take_option(struct line *line, const struct syntax *syntax,
	const struct accepted *accepted, void *request, int option)
{
	switch (option) {
	case HELP_OPTION:
		command_print_help(syntax->usage);
		return 0;
	case VERSION_OPTION:
		command_print_version();
		return 0;
	case '?':
	case ':':
		tell_wrong_option(accepted, option, line->argv[optind - 1]);
		return usage_error(syntax->usage);
	default:
		break;
	}
	if (option == 'f' && strstr(syntax->letters, "f:") != NULL)
		return insert_words(line, option_value(optarg)) ? -1 : EXIT_USAGE;
	if (store(syntax, request, option, optarg))
		return -1;
	/* Where the letter is not the command's own. */
	if (option == 'h') {
		command_print_help(syntax->usage);
		return 0;
	}
	return syntax->take != NULL && syntax->take(request, option, optarg)
		       ? -1
		       : usage_error(syntax->usage);
}

/* Scripts pass empty words where there is nothing to say. */
static int skip_empty(int argc, char **argv)
{
	int count = optind;

	for (int i = optind; i < argc; i++)
		if (argv[i][0] != '\0')
			argv[count++] = argv[i];
	return count;
}

/* How many words may follow the options: -1, or the exit status with a message. */
static int check_operands(
	int argc, char **argv, const struct syntax *syntax, const struct operands *operands)
{
	int count = argc - optind;

	if (count < operands->least)
		return usage_mistake(syntax->usage, "%s is missing", operands->name);
	if (operands->most < 0 || count <= operands->most)
		return -1;
	const char *word = argv[optind + operands->most];
	if (operands->most == 0 && strstr(syntax->letters, "l:") != NULL)
		return usage_mistake(
			syntax->usage, "'%s' is not an option; a device is named by -l", word);
	return usage_mistake(syntax->usage,
		operands->most == 0 ? "'%s' is not an option" : "'%s' is one word too many", word);
}

int arguments_read_operands(int argc, char **argv, const struct syntax *syntax, void *request,
	const struct operands *operands)
{
	struct line line = {argc, argv, 0};
	struct accepted accepted;
	int option;

	accept(syntax, &accepted);
	opterr = 0;
	while ((option = getopt_long(
			line.argc, line.argv, accepted.letters, accepted.options, NULL)) != -1) {
		int status = take_option(&line, syntax, &accepted, request, option);
		if (status >= 0)
			return status;
	}
	/* A list of operands ends with a null pointer, as argv does. */
	int count = operands->most == 0 ? skip_empty(line.argc, line.argv) : line.argc;
	return check_operands(count, line.argv, syntax, operands);
}

int arguments_read(int argc, char **argv, const struct syntax *syntax, void *request)
{
	static const struct operands none = {0};

	return arguments_read_operands(argc, argv, syntax, request, &none);
}

void argument_append(struct text *values, const char *separator, const char *value)
{
	text_printf(values, "%s%s", values->length > 0 ? separator : "", option_value(value));
}
