/* Configure method of devices without children; a driver's DDS is built in dds_builders.c. */
#include "configure_method.h"

int method_cfgleaf(int argc, char **argv, struct method_output *output)
{
	return configure(argc, argv, NULL, output);
}
