/* odmdrop -o Class: removes a class with all its objects. */
#include <getopt.h>

#include "commands.h"
#include "odm_common.h"

int odmdrop_main(int argc, char **argv)
{
	static const char usage[] = "odmdrop -o Class";
	const char *class_name = NULL;
	int option;

	while ((option = getopt(argc, argv, "o:")) != -1) {
		if (option != 'o')
			return usage_error(usage);
		class_name = optarg;
	}
	if (class_name == NULL || !no_operands(argc, argv))
		return usage_error(usage);
	CLASS_SYMBOL symbol = odm_command_open(class_name, true);
	if (symbol == NULL)
		return EXIT_FAILED;
	if (odm_rm_class(symbol) < 0)
		return odm_command_fails("402", "%s was not removed.", class_name);
	return 0;
}
