/* Configure method of a simulated bus: its adapters are those of machine.cfg. */
#include "configure.h"
#include "machine.h"

static int find_adapter(const struct device *device, const struct machine_adapter *adapter,
	struct method_output *output)
{
	char location[64], attributes[32];

	snprintf(location, sizeof(location), "%s-%s", device->cudv.location, adapter->slot);
	snprintf(attributes, sizeof(attributes), "id=%d", adapter->scsi_id);
	const struct detected child = {.uniquetype = "adapter/vbus/vscsi",
		.connection = adapter->slot,
		.location = location,
		.attributes = attributes};
	return child_detected(device, &child, output);
}

static int find_adapters(const struct device *device, struct method_output *output)
{
	AUTO(machine_release) struct machine machine = {0};
	AUTO_FREE char *mistake = machine_read(&machine);
	int code = E_OK;

	if (mistake != NULL)
		return method_fail(output, E_FINDCHILD, "%s.", mistake);
	const struct machine_bus *bus = machine_find_bus(&machine, device->cudv.connwhere);
	for (int i = 0; bus != NULL && i < bus->adapter_count && code == E_OK; i++)
		code = find_adapter(device, &bus->adapters[i], output);
	return code == E_OK ? children_compare(device, output) : code;
}

int method_cfgvbus(int argc, char **argv, struct method_output *output)
{
	return configure(argc, argv, find_adapters, output);
}
