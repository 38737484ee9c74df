/* Configure method of the system: its buses are those of machine.cfg. */
#include "configure.h"
#include "machine.h"

static int find_buses(const struct device *device, struct method_output *output)
{
	AUTO(machine_release) struct machine machine = {0};
	AUTO_FREE char *mistake = machine_read(&machine);
	int code = E_OK;

	if (mistake != NULL)
		return method_fail(output, E_FINDCHILD, "%s.", mistake);
	for (int i = 0; i < machine.bus_count && code == E_OK; i++) {
		const struct detected bus = {.uniquetype = "bus/sys/vbus",
			.connection = machine.buses[i].location,
			.location = machine.buses[i].location,
			.attributes = ""};
		code = child_detected(device, &bus, output);
	}
	return code == E_OK ? children_compare(device, output) : code;
}

int method_cfgsys(int argc, char **argv, struct method_output *output)
{
	return configure(argc, argv, find_buses, output);
}
