/* Schema files: what is loaded, and what is refused with file and line. */
#include "suite.h"

#include <string.h>

#include "base/paths.h"
#include "cfgmethods/schema.h"
#include "root.h"

#define HEAD                                                                                       \
	"class = \"toy\"; subclass = \"none\"; type = \"ball\"; prefix = \"ball\";\n"              \
	"description = \"A ball\";\n"
#define METHODS                                                                                    \
	"methods = { define = \"/d\"; configure = \"/c\"; change = \"/h\"; unconfigure = "         \
	"\"/u\";\n"                                                                                \
	"  undefine = \"/n\"; };\n"
#define ATTRIBUTE(rest)                                                                            \
	"attributes = (\n { name = \"size\"; description = \"Its size\"; generic = \"DU\"; " rest  \
	" } );\n"

/* Loads files of these contents (the second may be NULL); the mistake, to be freed. */
static char *load(const char *first, const char *second)
{
	AUTO_FREE char *one = root_path(ROOT_ETC, "one.cfg");
	AUTO_FREE char *two = root_path(ROOT_ETC, "two.cfg");
	char *paths[] = {one, two};

	root_write("etc/one.cfg", first);
	if (second != NULL)
		root_write("etc/two.cfg", second);
	return schema_load(paths, second != NULL ? 2 : 1);
}

static void refused(const char *text, const char *first, const char *second)
{
	AUTO_FREE char *mistake = load(first, second);

	ck_assert_msg(mistake != NULL, "accepted: %s", first);
	ck_assert_msg(strstr(mistake, text) != NULL, "no \"%s\" in \"%s\"", text, mistake);
	ck_assert_int_eq(count_objects(PdDv_CLASS, "class=toy"), 0);
	ck_assert_int_eq(count_objects(PdAt_CLASS, "uniquetype=toy/none/ball"), 0);
}

START_TEST(a_type_becomes_predefined_objects)
{
	root_make();
	AUTO_FREE char *mistake = load(HEAD
		"led = 0x10;\n" METHODS ATTRIBUTE("default = \"3\"; values = \"1-9,2\"; rep = "
						  "\"nr\";") "connections = ( { child = \"dog\"; "
							     "where = \"mouth\"; } );\n",
		NULL);
	ck_assert_msg(mistake == NULL, "%s", mistake);
	ck_assert_int_eq(
		count_objects(PdDv_CLASS, "uniquetype=toy/none/ball and led=16 and Unconfigure=/u"),
		1);
	ck_assert_int_eq(
		count_objects(PdAt_CLASS, "uniquetype=toy/none/ball and attribute=size and "
					  "deflt=3 and values=1-9,2 and type=R"),
		1);
	ck_assert_int_eq(count_objects(PdCn_CLASS, "uniquetype=toy/none/ball and connkey=dog"), 1);

	struct PdDv type;
	ck_assert_int_eq(find_object(PdDv_CLASS, &type, "class = 'toy'"), 1);
	AUTO_FREE char *description = message_text(type.catalog, type.setno, type.msgno);
	ck_assert_str_eq(description, "A ball");
	odm_free_members(PdDv_CLASS, &type);
	root_remove();
}
END_TEST

START_TEST(loading_again_replaces_and_keeps_customized_data)
{
	root_make();
	configure_machine();
	add_stanza("CuAt:\n\tname = scsi0\n\tattribute = intr_priority\n\tvalue = 2\n");
	AUTO_FREE char *one = load(HEAD METHODS ATTRIBUTE("default = \"3\"; rep = \"n\";"), NULL);
	AUTO_FREE char *two = load(HEAD METHODS, NULL);
	ck_assert_ptr_null(one);
	ck_assert_ptr_null(two);
	ck_assert_int_eq(count_objects(PdDv_CLASS, "class=toy"), 1);
	ck_assert_int_eq(count_objects(PdAt_CLASS, "uniquetype=toy/none/ball"), 0);
	ck_assert_int_eq(count_objects(PdMsg_CLASS, "text='A ball'"), 1);
	ck_assert_str_eq(value_of("scsi0", "intr_priority"), "2");
	ck_assert_int_eq(status_of("scsi0"), AVAILABLE);
	root_remove();
}
END_TEST

static int take_newest(const struct odm_history_entry *entry, void *id)
{
	*(long long *)id = entry->id;
	return 1;
}

static long long newest_entry(void)
{
	long long id = 0;

	ck_assert_int_eq(odm_history(0, take_newest, &id), 1);
	return id;
}

START_TEST(what_is_the_same_is_left_alone_and_dumps_load_the_same)
{
	char text[4096] = "";

	root_make();
	AUTO_FREE char *first = load(HEAD "led = 0x10;\nfru = 1;\n" METHODS ATTRIBUTE(
					     "default = \"a \\\"b\\\"\"; rep = \"s\"; width = "
					     "\"3\";") "connections = ( { child = "
						       "\"dog\"; where = "
						       "\"mouth\"; } );\n",
		NULL);
	ck_assert_msg(first == NULL, "%s", first);
	long long loaded = newest_entry();
	FILE *file = fmemopen(text, sizeof(text), "w");
	AUTO_FREE char *mistake = schema_dump("toy/none/ball", file);
	fclose(file);
	ck_assert_msg(mistake == NULL, "%s", mistake);
	AUTO_FREE char *second = load(text, NULL);
	ck_assert_msg(second == NULL, "%s: %s", second, text);
	ck_assert_int_eq(newest_entry(), loaded);
	AUTO_FREE char *third = load(HEAD "led = 0x11;\n" METHODS, NULL);
	ck_assert_ptr_null(third);
	ck_assert_int_eq(newest_entry(), loaded + 1);
	AUTO_FREE char *unknown = schema_dump("no/such/type", stdout);
	ck_assert_ptr_nonnull(strstr(unknown, "there is no such device type"));
	root_remove();
}
END_TEST

START_TEST(a_check_names_every_mistake_and_changes_nothing)
{
	root_make();
	long long before = newest_entry();
	root_write("etc/one.cfg", HEAD METHODS "attributes = (\n"
					       " { name = \"a\"; description = \"d\"; default = "
					       "\"5\"; rep = \"x\"; generic = \"D\"; },\n"
					       " { name = \"b\"; description = \"d\"; default = "
					       "\"x\"; rep = \"n\"; generic = \"D\"; }\n"
					       ");\n");
	root_write("etc/two.cfg", HEAD METHODS);
	AUTO_FREE char *one = root_path(ROOT_ETC, "one.cfg");
	AUTO_FREE char *two = root_path(ROOT_ETC, "two.cfg");
	char *paths[] = {one, two};
	AUTO_FREE char *first = schema_load(paths, 1);
	ck_assert_ptr_nonnull(strstr(first, "one.cfg:6: a: rep is one of"));
	ck_assert_ptr_nonnull(strstr(first, "one.cfg:7: the default: b = x"));
	AUTO_FREE char *second = schema_check(paths, 2);
	ck_assert_ptr_nonnull(strstr(second, "one.cfg:3: define: there is no such method, /d"));
	ck_assert_ptr_nonnull(strstr(second, "two.cfg:4: undefine: there is no such method, /n"));
	ck_assert_int_eq(newest_entry(), before);

	root_write("etc/two.cfg",
		HEAD "methods = { define = \"/usr/lib/methods/define\"; configure = \"/bin/true\";"
		     " change = \"/bin/true\"; unconfigure = \"/bin/true\"; undefine = "
		     "\"/bin/true\"; };\n");
	AUTO_FREE char *third = schema_check(&paths[1], 1);
	ck_assert_msg(third == NULL, "%s", third);
	ck_assert_int_eq(count_objects(PdDv_CLASS, "class=toy"), 0);
	ck_assert_int_eq(newest_entry(), before);
	root_remove();
}
END_TEST

START_TEST(mistakes_are_named_with_file_and_line)
{
	root_make();
	refused("one.cfg:3: 'colour' is not known", HEAD "colour = \"red\";\n" METHODS, NULL);
	refused("one.cfg:2: syntax error", "class = \"toy\";\n subclass = = 1;\n", NULL);
	refused("'subclass' is missing", "class = \"toy\"; type = \"ball\"; prefix = \"b\";\n",
		NULL);
	refused("'methods' is missing", HEAD, NULL);
	refused("'change' is missing",
		HEAD "methods = { define = \"/d\"; configure = \"/c\"; unconfigure = \"/u\";"
		     " undefine = \"/n\"; };\n",
		NULL);
	refused("one.cfg:3: 'led' is not a number", HEAD "led = \"red\";\n" METHODS, NULL);
	root_remove();
}
END_TEST

START_TEST(attributes_that_make_no_sense_are_refused)
{
	root_make();
	refused("allowed is a number from 1 to 9",
		HEAD METHODS ATTRIBUTE("default = \"10\"; values = \"1-9,1\"; rep = \"nr\";"),
		NULL);
	refused("the default",
		HEAD METHODS ATTRIBUTE("default = \"maybe\"; values = \"yes,no\"; rep = \"sl\";"),
		NULL);
	refused("the default", HEAD METHODS ATTRIBUTE("default = \"\"; rep = \"n\";"), NULL);
	refused("values is no range",
		HEAD METHODS ATTRIBUTE("default = \"5\"; values = \"9-1,1\"; rep = \"nr\";"), NULL);
	refused("values is no range",
		HEAD METHODS ATTRIBUTE("default = \"5\"; values = \"1-9,0\"; rep = \"nr\";"), NULL);
	refused("rep is one of", HEAD METHODS ATTRIBUTE("default = \"5\"; rep = \"x\";"), NULL);
	refused("rep wants values", HEAD METHODS ATTRIBUTE("default = \"5\"; rep = \"nr\";"), NULL);
	refused("generic has D, U and + only",
		HEAD METHODS "attributes = ( { name = \"size\"; description = \"d\"; "
			     "default = \"5\"; rep = \"n\"; generic = \"X\"; } );\n",
		NULL);
	refused("size is there twice",
		HEAD METHODS
		"attributes = (\n"
		" { name = \"size\"; description = \"d\"; default = \"5\"; rep = \"n\";"
		" generic = \"D\"; },\n"
		" { name = \"size\"; description = \"d\"; default = \"5\"; rep = \"n\";"
		" generic = \"D\"; } );\n",
		NULL);
	root_remove();
}
END_TEST

START_TEST(one_bad_file_of_many_changes_nothing)
{
	root_make();
	refused("two.cfg:1: syntax error", HEAD METHODS, "class = = ;\n");
	refused("one.cfg describes the type toy/none/ball too", HEAD METHODS, HEAD METHODS);
	root_remove();
}
END_TEST

SUITE_MAIN("schema", a_type_becomes_predefined_objects,
	loading_again_replaces_and_keeps_customized_data,
	what_is_the_same_is_left_alone_and_dumps_load_the_same,
	a_check_names_every_mistake_and_changes_nothing, mistakes_are_named_with_file_and_line,
	attributes_that_make_no_sense_are_refused, one_bad_file_of_many_changes_nothing)
