/* Lists of device names, from words or a pattern. */
#include "names.h"

#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "device_command.h"

void names_release(struct names *names)
{
	free(names->list);
}

bool names_add(struct names *names, const char *name)
{
	/* Room grows at the powers of two. */
	if ((names->count & (names->count - 1)) == 0) {
		size_t room = names->count > 0 ? 2 * (size_t)names->count : 1;
		char(*longer)[16] = realloc(names->list, room * sizeof(*longer));
		if (longer == NULL)
			return false;
		names->list = longer;
	}
	if (!copy_text(names->list[names->count], sizeof(*names->list), name))
		return false;
	names->count++;
	return true;
}

bool names_add_words(struct names *names, char *words)
{
	for (char *word = strsep(&words, " \t\n"); word != NULL; word = strsep(&words, " \t\n"))
		if (*word != '\0' && !names_add(names, word))
			return false;
	return true;
}

static int compare_naturally(const void *one, const void *other)
{
	return strverscmp(one, other);
}

static bool match_pattern(struct names *names, const char *pattern)
{
	struct CuDv *list;
	struct listinfo info;

	if (!list_devices(&list, &info, ""))
		return false;
	bool ok = true;
	for (int i = 0; i < info.num && ok; i++)
		if (name_matches(pattern, list[i].name))
			ok = names_add(names, list[i].name);
	odm_free_list(list, &info);
	if (names->count > 0)
		qsort(names->list, (size_t)names->count, sizeof(*names->list), compare_naturally);
	return ok;
}

bool names_exist(const char *pattern)
{
	struct CuDv device;

	if (strpbrk(pattern, "*?[") != NULL ||
		find_object(CuDv_CLASS, &device, "name = %s", pattern) != 0)
		return true;
	message("%s is not in the customized database; lsdev lists the devices", pattern);
	return false;
}

bool names_match(struct names *names, const char *pattern)
{
	struct CuDv device;

	if (strpbrk(pattern, "*?[") != NULL) {
		if (!match_pattern(names, pattern))
			return false;
	} else {
		int found = find_object(CuDv_CLASS, &device, "name = %s", pattern);
		if (found < 0)
			message("the devices can't be read: %s", odm_error_text(odmerrno));
		if (found < 0 || (found == 1 && !names_add(names, pattern)))
			return false;
	}
	if (names->count == 0)
		message("%s is not in the customized database; lsdev lists the devices", pattern);
	return names->count > 0;
}
