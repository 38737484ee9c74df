/* The machine itself, PCI and the network of a made tree. */
#include "made_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void made_dmi(const struct made_values *values)
{
	static const char directory[] = "devices/virtual/dmi/id";

	made_file(directory, "sys_vendor", made_value(values, "vendor", "MADE"));
	made_file(directory, "product_name", made_value(values, "product", "Tree"));
	made_file(directory, "product_serial", made_value(values, "serial", "1"));
	made_file(directory, "product_uuid",
		made_value(values, "uuid", "00000000-0000-0000-0000-000000000001"));
	made_file(directory, "bios_version", made_value(values, "bios", "1.0"));
	made_link_in("class/dmi", "id", directory);
}

/* cpu number=N [package=N] [governor=...] [mhz=N] [fixed=1]: a fixed one can't be taken off. */
void made_cpu(const struct made_values *values)
{
	char directory[MADE_PATH], name[32];

	snprintf(name, sizeof(name), "cpu%s", made_value(values, "number", NULL));
	made_path(directory, "devices/system/cpu/%s", name);
	made_file(directory, "topology/physical_package_id", made_value(values, "package", "0"));
	if (!made_has(values, "fixed"))
		made_file(directory, "online", "1");
	made_link_in("bus/cpu/devices", name, directory);
	if (!made_has(values, "governor"))
		return;
	made_file(directory, "cpufreq/scaling_governor", made_value(values, "governor", NULL));
	made_file(directory, "cpufreq/scaling_available_governors",
		"performance powersave schedutil");
	made_format(
		directory, "cpufreq/cpuinfo_max_freq", "%s000", made_value(values, "mhz", "2400"));
}

void made_node(const struct made_values *values)
{
	char directory[MADE_PATH];
	const char *number = made_value(values, "number", NULL);

	made_path(directory, "devices/system/node/node%s", number);
	made_format(directory, "meminfo", "Node %s MemTotal:       %s kB\nNode %s MemFree:  0 kB",
		number, made_value(values, "kb", "4194304"), number);
	made_directory("devices/system/memory");
}

/* pci at=devices/pci0000:00/0000:00:1f.2 class=0x010601 vendor= device= [driver=] */
void made_pci(const struct made_values *values)
{
	const char *at = made_value(values, "at", NULL), *address = strrchr(at, '/');
	char path[MADE_PATH];

	made_file(at, "class", made_value(values, "class", NULL));
	made_file(at, "vendor", made_value(values, "vendor", "0x8086"));
	made_file(at, "device", made_value(values, "device", "0x1234"));
	made_file(at, "revision", made_value(values, "revision", "0x01"));
	made_file(at, "irq", made_value(values, "irq", "11"));
	made_format(at, "uevent", "PCI_CLASS=%s\nPCI_SLOT_NAME=%s",
		made_value(values, "class", NULL) + strlen("0x"), address + 1);
	made_link_in(at, "subsystem", "bus/pci");
	made_link_in("bus/pci/devices", address + 1, at);
	if (!made_has(values, "driver"))
		return;
	made_path(path, "bus/pci/drivers/%s", made_value(values, "driver", NULL));
	made_directory(path);
	made_link_in(at, "driver", path);
}

/* fc at=PATH of the function, host=N port_name= node_name= */
void made_fc(const struct made_values *values)
{
	char directory[MADE_PATH], name[32];

	snprintf(name, sizeof(name), "host%s", made_value(values, "host", NULL));
	made_path(directory, "%s/%s/fc_host/%s", made_value(values, "at", NULL), name, name);
	made_file(directory, "port_name", made_value(values, "port_name", NULL));
	made_file(directory, "node_name", made_value(values, "node_name", "0x2000000000000001"));
	made_file(directory, "speed", "16 Gbit");
	made_file(directory, "port_state", "Online");
	made_link_in("class/fc_host", name, directory);
}

/* What an interface is made of: links of both, as the kernel has them. */
static void link_others(const struct made_values *values, const char *directory, const char *name)
{
	char others[256], path[MADE_PATH], other[MADE_PATH], link[64];

	snprintf(others, sizeof(others), "%s", made_value(values, "of", ""));
	for (char *word = strtok(others, ","); word != NULL; word = strtok(NULL, ",")) {
		made_find("class/net", word, other);
		snprintf(link, sizeof(link), "lower_%s", word);
		made_link_in(directory, link, other);
		made_path(path, "%s/upper_%s", other, name);
		made_link(path, directory);
	}
}

/*
 * net name=eth0 address= [at=PATH of the function] [type=bond|vlan|bridge of=eth1,eth2]
 * [assign=0] [port=0] [permanent=]
 */
void made_net(const struct made_values *values)
{
	static int index = 1;
	char directory[MADE_PATH], event[256];
	const char *name = made_value(values, "name", NULL), *type = made_value(values, "type", "");
	bool is_virtual = !made_has(values, "at");

	made_path(directory, "%s/net/%s", made_value(values, "at", "devices/virtual"), name);
	made_file(directory, "address", made_value(values, "address", NULL));
	made_file(directory, "addr_assign_type",
		made_value(values, "assign", is_virtual ? "3" : "0"));
	made_file(directory, "dev_port", made_value(values, "port", "0"));
	made_file(directory, "mtu", "1500");
	made_file(directory, "tx_queue_len", "1000");
	made_format(directory, "ifindex", "%d", ++index);
	made_format(directory, "iflink", "%d", index);
	made_file(directory, "operstate", "up");
	if (made_has(values, "permanent"))
		made_file(directory, "bonding_slave/perm_hwaddr",
			made_value(values, "permanent", NULL));
	snprintf(event, sizeof(event), "%s%s%sINTERFACE=%s\nIFINDEX=%d",
		*type != '\0' ? "DEVTYPE=" : "", type, *type != '\0' ? "\n" : "", name, index);
	made_file(directory, "uevent", event);
	made_link_in(directory, "subsystem", "class/net");
	if (!is_virtual)
		made_link_in(directory, "device", made_value(values, "at", NULL));
	made_link_in("class/net", name, directory);
	link_others(values, directory, name);
}
