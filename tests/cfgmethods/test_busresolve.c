/* Bus resources: levels and addresses that collide are resolved, or the device is named. */
#include "suite.h"

#include <cf.h>
#include <string.h>

#include "root.h"

static void add_attribute(
	const char *name, const char *type, const char *rep, char *values, char *value, char *width)
{
	struct PdAt attribute = {
		.uniquetype = "card/pciex/x1", .generic = "D", .deflt = value, .values = values};

	strcpy(attribute.attribute, name);
	strcpy(attribute.type, type);
	strcpy(attribute.rep, rep);
	strcpy(attribute.width, width);
	ck_assert_int_ge(odm_add_obj(PdAt_CLASS, &attribute), 0);
}

static void add_card(const char *name, int status)
{
	struct CuDv device = {.parent = "pci0", .PdDvLn_Lvalue = "card/pciex/x1"};

	strcpy(device.name, name);
	device.status = (short)status;
	ck_assert_int_ge(odm_add_obj(CuDv_CLASS, &device), 0);
}

static void value_is(const char *device, const char *attribute, const char *wanted)
{
	int count;
	struct CuAt *found = getattr(device, attribute, FALSE, &count);

	ck_assert_ptr_nonnull(found);
	ck_assert_str_eq(found->value, wanted);
	freeattr(found, count);
}

START_TEST(collisions_are_resolved)
{
	char configured[512], refused[512];

	root_make();
	add_attribute("shared", "I", "nl", (char[]){"5,6"}, (char[]){"5"}, (char[]){""});
	add_attribute("own", "N", "nl", (char[]){"9,10,11"}, (char[]){"9"}, (char[]){""});
	add_attribute("address", "O", "nr", (char[]){"0x100-0x130,0x10"}, (char[]){"0x100"},
		(char[]){"32"});
	add_card("card0", AVAILABLE);
	add_card("card1", DEFINED);
	add_card("card2", DEFINED);
	ck_assert_int_eq(busresolve(NULL, 0, configured, refused, "pci0"), E_OK);
	/* card0 has 0x100 to 0x11f, card1 gets 0x120 to 0x13f; nothing is left for card2. */
	ck_assert_str_eq(configured, "card1 ");
	ck_assert_str_eq(refused, "card2 ");
	value_is("card1", "shared", "5");
	value_is("card1", "own", "10");
	value_is("card1", "address", "288");
	value_is("card2", "own", "9");
	ck_assert_int_eq(busresolve("card2", 0, configured, refused, "pci0"), E_OK);
	ck_assert_str_eq(configured, "card2 ");
	value_is("card2", "address", "288");
	root_remove();
}
END_TEST

START_TEST(one_device_is_refused_with_a_code)
{
	char configured[512], refused[512];

	root_make();
	add_attribute("own", "N", "nl", (char[]){"9"}, (char[]){"9"}, (char[]){""});
	add_card("card0", AVAILABLE);
	add_card("card1", DEFINED);
	ck_assert_int_eq(busresolve("card1", 0, configured, refused, "pci0"), E_BUSRESOURCE);
	ck_assert_str_eq(refused, "card1 ");
	ck_assert_int_eq(busresolve("nosuch", 0, configured, refused, "pci0"), E_NOCuDv);
	ck_assert_int_eq(busresolve("card1", 3, configured, refused, "pci0"), E_ARGS);
	ck_assert_int_eq(busresolve("card1", 0, NULL, refused, "pci0"), E_ARGS);
	root_remove();
}
END_TEST

SUITE_MAIN("busresolve", collisions_are_resolved, one_device_is_refused_with_a_code)
