/* Attributes that add: libcfg's calls, the Change method, what a driver gets, what schemas may say.
 */
#include "suite.h"

#include <string.h>
#include <sys/text_dds.h>

#include "base/paths.h"
#include "cfgmethods/running.h"
#include "cfgmethods/schema.h"
#include "fake_host.h"
#include "root.h"

#define HEAD                                                                                       \
	"class = \"toy\"; subclass = \"none\"; type = \"ball\"; prefix = \"ball\";\n"              \
	"driver = \"ball\"; description = \"A ball\";\n"                                           \
	"methods = { define = \"/usr/lib/methods/define\";\n"                                      \
	" configure = \"/usr/lib/methods/cfgleaf\"; change = \"/usr/lib/methods/chggen\";\n"       \
	" unconfigure = \"/usr/lib/methods/ucfggen\"; undefine = \"/usr/lib/methods/undefine\"; "  \
	"};\n"
#define NAMED(name, rest) "{ name = \"" name "\"; description = \"d\"; generic = \"DU\"; " rest " }"
#define ADDER NAMED("dot", "default = \"\"; rep = \"sm\";")
#define REMOVER NAMED("deldot", "default = \"\"; rep = \"sm\"; removes = \"dot\";")
#define NUMBERS                                                                                    \
	NAMED("hole", "default = \"\"; rep = \"nm\";")                                             \
	",\n" NAMED("delhole", "default = \"\"; rep = \"nm\"; removes = \"hole\";")
#define BALL HEAD "attributes = (\n" ADDER ",\n" REMOVER ",\n" NUMBERS " );\n"

/* Loads one type; the mistake, to be freed. */
static char *load(const char *content)
{
	AUTO_FREE char *path = root_path(ROOT_ETC, "one.cfg");

	root_write("etc/one.cfg", content);
	return schema_load(&path, 1);
}

static void make_ball(void)
{
	root_make();
	AUTO_FREE char *mistake = load(BALL);
	ck_assert_msg(mistake == NULL, "%s", mistake);
	run_well("define", "-c toy -s none -t ball");
}

static int put(const char *attribute, const char *value)
{
	char room[64];
	struct CuAt object = {.value = room, .name = "ball0", .type = "R", .rep = "s"};

	strcpy(object.attribute, attribute);
	strcpy(room, value);
	return putattr(&object);
}

/* The values are exactly these, in this order, joined by blanks. */
static void check_values(const char *attribute, const char *expected)
{
	char found[128] = "";
	int count;
	struct CuAt *list = getattr("ball0", attribute, FALSE, &count);

	ck_assert_ptr_nonnull(list);
	for (int i = 0; i < count; i++) {
		ck_assert_str_eq(list[i].attribute, attribute);
		strcat(found, i > 0 ? " " : "");
		strcat(found, list[i].value);
	}
	freeattr(list, count);
	ck_assert_str_eq(found, expected);
}

START_TEST(each_value_is_an_object)
{
	make_ball();
	check_values("dot", "");
	ck_assert_int_eq(put("dot", "red,1"), 0);
	ck_assert_int_eq(put("dot", "blue"), 0);
	ck_assert_int_eq(put("dot", "red,1"), 0);
	check_values("dot", "red,1 blue");
	ck_assert_int_eq(count_objects(CuAt_CLASS, "name=ball0 and rep=sm"), 2);
	ck_assert_int_eq(put("deldot", "red,1"), 0);
	check_values("dot", "blue");
	ck_assert_int_eq(put("deldot", "red,1"), -1);
	ck_assert_int_eq(odmerrno, ODMI_NO_OBJECT);
	ck_assert_int_eq(put("dot", "green"), 0);
	ck_assert_int_eq(put("dot", ""), 0);
	ck_assert_int_eq(count_objects(CuAt_CLASS, "name=ball0"), 0);
	root_remove();
}
END_TEST

START_TEST(an_empty_value_is_none_that_can_be_added)
{
	char *bad = NULL;

	make_ball();
	ck_assert_int_eq(attrval("toy/none/ball", "dot= hole= hole=x deldot=", &bad), 4);
	free(bad);
	ck_assert_int_eq(attrval("toy/none/ball", "dot=a hole=0x10 delhole=7", &bad), 0);
	free(bad);
	root_remove();
}
END_TEST

START_TEST(changes_are_carried_out_in_their_order)
{
	make_ball();
	run_well("chggen", "-l ball0 -a dot=a -a dot=b -a deldot=a -a dot=c");
	check_values("dot", "b c");
	run_refused(E_ATTRVAL, "dot of ball0 has no value a; it has c; b.", "chggen",
		"-l ball0 -a dot=d -a deldot=b -a dot=b -a deldot=d -a deldot=a");
	check_values("dot", "b c");
	run_refused(E_ATTRVAL, "it has none", "chggen", "-l ball0 -a delhole=1");
	run_well("chggen", "-l ball0 -a deldot=b -a deldot=c");
	check_values("dot", "");
	root_remove();
}
END_TEST

START_TEST(numbers_are_the_same_however_they_are_written)
{
	make_ball();
	run_well("chggen", "-l ball0 -a hole=16 -a hole=0x10 -a hole=020");
	check_values("hole", "16");
	run_well("chggen", "-l ball0 -a delhole=0x10");
	check_values("hole", "");
	root_remove();
}
END_TEST

static const char *dds_text(void)
{
	const struct text_dds *dds = fake_host_dds("ball0");

	ck_assert_ptr_nonnull(dds);
	return dds->text;
}

START_TEST(a_driver_gets_a_line_for_each_value)
{
	make_ball();
	run_well("chggen", "-l ball0 -a dot=a -a dot=b");
	run_well("cfgleaf", "-l ball0");
	ck_assert_str_eq(dds_text(), "dot=a\ndot=b\nhole=\n");
	run_well("chggen", "-l ball0 -a deldot=a -a dot=c -a hole=1");
	ck_assert_str_eq(dds_text(), "dot=b\ndot=c\nhole=1\n");
	run_well("chggen", "-l ball0 -a delhole=1 -a deldot=b -a deldot=c");
	ck_assert_str_eq(dds_text(), "dot=\nhole=\n");
	root_remove();
}
END_TEST

START_TEST(adding_what_is_there_leaves_the_driver_alone)
{
	make_ball();
	run_well("chggen", "-l ball0 -a dot=a");
	run_well("cfgleaf", "-l ball0");
	int inits = fake_host_inits();
	fake_host_open("ball0", 1);
	run_well("chggen", "-l ball0 -a dot=a");
	ck_assert_int_eq(fake_host_inits(), inits);
	run_refused(E_BUSY, "open", "chggen", "-l ball0 -a dot=b");
	fake_host_open("ball0", 0);
	/* Stored only: the driver gets it when it is asked for again. */
	run_well("chggen", "-P -l ball0 -a dot=b");
	ck_assert_str_eq(dds_text(), "dot=a\nhole=\n");
	run_well("chggen", "-l ball0 -a dot=b");
	ck_assert_str_eq(dds_text(), "dot=a\ndot=b\nhole=\n");
	root_remove();
}
END_TEST

START_TEST(the_device_alone_is_changed_from_what_it_runs_with)
{
	make_ball();
	run_well("chggen", "-l ball0 -a dot=a -a dot=b");
	run_well("cfgleaf", "-l ball0");
	run_well("chggen", "-P -l ball0 -a deldot=a -a hole=9");
	run_well("chggen", "-T -l ball0 -a deldot=b -a dot=c");
	ck_assert_str_eq(dds_text(), "dot=a\ndot=c\nhole=\n");
	check_values("dot", "b");
	run_refused(E_ATTRVAL, "it has a; c.", "chggen", "-T -l ball0 -a deldot=b");

	AUTO(attribute_changes_release) struct attribute_changes running = {0};
	ck_assert_int_eq(running_read("ball0", &running), 0);
	ck_assert_int_eq(running.count, 3);
	ck_assert_str_eq(running.changes[0].value, "a");
	ck_assert_str_eq(running.changes[1].value, "c");
	root_remove();
}
END_TEST

START_TEST(a_driver_that_refuses_leaves_the_values)
{
	make_ball();
	run_well("chggen", "-l ball0 -a dot=a");
	run_well("cfgleaf", "-l ball0");
	fake_host_refuse_init(0, 1, "not today");
	run_refused(E_CFGINIT, "not today", "chggen", "-l ball0 -a dot=b -a deldot=a");
	check_values("dot", "a");
	ck_assert_str_eq(dds_text(), "dot=a\nhole=\n");
	root_remove();
}
END_TEST

static void refused(const char *text, const char *attributes)
{
	AUTO(text_release) struct text content = {0};

	text_printf(&content, HEAD "%s", attributes);
	AUTO_FREE char *mistake = load(content.data);
	ck_assert_msg(mistake != NULL, "accepted: %s", attributes);
	ck_assert_msg(strstr(mistake, text) != NULL, "no \"%s\" in \"%s\"", text, mistake);
	ck_assert_int_eq(count_objects(PdAt_CLASS, "uniquetype=toy/none/ball"), 0);
}

START_TEST(schemas_have_both_or_none)
{
	root_make();
	refused("one.cfg:6: dot adds values: one attribute has removes = \"dot\", and here are 0",
		"attributes = ( " ADDER " );\n");
	refused("and here are 2",
		"attributes = ( " ADDER ", " REMOVER
		", " NAMED("x", "default = \"\"; rep = \"sm\"; removes = \"dot\";") " );\n");
	refused("deldot removes dot, which does not exist", "attributes = ( " REMOVER " );\n");
	refused("deldot removes dot, which does not add",
		"attributes = ( " NAMED("dot", "default = \"\"; rep = \"s\";") ", " REMOVER
									       " );\n");
	refused("the default of an attribute with several values is \"\"",
		"attributes = ( " NAMED("dot", "default = \"a\"; rep = \"sm\";") ", " REMOVER
										 " );\n");
	refused("removes wants an m",
		"attributes = ( " ADDER
		", " NAMED("deldot", "default = \"\"; rep = \"s\"; removes = \"dot\";") " );\n");
	refused("have the same rep",
		"attributes = ( " ADDER
		", " NAMED("deldot", "default = \"\"; rep = \"nm\"; removes = \"dot\";") " );\n");
	refused("width or removes",
		"attributes = ( " ADDER ", " NAMED("deldot",
			"default = \"\"; rep = \"sm\"; width = \"4\"; removes = \"dot\";") " );\n");
	refused("the type R and no width",
		"attributes = ( " NAMED("dot",
			"default = \"\"; rep = \"sm\"; width = \"4\";") ", " REMOVER " );\n");
	refused("values wants an l or r",
		"attributes = ( " NAMED("dot",
			"default = \"\"; rep = \"sm\"; values = \"a,b\";") ", " REMOVER " );\n");
	refused("path attributes have no several values", "path_attributes = ( " ADDER " );\n");
	AUTO_FREE char *mistake = load(BALL);
	ck_assert_msg(mistake == NULL, "%s", mistake);
	root_remove();
}
END_TEST

SUITE_MAIN("adding", each_value_is_an_object, an_empty_value_is_none_that_can_be_added,
	changes_are_carried_out_in_their_order, numbers_are_the_same_however_they_are_written,
	a_driver_gets_a_line_for_each_value, adding_what_is_there_leaves_the_driver_alone,
	the_device_alone_is_changed_from_what_it_runs_with, a_driver_that_refuses_leaves_the_values,
	schemas_have_both_or_none)
