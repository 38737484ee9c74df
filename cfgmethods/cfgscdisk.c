/* Configure method of a SCSI disk: a leaf, see build_scdisk() for its DDS. */
#include "configure.h"

int method_cfgscdisk(int argc, char **argv, struct method_output *output)
{
	return configure(argc, argv, NULL, output);
}
