#include "udev_rules.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "import_sources.h"

void udev_rules_release(struct udev_rules *rules)
{
	for (int i = 0; i < rules->count; i++)
		free(rules->rules[i].keys);
	free(rules->rules);
	free(rules->text);
}

bool udev_key_matches(const struct udev_key *key)
{
	return key->operator[1] == '=' &&(key->operator[0] == '=' || key->operator[0] == '!');
}

/* The value in quotes that begins at *place, which is then behind it: NULL, or what is wrong. */
static const char *read_value(char **place, struct udev_key *key)
{
	char *from = *place;
	bool escapes = false;

	for (; *from == 'e' || *from == 'i'; from++) {
		escapes = escapes || *from == 'e';
		key->ignore_case = key->ignore_case || *from == 'i';
	}
	if (*from != '"')
		return "a value is in quotes";
	char *to = key->value = ++from;
	for (; *from != '"'; from++) {
		if (*from == '\0')
			return "a quote is not closed";
		if (escapes && *from == '\\')
			return "an escape in e\"...\" is not understood";
		/* Only a quote is escaped: a pattern has its other backslashes. */
		if (*from == '\\' && from[1] == '"')
			from++;
		*to++ = *from;
	}
	*place = from + 1;
	*to = '\0';
	return NULL;
}

/* One NAME{attribute}=="value": NULL, or what is wrong. */
static const char *read_key(char **place, struct udev_key *key)
{
	char *from = *place;

	key->name = from;
	while (isupper((unsigned char)*from) || *from == '_')
		from++;
	if (from == key->name)
		return "the name of a key is in capitals";
	char *name_end = from, *attribute_end = NULL;
	if (*from == '{') {
		key->attribute = from + 1;
		attribute_end = strchr(from, '}');
		if (attribute_end == NULL)
			return "there is no } behind {";
		from = attribute_end + 1;
	}
	from += strspn(from, " \t");
	size_t length = strspn(from, "=!+-:");
	if (length < 1 || length > 2 || from[length - 1] != '=')
		return "behind a key there is ==, !=, =, +=, -= or :=";
	memcpy(key->operator, from, length);
	from += length;
	from += strspn(from, " \t");
	*name_end = '\0';
	if (attribute_end != NULL)
		*attribute_end = '\0';
	*place = from;
	return read_value(place, key);
}

/* NULL, or what is wrong. */
static const char *read_keys(char *line, struct udev_rule *rule)
{
	for (char *place = line; place += strspn(place, ", \t\r"), *place != '\0';) {
		struct udev_key *longer =
			reallocarray(rule->keys, (size_t)rule->count + 1, sizeof(*longer));
		if (longer == NULL)
			return "there is not enough memory";
		rule->keys = longer;
		longer[rule->count] = (struct udev_key){0};
		const char *wrong = read_key(&place, &longer[rule->count++]);
		if (wrong != NULL)
			return wrong;
	}
	return NULL;
}

/*
 * The line that begins at *rest with those that it goes on in, put together in its place; comments
 * go on in none. NULL at the end.
 */
static char *next_line(char **rest, int *number, int *begun)
{
	char *line = *rest, *to = line, *from = line;
	bool goes_on = true;

	if (from == NULL || *from == '\0')
		return NULL;
	*begun = *number + 1;
	while (goes_on && *from != '\0') {
		from += strspn(from, " \t\r");
		size_t length = strcspn(from, "\n");
		bool is_comment = *from == '#';
		goes_on = is_comment ? to > line : length > 0 && from[length - 1] == '\\';
		if (!is_comment) {
			memmove(to, from, length - goes_on);
			to += length - goes_on;
		}
		from += length + (from[length] == '\n');
		++*number;
	}
	*rest = from;
	*to = '\0';
	return line;
}

static bool add_rule(struct udev_rules *rules, const struct udev_rule *rule)
{
	struct udev_rule *longer =
		reallocarray(rules->rules, (size_t)rules->count + 1, sizeof(*longer));

	if (longer == NULL) {
		message("there is not enough memory");
		free(rule->keys);
		return false;
	}
	rules->rules = longer;
	longer[rules->count++] = *rule;
	return true;
}

bool udev_rules_read(const char *path, struct udev_rules *rules, int *mistakes)
{
	AUTO(text_release) struct text text = {0};
	int number = 0, begun = 0;

	if (!import_read_text(path, &text))
		return false;
	rules->text = text_take(&text);
	char *rest = rules->text;
	for (char *line; (line = next_line(&rest, &number, &begun)) != NULL;) {
		struct udev_rule rule = {.line = begun};
		if (*line == '\0')
			continue;
		const char *wrong = read_keys(line, &rule);
		if (wrong != NULL) {
			message("%s:%d: %s", path, begun, wrong);
			free(rule.keys);
			++*mistakes;
		} else if (!add_rule(rules, &rule)) {
			return false;
		}
	}
	return rules->text != NULL;
}
