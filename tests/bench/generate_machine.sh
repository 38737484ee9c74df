#!/bin/sh
# A machine of about N devices on standard output, for odmcfg init --machine: SAS adapters with up to
# 1,000 disks each, every disk with product data and values of its own.
# usage: generate_machine.sh N
awk -v wanted="${1:?usage: generate_machine.sh N}" '
BEGIN {
	per_adapter = 1000
	adapters = int((wanted + per_adapter - 1) / per_adapter)
	print "devices = ( { type = \"bus/sys/pciex\"; where = \"01\"; location = \"01\"; devices = ("
	for (a = 0; a < adapters; a++) {
		printf "%s{ type = \"adapter/pciex/14107001\"; where = \"%02d\"; location = \"01-%02d\"; ", a ? ",\n" : "", a, a
		print "devices = ("
		for (d = 0; d < per_adapter && made < wanted; d++) {
			made++
			printf "%s  { type = \"disk/sas/scsd\"; where = \"%d,0\"; location = \"01-%02d-%d\"; ", d ? ",\n" : "", d, a, d
			printf "values = { unique_id = \"ODM%010d\"; size_in_mb = %d; }; ", made, 10240 + made
			printf "vpd = { MF = \"odmcfg\"; TM = \"VDISK\"; SN = \"%010d\"; }; }", made
		}
		print ") }"
	}
	print ") } );"
}'
