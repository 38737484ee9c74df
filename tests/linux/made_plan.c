/* A line of a plan: KIND NAME=VALUE ..., with \xNN for any byte. */
#include "made_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool made_has(const struct made_values *values, const char *name)
{
	for (int i = 0; i < values->count; i++)
		if (strcmp(values->list[i].name, name) == 0)
			return true;
	return false;
}

const char *made_value(const struct made_values *values, const char *name, const char *otherwise)
{
	for (int i = 0; i < values->count; i++)
		if (strcmp(values->list[i].name, name) == 0)
			return values->list[i].value;
	if (otherwise == NULL) {
		fprintf(stderr, "%s: %s is missing\n", values->kind, name);
		exit(2);
	}
	return otherwise;
}

/* In its place: what comes out is not longer. */
static void unescape(char *text)
{
	unsigned byte;
	char *to = text;

	for (const char *from = text; *from != '\0'; to++)
		if (sscanf(from, "\\x%2x", &byte) == 1) {
			*to = (char)byte;
			from += 4;
		} else
			*to = *from++;
	*to = '\0';
}

static void remove_line(const struct made_values *values)
{
	made_remove_block(made_value(values, "name", NULL));
}

void made_line(char *line)
{
	static const struct {
		const char *kind;
		void (*make)(const struct made_values *values);
	} kinds[] = {{"dmi", made_dmi}, {"cpu", made_cpu}, {"node", made_node}, {"pci", made_pci},
		{"fc", made_fc}, {"disk", made_disk}, {"virtio", made_virtio}, {"nvme", made_nvme},
		{"namespace", made_namespace}, {"map", made_map}, {"net", made_net},
		{"remove", remove_line}};
	struct made_values values = {0};
	char *rest = line, *word;

	line[strcspn(line, "#\n")] = '\0';
	while ((word = strsep(&rest, " \t")) != NULL) {
		if (*word == '\0')
			continue;
		char *equals = strchr(word, '=');
		if (values.kind == NULL) {
			values.kind = word;
			continue;
		}
		if (equals == NULL || values.count == sizeof(values.list) / sizeof(*values.list)) {
			fprintf(stderr, "%s: '%s' can't be taken\n", values.kind, word);
			exit(2);
		}
		*equals = '\0';
		unescape(equals + 1);
		values.list[values.count].name = word;
		values.list[values.count++].value = equals + 1;
	}
	if (values.kind == NULL)
		return;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].kind, values.kind) == 0) {
			kinds[i].make(&values);
			return;
		}
	fprintf(stderr, "there is no kind '%s'\n", values.kind);
	exit(2);
}
