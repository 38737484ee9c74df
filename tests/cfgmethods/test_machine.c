/* machine.cfg: what is read, and what is refused with file and line. */
#include "suite.h"

#include <string.h>

#include "base/paths.h"
#include "cfgmethods/machine.h"
#include "root.h"

#define BUS(adapters) "buses = ( { location = \"00\";\n adapters = (\n" adapters " ); } );\n"
#define ADAPTER(slot, id, disks)                                                                   \
	" { slot = \"" slot "\"; scsi_id = " id "; disks = ( " disks " ); }"
#define DISK(id, lun)                                                                              \
	"{ scsi_id = " id "; lun = " lun "; file = \"f" id lun "\"; size_mb = 1; serial = \"s\"; " \
	"}"

static char *read_machine(struct machine *machine)
{
	AUTO_FREE char *path = root_path(ROOT_ETC, "machine.cfg");

	return machine_read_file(path, machine);
}

START_TEST(the_default_machine_is_right)
{
	AUTO(machine_release) struct machine machine = {0};

	root_make();
	AUTO_FREE char *mistake = read_machine(&machine);
	ck_assert_msg(mistake == NULL, "%s", mistake);
	ck_assert_int_eq(machine.bus_count, 1);
	const struct machine_bus *bus = machine_find_bus(&machine, "00");
	ck_assert_ptr_nonnull(bus);
	ck_assert_int_eq(machine_find_adapter(bus, "00")->scsi_id, 7);
	ck_assert_int_eq(machine_find_adapter(bus, "01")->scsi_id, 6);
	ck_assert_ptr_null(machine_find_adapter(bus, "02"));
	ck_assert_int_eq(bus->adapters[0].disk_count, 1);
	ck_assert_uint_eq(bus->adapters[0].disks[0].size, 64u << 20);
	ck_assert_int_eq(bus->adapters[0].disks[0].file[0], '/');
	root_remove();
}
END_TEST

static void refused(const char *text, const char *content)
{
	AUTO(machine_release) struct machine machine = {0};

	root_write("etc/machine.cfg", content);
	AUTO_FREE char *mistake = read_machine(&machine);
	ck_assert_msg(mistake != NULL, "accepted: %s", content);
	ck_assert_msg(strstr(mistake, text) != NULL, "no \"%s\" in \"%s\"", text, mistake);
	ck_assert_int_eq(machine.bus_count, 0);
}

START_TEST(contradictions_are_refused)
{
	root_make();
	refused("machine.cfg:4: two adapters of one bus both have SCSI ID 7",
		BUS(ADAPTER("00", "7", "") ",\n" ADAPTER("01", "7", "")));
	refused("machine.cfg:4: two adapters of one bus are both in slot 00",
		BUS(ADAPTER("00", "7", "") ",\n" ADAPTER("00", "6", "")));
	refused("a disk and an adapter of one bus both have SCSI ID 6",
		BUS(ADAPTER("00", "7", DISK("6", "0")) ",\n" ADAPTER("01", "6", "")));
	refused("two disks of one bus both have SCSI ID 1 and LUN 2",
		BUS(ADAPTER("00", "7", DISK("1", "2")) ",\n" ADAPTER("01", "6", DISK("1", "2"))));
	refused("two buses are both at 00",
		"buses = ( { location = \"00\"; }, { location = \"00\"; } );\n");
	root_remove();
}
END_TEST

START_TEST(malformed_descriptions_are_refused)
{
	root_make();
	refused("machine.cfg:2: syntax error", "buses = (\n");
	refused("machine.cfg:1: 'colour' is not known", "colour = 1;\n");
	refused("'buses' is not a list", "buses = 1;\n");
	refused("'scsi_id' is missing", BUS(" { slot = \"00\"; }"));
	refused("scsi_id = 8: allowed is 0 to 7", BUS(ADAPTER("00", "8", "")));
	refused("scsi_id = 4294967299: allowed is 0 to 7", BUS(ADAPTER("00", "4294967299", "")));
	refused("'slot' is not a text", BUS(" { slot = 0; scsi_id = 1; }"));
	refused("'scsi_id' is not a number", BUS(ADAPTER("00", "\"7\"", "")));
	refused("a group in braces is expected", BUS(" 7"));
	refused("lun = 8", BUS(ADAPTER("00", "7", DISK("1", "8"))));
	root_remove();
}
END_TEST

START_TEST(a_missing_description_says_what_to_do)
{
	char *mistake;

	root_make();
	AUTO_FREE char *path = NULL;
	ck_assert_int_gt(asprintf(&path, "%s/etc/machine.cfg", getenv("ODMCFG_ROOT")), 0);
	ck_assert_int_eq(remove(path), 0);
	ck_assert_ptr_null(machine_get(&mistake));
	ck_assert_ptr_nonnull(mistake);
	ck_assert_ptr_nonnull(strstr(mistake, "odmcfg init"));
	free(mistake);
	root_remove();
}
END_TEST

SUITE_MAIN("machine", the_default_machine_is_right, contradictions_are_refused,
	malformed_descriptions_are_refused, a_missing_description_says_what_to_do)
