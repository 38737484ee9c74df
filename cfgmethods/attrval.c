/* Whether attribute values are allowed: lists and ranges of PdAt.values. */
#include <errno.h>

#include "cfg_private.h"

bool parse_number(const char *text, long long *number)
{
	char *end;

	errno = 0;
	*number = strtoll(text, &end, 0);
	return *text != '\0' && *end == '\0' && errno == 0;
}

/* "low-high,increment"; the increment is 1 when it is missing. */
bool values_range(const char *values, long long *low, long long *high, long long *increment)
{
	AUTO_FREE char *copy = strdup(values);
	char *dash = copy != NULL && *copy != '\0' ? strchr(copy + 1, '-') : NULL;
	if (dash == NULL)
		return false;

	*dash = '\0';
	char *comma = strchr(dash + 1, ',');
	*increment = 1;
	if (comma != NULL) {
		*comma = '\0';
		if (!parse_number(comma + 1, increment) || *increment < 1)
			return false;
	}
	return parse_number(copy, low) && parse_number(dash + 1, high) && *low <= *high;
}

static bool in_list(const char *values, const char *value, bool numeric)
{
	AUTO_FREE char *copy = strdup(values);
	char *rest = copy;
	long long wanted = 0, member_number;
	if (numeric && !parse_number(value, &wanted))
		return false;

	for (char *member = strsep(&rest, ","); member != NULL; member = strsep(&rest, ","))
		if (numeric ? parse_number(member, &member_number) && member_number == wanted
			    : strcmp(member, value) == 0)
			return true;
	return false;
}

/* Why a value is refused: *reason is NULL only without memory. */
static bool refuse(char **reason, const struct PdAt *attribute, const char *value,
	const char *allowed, const char *values)
{
	if (asprintf(reason, "%s = %s: allowed is %s%s", attribute->attribute, value, allowed,
		    values) < 0)
		*reason = NULL;
	return false;
}

static bool range_allows(const struct PdAt *attribute, const char *value, char **reason)
{
	long long low, high, increment, number;
	char allowed[128];

	if (!values_range(attribute->values, &low, &high, &increment))
		return refuse(reason, attribute, value,
			"nothing, for its range is malformed: ", attribute->values);
	if (parse_number(value, &number) && number >= low && number <= high &&
		(number - low) % increment == 0)
		return true;
	snprintf(allowed, sizeof(allowed), "a number from %lld to %lld", low, high);
	if (increment != 1)
		snprintf(allowed + strlen(allowed), sizeof(allowed) - strlen(allowed),
			" in steps of %lld", increment);
	return refuse(reason, attribute, value, allowed, "");
}

bool rep_has_many(const char *rep)
{
	return strchr(rep, 'm') != NULL;
}

/* Of other types the width is an amount of bus memory, or what one is for. */
const char *attribute_removes(const struct PdAt *attribute)
{
	return rep_has_many(attribute->rep) && strcmp(attribute->type, "R") == 0 &&
			       attribute->width[0] != '\0'
		       ? attribute->width
		       : NULL;
}

bool attribute_adds(const struct PdAt *attribute)
{
	return rep_has_many(attribute->rep) && attribute_removes(attribute) == NULL;
}

const char *values_mistake(const struct PdAt *attribute)
{
	static const char *const reps[] = {"n", "s", "nl", "nr", "sl", "nm", "sm"};
	long long low, high, increment;
	bool known = false;

	for (size_t i = 0; i < sizeof(reps) / sizeof(*reps); i++)
		known = known || strcmp(attribute->rep, reps[i]) == 0;
	if (!known)
		return "rep is one of n, s, nl, nr, sl, nm and sm";
	bool any = attribute->rep[1] == '\0' || attribute->rep[1] == 'm';
	if (any != (attribute->values[0] == '\0'))
		return any ? "values wants an l or r in rep" : "rep wants values";
	if (attribute->rep[1] == 'r' && !values_range(attribute->values, &low, &high, &increment))
		return "values is no range: low-high,increment";
	return NULL;
}

bool value_allowed(const struct PdAt *attribute, const char *value, char **reason)
{
	const char *values = attribute->values != NULL ? attribute->values : "";
	bool numeric = strchr(attribute->rep, 'n') != NULL;
	long long number;

	*reason = NULL;
	if (rep_has_many(attribute->rep) && *value == '\0')
		return refuse(reason, attribute, value, "a value that is not empty", "");
	if (strchr(attribute->rep, 'r') != NULL)
		return range_allows(attribute, value, reason);
	if (*values != '\0')
		return in_list(values, value, numeric) ||
		       refuse(reason, attribute, value, "one of ", values);
	if (numeric && !parse_number(value, &number))
		return refuse(reason, attribute, value, "a number", "");
	return true;
}

/* 1 when it is allowed, 0 when not, -1 when the database fails. */
static int check_one(const char *uniquetype, const char *name, const char *value)
{
	struct PdAt attribute;
	AUTO_FREE char *reason = NULL;
	int found = find_object(
		PdAt_CLASS, &attribute, "uniquetype = %s AND attribute = %s", uniquetype, name);

	if (found != 1)
		return found;
	int allowed = value_allowed(&attribute, value, &reason);
	odm_free_members(PdAt_CLASS, &attribute);
	return allowed;
}

LIBCFG_API int attrval(const char *uniquetype, const char *assignments, char **bad)
{
	AUTO(text_release) struct text names = {0};
	AUTO_FREE char *copy = strdup(assignments);
	char *rest = copy;
	int count = 0;
	if (copy == NULL)
		return -1;

	for (char *one = strsep(&rest, " \t"); one != NULL; one = strsep(&rest, " \t")) {
		if (*one == '\0')
			continue;
		char *equals = strchr(one, '=');
		if (equals != NULL)
			*equals = '\0';
		int allowed = equals != NULL ? check_one(uniquetype, one, equals + 1) : 0;
		if (allowed < 0)
			return -1;
		if (allowed == 0)
			text_printf(&names, "%s%s", count++ > 0 ? " " : "", one);
	}
	*bad = text_take(&names);
	return *bad != NULL ? count : -1;
}
