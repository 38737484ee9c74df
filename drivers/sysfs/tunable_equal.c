/* When two values mean the same to the kernel, although they are written in another way. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sysfs/several.h"
#include "sysfs/tunable.h"

#define BLANKS " \t\r\n"

/* More than any kernel is built for. */
#define PROCESSORS 8192

struct number {
	bool negative;
	unsigned long long magnitude;
};

struct processors {
	uint64_t words[PROCESSORS / 64];
};

static bool is_end(const char *string)
{
	return string[strspn(string, BLANKS)] == '\0';
}

/* Zeros in front make no octal number of it: hardly any attribute of the kernel takes them so. */
static bool parse_number(const char *string, struct number *number)
{
	char *end;

	string += strspn(string, BLANKS);
	number->negative = *string == '-';
	if (*string == '-' || *string == '+')
		string++;
	if (*string < '0' || *string > '9')
		return false;
	errno = 0;
	number->magnitude =
		strtoull(string, &end, string[0] == '0' && (string[1] | 0x20) == 'x' ? 16 : 10);
	if (number->magnitude == 0)
		number->negative = false;
	return errno == 0 && is_end(end);
}

/* Whether a number below zero is how the kernel shows this unsigned one of 32 or 64 bits. */
static bool is_shown_as(const struct number *positive, const struct number *negative)
{
	uint64_t wrapped = -(uint64_t)negative->magnitude;

	if (positive->negative || !negative->negative)
		return false;
	return (negative->magnitude <= (uint64_t)1 << 31 &&
		       positive->magnitude == (uint32_t)wrapped) ||
	       (negative->magnitude <= (uint64_t)1 << 63 && positive->magnitude == wrapped);
}

static bool equal_numbers(const char *one, const char *other, bool *equal)
{
	struct number a, b;

	if (!parse_number(one, &a) || !parse_number(other, &b))
		return false;
	*equal = (a.negative == b.negative && a.magnitude == b.magnitude) || is_shown_as(&a, &b) ||
		 is_shown_as(&b, &a);
	return true;
}

static bool parse_below(const char **string, unsigned long least, unsigned long *number)
{
	char *end;

	if (**string < '0' || **string > '9')
		return false;
	*number = strtoul(*string, &end, 10);
	*string = end;
	return *number >= least && *number < PROCESSORS;
}

/* One of "5", "5-9" and "0-31:2/16": of each 16 the first 2. */
static bool parse_range(const char **string, struct processors *set)
{
	unsigned long first, last, used = 1, group = 1;

	if (!parse_below(string, 0, &first))
		return false;
	last = first;
	if (**string == '-') {
		++*string;
		if (!parse_below(string, first, &last))
			return false;
		if (**string == ':') {
			++*string;
			if (!parse_below(string, 1, &used) || *(*string)++ != '/' ||
				!parse_below(string, used, &group))
				return false;
		}
	}
	for (unsigned long i = first; i <= last; i++)
		if ((i - first) % group < used)
			set->words[i / 64] |= (uint64_t)1 << i % 64;
	return true;
}

static bool parse_list(const char *string, struct processors *set)
{
	*set = (struct processors){0};
	string += strspn(string, BLANKS);
	if (*string == '\0')
		return true;
	while (parse_range(&string, set)) {
		if (is_end(string))
			return true;
		if (*string++ != ',')
			return false;
	}
	return false;
}

static int digit(char character)
{
	if (character >= '0' && character <= '9')
		return character - '0';
	character |= 0x20;
	return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

/* Groups of 32 bits with commas between, whose zeros in front may be left out. */
static bool parse_mask(const char *string, struct processors *set)
{
	size_t end = strlen(string), bit = 0, start = strspn(string, BLANKS);

	*set = (struct processors){0};
	while (end > start && strchr(BLANKS, string[end - 1]) != NULL)
		end--;
	if (end == start)
		return false;
	for (; end > start; end--) {
		int value = digit(string[end - 1]);
		if (string[end - 1] == ',') {
			bit = (bit + 31) / 32 * 32;
			continue;
		}
		if (value < 0 || (value > 0 && bit >= PROCESSORS))
			return false;
		if (value > 0)
			set->words[bit / 64] |= (uint64_t)value << bit % 64;
		bit += 4;
	}
	return true;
}

static bool equal_sets(const char *one, const char *other,
	bool (*parse)(const char *string, struct processors *set), bool *equal)
{
	struct processors a, b;

	if (!parse(one, &a) || !parse(other, &b))
		return false;
	*equal = memcmp(&a, &b, sizeof(a)) == 0;
	return true;
}

static bool parse_switch(const char *string, bool *on)
{
	static const char *const words[] = {
		"n", "y", "0", "1", "off", "on", "no", "yes", "f", "t", "false", "true"};

	string += strspn(string, BLANKS);
	size_t length = strcspn(string, BLANKS);
	if (!is_end(string + length))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == length && strncasecmp(words[i], string, length) == 0) {
			*on = i % 2 == 1;
			return true;
		}
	return false;
}

static bool equal_switches(const char *one, const char *other, bool *equal)
{
	bool a, b;

	if (!parse_switch(one, &a) || !parse_switch(other, &b))
		return false;
	*equal = a == b;
	return true;
}

/* But for blanks at the end, which some attributes have. */
static bool equal_texts(const char *one, const char *other)
{
	size_t same = 0;

	while (one[same] == other[same] && one[same] != '\0')
		same++;
	return is_end(one + same) && is_end(other + same);
}

/* One value, as the form says. */
static bool equal_values(enum tunable_form form, const char *one, const char *other)
{
	bool parsed = false, equal = false;

	if (form == TUNABLE_NUMBER)
		parsed = equal_numbers(one, other, &equal);
	else if (form == TUNABLE_LIST)
		parsed = equal_sets(one, other, parse_list, &equal);
	else if (form == TUNABLE_MASK)
		parsed = equal_sets(one, other, parse_mask, &equal);
	else if (form == TUNABLE_SWITCH)
		parsed = equal_switches(one, other, &equal);
	return parsed ? equal : equal_texts(one, other);
}

/* The next of several, which is not longer than a value. False at the end. */
static bool next_value(const char **string, char room[TUNABLE_VALUE])
{
	if (*string == NULL)
		return false;
	size_t length = strcspn(*string, (char[]){SEVERAL_SEPARATOR, '\0'});
	snprintf(room, TUNABLE_VALUE, "%.*s", (int)length, *string);
	*string = (*string)[length] != '\0' ? *string + length + 1 : NULL;
	return true;
}

bool tunable_equal(const struct tunable *tunable, const char *one, const char *other)
{
	char a[TUNABLE_VALUE], b[TUNABLE_VALUE];

	if (strchr(one, SEVERAL_SEPARATOR) == NULL || strchr(other, SEVERAL_SEPARATOR) == NULL)
		return equal_values(tunable->form, one, other);
	while (one != NULL && other != NULL)
		if (!next_value(&one, a) || !next_value(&other, b) ||
			!equal_values(tunable->form, a, b))
			return false;
	return one == NULL && other == NULL;
}
