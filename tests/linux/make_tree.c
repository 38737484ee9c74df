/*
 * Makes a tree of kernel attributes. usage: make_tree DIRECTORY <PLAN      from lines, see
 * made_plan.c make_tree DIRECTORY DISKS      SAS disks, 250 an adapter
 */
#include <stdio.h>
#include <stdlib.h>

#include "made_tree.h"

#define DISKS_OF_ADAPTER 250

/* sda, ..., sdz, sdaa, ... */
static void disk_name(int number, char room[16])
{
	char reversed[8];
	int length = 0, place = snprintf(room, 16, "sd");

	for (number++; number > 0; number = (number - 1) / 26)
		reversed[length++] = (char)('a' + (number - 1) % 26);
	while (length > 0)
		room[place++] = reversed[--length];
	room[place] = '\0';
}

static void make_disks(int count)
{
	char line[1024], at[128] = "", name[16];

	for (int i = 0; i < count; i++) {
		int adapter = i / DISKS_OF_ADAPTER;
		if (i % DISKS_OF_ADAPTER == 0) {
			snprintf(line, sizeof(line),
				"pci at=devices/pci0000:00/0000:00:%02x.%x class=0x060400",
				adapter / 8, adapter % 8);
			made_line(line);
			snprintf(at, sizeof(at),
				"devices/pci0000:00/0000:00:%02x.%x/0000:%02x:00.0", adapter / 8,
				adapter % 8, adapter + 1);
			snprintf(line, sizeof(line),
				"pci at=%s class=0x010700 vendor=0x1000 device=0x0097 "
				"driver=mpt3sas",
				at);
			made_line(line);
		}
		disk_name(i, name);
		snprintf(line, sizeof(line),
			"disk transport=sas at=%s host=%d port=%d target=%d address=0x5000c500%08x "
			"name=%s vendor=MADE model=DISK%d rev=1.%d serial=M%08d sectors=%d "
			"naa=5000c5001%07x t10=MADE\\x20\\x20\\x20\\x20DISK\\x20%d "
			"wwid=naa.5000c5001%07x",
			at, adapter, i % DISKS_OF_ADAPTER, i % DISKS_OF_ADAPTER, i, name, i % 7,
			i % 10, i, 2097152 + i * 2048, i, i, i);
		made_line(line);
	}
}

int main(int argc, char **argv)
{
	char line[4096];

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: make_tree DIRECTORY [DISKS] [<PLAN]\n");
		return 2;
	}
	made_open(argv[1]);
	snprintf(line, sizeof(line), "node number=0");
	made_line(line);
	if (argc == 3) {
		make_disks(atoi(argv[2]));
		return 0;
	}
	while (fgets(line, sizeof(line), stdin) != NULL)
		made_line(line);
	return 0;
}
