/*
 * Configure method of devices whose children machine.cfg describes: the system, buses, adapters.
 */
#include "children.h"
#include "configure_method.h"

int method_cfgsim(int argc, char **argv, struct method_output *output)
{
	return configure(argc, argv, detect_described, output);
}
