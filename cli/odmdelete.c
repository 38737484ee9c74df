/* odmdelete -o Class [-q Criteria]: deletes objects and says how many. */
#include <getopt.h>

#include "base/message.h"
#include "commands.h"
#include "odm_common.h"

int odmdelete_main(int argc, char **argv)
{
	static const char usage[] = "odmdelete -o Class [-q Criteria]";
	const char *class_name = NULL;
	char *crit = NULL;
	int option;

	while ((option = getopt(argc, argv, "o:q:")) != -1) {
		if (option == 'o')
			class_name = optarg;
		else if (option == 'q')
			crit = optarg;
		else
			return usage_error(usage);
	}
	if (class_name == NULL || !no_operands(argc, argv))
		return usage_error(usage);
	CLASS_SYMBOL symbol = odm_command_class(class_name);
	if (symbol == NULL)
		return 1;
	int count = odm_rm_obj(symbol, crit);
	if (count < 0) {
		odm_command_fails("302", "Nothing was deleted from %s.", class_name);
		if (crit != NULL)
			odm_command_criteria(crit);
		return 1;
	}
	printf("0518-307 odmdelete: %d objects deleted.\n", count);
	return 0;
}
