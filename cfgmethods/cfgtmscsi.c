/* Configure method of a target-mode device: a leaf, see build_tmscsi() for its DDS. */
#include "configure.h"

int method_cfgtmscsi(int argc, char **argv, struct method_output *output)
{
	return configure(argc, argv, NULL, output);
}
